"""`manage.py sandbox`: run a fake store and a fake accounting system, to try out the portal."""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from connector.flow.consent.authorize import redirect_uri
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.ring import CannotRing, ring
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.demo_setup import DIVISIONS
from connector.sandbox.exact.service import CLIENT_ID, CLIENT_SECRET

OK = 200


class Command(BaseCommand):
    """Serves from memory until Ctrl-C. With --ring it asks a running sandbox to deliver an order's webhook."""

    help = _("Run the sandbox store and the sandbox accounting system on this machine. --ring delivers a webhook.")
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the ports (0 takes a free one) and the order to deliver."""
        parser.add_argument("--port-store", type=int, default=8081)
        parser.add_argument("--port-exact", type=int, default=8082)
        parser.add_argument(
            "--ring", type=int, metavar="ORDER", help=_("deliver the webhook of this order from the running sandbox")
        )
        parser.add_argument("--store", metavar="HASH", help=_("only this store, if several stores have the order"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve, or deliver one order. Raises CommandError when nothing was delivered or the portal refused it."""
        if options["ring"] is not None:
            self._ring(f"http://127.0.0.1:{options['port_store']}", options["ring"], options["store"])
            return
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        with Sandbox(port_store=options["port_store"], port_exact=options["port_exact"]) as sandbox:
            self.stdout.write("\n".join(what_to_type(sandbox)))
            self.stdout.flush()
            stop.wait()

    def _ring(self, store_url: str, order_id: int, store_hash: str | None) -> None:
        try:
            delivered = ring(store_url, order_id, store_hash)
        except CannotRing as error:
            raise CommandError(str(error)) from None
        for one in delivered:
            text = (
                _("%(store)s: order %(order)s to %(address)s: answer %(status)s")
                if one.status
                else _("%(store)s: order %(order)s to %(address)s: no answer; start the portal with `make run`")
            )
            sent = {"store": one.store_hash, "order": order_id, "address": one.address, "status": one.status}
            self.stdout.write(text % sent)
        if any(one.status != OK for one in delivered):
            raise CommandError(_("Not every delivery was taken."))


def what_to_type(sandbox: Sandbox) -> Iterator[str]:
    """Yield what a person must type to use the sandbox. It is all invented, so nothing is secret."""
    yield f"BIGCOMMERCE_API_URL={sandbox.store_url}"
    yield f"EXACT_ONLINE_URL={sandbox.exact_url}"
    yield _("These two lines belong in .env. Restart the portal when you change it.")
    yield "\n" + _("Exact app (in the portal: Exact consents, Add)")
    yield from _table(
        {
            _("Region"): _("Netherlands (nl)"),
            _("Client id"): CLIENT_ID,
            _("Client secret"): CLIENT_SECRET,
            _("Webhook secret"): sandbox.exact.settings.webhook_key,
            _("Redirect address"): _("%(address)s (the sandbox takes any)") % {"address": redirect_uri()},
            _("Divisions"): ", ".join(f"{one.code} ({one.country})" for one in sandbox.exact.divisions.values()),
        }
    )
    for store in sandbox.stores.stores.values():
        yield "\n" + _("Store %(name)s (in the portal: Stores, Add)") % {"name": store.shop.name}
        yield from _table(_store(sandbox, store))
    yield "\n" + _("Connection (in the portal: Connections, Add)")
    yield from _table(_connection())
    yield "\n" + _("Deliver an order, from another terminal: .venv/bin/python manage.py sandbox --ring 1001")
    yield _("Ctrl-C stops the sandbox. What it knows is lost then.") + "\n"


def _store(sandbox: Sandbox, store: Store) -> dict[str, str]:
    orders, shop = sorted(store.orders), store.shop
    return {
        _("API path"): f"{sandbox.store_url}/stores/{shop.store_hash}/v3/",
        _("Store hash"): shop.store_hash,
        _("Client id"): shop.client_id,
        _("Client secret"): shop.client_secret,
        _("Access token"): shop.access_token,
        _("Prefix"): shop.prefix,
        _("Division"): str(DIVISIONS[shop.store_hash]),
        _("Orders"): _("%(first)s to %(last)s, placed in 2026: the first day is 01/01/2026")
        % {"first": orders[0], "last": orders[-1]},
    }


def _connection() -> dict[str, str]:
    return {
        _("Mode"): _("Live"),
        _("First day"): "01/01/2026",
        _("Journal"): _("70, any other setting as it is"),
        _("Print invoices"): _("ticked, with the template Webshop"),
        _("Items"): _("WEBSHOP for other products, SHIP for shipping"),
        _("Rules"): _("one without conditions, GL account 8000 (Edit rules, on the connection's page)"),
    }


def _table(rows: dict[str, str]) -> Iterator[str]:
    for name, value in rows.items():
        yield f"  {name:<17} {value}"
