"""`manage.py demo`: sandbox stores take orders, and you see how they become invoices.

The sandbox servers, gunicorn and a worker run as in production: separate processes that use HTTP on this machine.
This process starts them, delivers the webhooks and compares the results. It does not use the database itself.
"""

import secrets
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.management.demo.credit_check import CreditCheck
from connector.management.demo.installation import Installation
from connector.management.demo.invoice_check import InvoiceCheck
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import created_and_updated
from connector.sandbox.newcomer import APP_ID, APP_SECRET, Newcomer

PATIENCE_SECONDS = 300.0
# How often a shopper orders at the new shop, and how many orders the demo makes there at most.
NEW_ORDER_SECONDS, MOST_NEW_ORDERS = 60.0, 20


class Command(BaseCommand):
    """Runs the demo and checks every amount. Then it keeps the portal running, or stops with --once."""

    help = _("Run a sandbox store and a sandbox Exact with the connector between them.")
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare whether it stops, and the port."""
        parser.add_argument("--once", action="store_true", help=_("check every order against its invoice, then stop"))
        parser.add_argument(
            "--port", type=int, default=8000, help=_("the web server's port; a free one if it is in use")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Ctrl-C stops every process. Raises CommandError when a document differs or a process fails."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        password = secrets.token_urlsafe(9)
        try:
            with Sandbox() as sandbox, Installation(sandbox, options["port"], self.stdout.write) as installation:
                # With Exact's real limits the demo would wait for the next minute's budget.
                sandbox.exact.set(minute_limit=100_000, day_limit=1_000_000)
                self._run(sandbox, installation, password)
                if not options["once"]:
                    self._show_portal(installation, password)
                    self._keep_shop_open(Newcomer.open(sandbox.stores, sandbox.exact), sandbox, installation)
        except KeyboardInterrupt:
            self.stdout.write("\n" + _("Stopped."))

    def _run(self, sandbox: Sandbox, installation: Installation, password: str) -> None:
        file = sandbox.provision_file(password=password)
        for connection in file["connections"]:
            connection |= {"refunds": "credit", "cancellations": "credit", "edits": "credit_and_repost"}
        installation.provision(file)
        installation.start_web()
        installation.start_worker()
        events = created_and_updated(sandbox.orders)
        text = _("%(orders)s orders are placed; the store rings %(times)s times, out of order")
        self.stdout.write(text % {"orders": len(sandbox.orders), "times": len(events)})
        refused = [status for status in sandbox.sender(installation.url).deliver_all(events) if status != 200]
        if refused:
            text = ngettext(
                "%(count)s delivery was refused: %(statuses)s",
                "%(count)s deliveries were refused: %(statuses)s",
                len(refused),
            )
            raise CommandError(text % {"count": len(refused), "statuses": sorted(set(refused))})
        invoices = self._wait_for_invoices(sandbox, installation)
        differences = self._report(invoices)
        credits = self._change_orders(sandbox, installation)
        differences += self._report(credits)
        if differences:
            raise CommandError(_("The demo failed: see the differences above."))

    def _report(self, count: InvoiceCheck | CreditCheck) -> list[str]:
        """Print the differences and the summary; returns the differences."""
        differences = count.differences
        for line in differences:
            self.stderr.write(line)
        self.stdout.write(count.summary)
        return differences

    def _change_orders(self, sandbox: Sandbox, installation: Installation) -> CreditCheck:
        """Let the merchants refund, cancel and edit some orders, and wait for the documents that follow."""
        events = sandbox.go_on()
        text = ngettext(
            "%(count)s of these orders is refunded, cancelled or edited now",
            "%(count)s of these orders are refunded, cancelled or edited now",
            len(events),
        )
        self.stdout.write(text % {"count": len(events)})
        sandbox.sender(installation.url).deliver_all(events)
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            credits = CreditCheck(sandbox, installation.ledger())
            if credits.is_finished or time.monotonic() > give_up:
                return credits
            time.sleep(1)

    def _wait_for_invoices(self, sandbox: Sandbox, installation: Installation) -> InvoiceCheck:
        """Print the progress until every order is finished."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            invoices = InvoiceCheck(sandbox, installation.ledger())
            self.stdout.write(f"  {invoices.progress}")
            if invoices.is_finished or time.monotonic() > give_up:
                return invoices
            time.sleep(1)

    def _show_portal(self, installation: Installation, password: str) -> None:
        text = _("""
Open   %(url)s
Log in %(email)s
       %(password)s
Click  Ledger, then any order: what was fetched, each line with its account, cost centre and VAT code, the history.
       Inbox shows the deliveries; Connections and Rules show why it was booked so.
""")
        url = f"{installation.url}{settings.ADMIN_PAGES}"
        self.stdout.write(text % {"url": url, "email": "owner@demo.example", "password": password})

    def _keep_shop_open(self, newcomer: Newcomer, sandbox: Sandbox, installation: Installation) -> None:
        """Show how to get started with a new shop. Once it is connected, a shopper orders there now and then."""
        credentials = installation.folder / "get-started-credentials.txt"
        credentials.write_text(newcomer.credentials_file, encoding="utf-8")
        text = _("""
Get started yourself with a shop of %(orders)s orders and an administration that nobody has connected yet:
Open   %(url)s
Type   any company, e-mail address and password. The mail with the code is shown here.
Store  paste the text of %(file)s
Exact  your own app: client id     %(client_id)s
                     client secret %(client_secret)s
Ctrl-C stops everything.
""")
        values = {"orders": len(newcomer.store.orders), "url": f"{installation.url}/get-started/", "file": credentials}
        self.stdout.write(text % {**values, "client_id": APP_ID, "client_secret": APP_SECRET})
        sender, next_order, taken = sandbox.sender(installation.url), 0.0, 0
        while installation.alive():
            time.sleep(1)
            if taken < MOST_NEW_ORDERS and time.monotonic() > next_order and (order := newcomer.take_an_order(sender)):
                self.stdout.write(_("A shopper ordered: order %(number)s") % {"number": order.order_id})
                next_order, taken = time.monotonic() + NEW_ORDER_SECONDS, taken + 1
        raise CommandError(_("The web server or the worker stopped by itself; see above."))
