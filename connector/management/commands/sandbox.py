"""`manage.py sandbox`: run a fake store and a fake accounting system, to try out the portal."""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connector.flow.consent.authorize import redirect_uri
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.ring import CannotRing, ring
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.demo_setup import DIVISIONS
from connector.sandbox.exact.service import CLIENT_ID, CLIENT_SECRET

OK = 200
CONNECTION = {
    "Mode": "Live",
    "First day": "01/01/2026",
    "Journal": "70, any other setting as it is",
    "Print invoices": "ticked, with the template Webshop",
    "Items": "WEBSHOP for other products, SHIP for shipping",
    "Rules": "one without conditions, GL account 8000 (Edit rules, on the connection's page)",
}


class Command(BaseCommand):
    """Serves from memory until Ctrl-C. With --ring it asks a running sandbox to deliver an order's webhook."""

    help = "Run the sandbox store and the sandbox accounting system on this machine. --ring delivers a webhook."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the ports (0 takes a free one) and the order to deliver."""
        parser.add_argument("--port-store", type=int, default=8081)
        parser.add_argument("--port-exact", type=int, default=8082)
        parser.add_argument(
            "--ring", type=int, metavar="ORDER", help="deliver the webhook of this order from the running sandbox"
        )
        parser.add_argument("--store", metavar="HASH", help="only this store, if several stores have the order")

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
            answer = f"answer {one.status}" if one.status else "no answer; start the portal with `make run`"
            self.stdout.write(f"{one.store_hash}: order {order_id} to {one.address}: {answer}")
        if any(one.status != OK for one in delivered):
            raise CommandError("Not every delivery was taken.")


def what_to_type(sandbox: Sandbox) -> Iterator[str]:
    """Yield what a person must type to use the sandbox. It is all invented, so nothing is secret."""
    yield f"BIGCOMMERCE_API_URL={sandbox.store_url}"
    yield f"EXACT_ONLINE_URL={sandbox.exact_url}"
    yield "These two lines belong into .env. Restart the portal when you change it."
    yield "\nExact app (in the portal: Exact consents, Add)"
    yield from _table(
        {
            "Region": "Netherlands (nl)",
            "Client id": CLIENT_ID,
            "Client secret": CLIENT_SECRET,
            "Redirect address": f"{redirect_uri()} (the sandbox takes any)",
            "Divisions": ", ".join(f"{one.code} ({one.country})" for one in sandbox.exact.divisions.values()),
        }
    )
    for store in sandbox.stores.stores.values():
        yield f"\nStore {store.shop.name} (in the portal: Stores, Add)"
        yield from _table(_store(sandbox, store))
    yield "\nConnection (in the portal: Connections, Add)"
    yield from _table(CONNECTION)
    yield "\nDeliver an order, from another terminal: .venv/bin/python manage.py sandbox --ring 1001"
    yield "Ctrl-C stops the sandbox. What it knows is lost then.\n"


def _store(sandbox: Sandbox, store: Store) -> dict[str, str]:
    orders, shop = sorted(store.orders), store.shop
    return {
        "API path": f"{sandbox.store_url}/stores/{shop.store_hash}/v3/",
        "Store hash": shop.store_hash,
        "Client id": shop.client_id,
        "Client secret": shop.client_secret,
        "Access token": shop.access_token,
        "Prefix": shop.prefix,
        "Division": str(DIVISIONS[shop.store_hash]),
        "Orders": f"{orders[0]} to {orders[-1]}, placed in 2026: the first day is 01/01/2026",
    }


def _table(rows: dict[str, str]) -> Iterator[str]:
    for name, value in rows.items():
        yield f"  {name:<17} {value}"
