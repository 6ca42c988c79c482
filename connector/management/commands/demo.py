"""`manage.py demo`: a store takes orders, and they become invoices, before your eyes.

Everything runs as it would in earnest: sandbox servers, gunicorn and a worker as processes of their own, talking HTTP
on this machine. This process starts them, rings the webhooks, and counts; it touches no database itself.
"""

import secrets
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connector.management.demo.afterwards import Afterwards
from connector.management.demo.stage import Stage
from connector.management.demo.tally import Tally
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import created_and_updated

PATIENCE_SECONDS = 300.0


class Command(BaseCommand):
    """Sets the stage, plays, and either stays for you to click through or checks every cent and leaves."""

    help = "Run a sandbox store and a sandbox Exact with the connector between them."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare whether it stays."""
        parser.add_argument("--once", action="store_true", help="check every order against its invoice, then stop")
        parser.add_argument("--port", type=int, default=8000, help="of the web server; a free one when it is taken")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it; Ctrl-C stops everything that was started."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        password = secrets.token_urlsafe(9)
        try:
            with Sandbox() as sandbox, Stage(sandbox, options["port"], self.stdout.write) as stage:
                sandbox.exact.set(
                    minute_limit=100_000, day_limit=1_000_000
                )  # nobody wants to wait for a minute's budget
                self._play(sandbox, stage, password)
                if not options["once"]:
                    self._stay(stage, password)
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")

    def _play(self, sandbox: Sandbox, stage: Stage, password: str) -> None:
        file = sandbox.provision_file(password=password)
        for connection in file["connections"]:
            connection |= {"refunds": "credit", "cancellations": "credit", "edits": "credit_and_repost"}
        stage.provision(file)
        stage.start_web()
        stage.start_worker()
        events = created_and_updated(sandbox.orders)
        self.stdout.write(f"{len(sandbox.orders)} orders are placed; the store rings {len(events)} times, out of order")
        refused = [status for status in sandbox.sender(stage.url).deliver_all(events) if status != 200]
        if refused:
            raise CommandError(f"{len(refused)} deliveries were refused: {sorted(set(refused))}")
        tally = self._wait(sandbox, stage)
        differences = self._told(tally)
        afterwards = self._go_on(sandbox, stage)
        differences += self._told(afterwards)
        if differences:
            raise CommandError("The demo failed: see the differences above.")

    def _told(self, count: Tally | Afterwards) -> list[str]:
        """Tell what differs and the closing line; return the differences as they are now."""
        differences = count.differences
        for line in differences:
            self.stderr.write(line)
        self.stdout.write(count.summary)
        return differences

    def _go_on(self, sandbox: Sandbox, stage: Stage) -> Afterwards:
        """Let the merchants go on with some orders, and wait for the documents that follow."""
        events = sandbox.go_on()
        self.stdout.write(f"{len(events)} of these orders are refunded, cancelled or edited now")
        sandbox.sender(stage.url).deliver_all(events)
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            afterwards = Afterwards(sandbox, stage.ledger())
            if afterwards.at_rest or time.monotonic() > give_up:
                return afterwards
            time.sleep(1)

    def _wait(self, sandbox: Sandbox, stage: Stage) -> Tally:
        """Show the progress until every order has come to rest."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            tally = Tally(sandbox, stage.ledger())
            self.stdout.write(f"  {tally.progress}")
            if tally.at_rest or time.monotonic() > give_up:
                return tally
            time.sleep(1)

    def _stay(self, stage: Stage, password: str) -> None:
        self.stdout.write(
            f"""
Open   {stage.url}/admin/
Log in owner@demo.example
       {password}
Click  Ledger, then any order: what was fetched, each line with its account, cost centre and VAT code, the history.
       Inbox shows what rang; Connections and Rules show why it was booked so.
Ctrl-C stops everything.
"""
        )
        while stage.alive():
            time.sleep(1)
        raise CommandError("The web server or the worker stopped by itself; see above.")
