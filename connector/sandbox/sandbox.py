"""Both fakes together, with the catalogue in the stores. The demo and the `sandbox` command start them."""

from __future__ import annotations

from typing import Any, Self

from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.bigcommerce.webhook_sender import UPDATED, Event, SignedSender
from connector.sandbox.catalogue import SHOPS, OrderRecord, default_orders
from connector.sandbox.demo_setup import DIVISIONS, provision_file
from connector.sandbox.exact.service import CLIENT_ID, CLIENT_SECRET, FakeExact


class Sandbox:
    """Four stores with the default orders and three Exact divisions, on loopback. A context manager.

    `orders` are the records of the default catalogue, placed in their stores.
    """

    def __init__(self, port_store: int = 0, port_exact: int = 0) -> None:
        self.stores = FakeStores(port_store)
        self.exact = FakeExact.seed(port_exact)
        for shop in SHOPS:
            self.stores.open(shop)
        self.orders: list[OrderRecord] = [
            self.stores.store(record.store_hash).place(record) for record in default_orders()
        ]

    def start(self) -> Self:
        self.stores.start()
        self.exact.start()
        return self

    def stop(self) -> None:
        self.stores.stop()
        self.exact.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def store_url(self) -> str:
        """The value for BIGCOMMERCE_API_URL."""
        return self.stores.url

    @property
    def exact_url(self) -> str:
        """The value for EXACT_ONLINE_URL."""
        return self.exact.url

    def go_on(self) -> list[Event]:
        """Change some orders as merchants do after the invoice, and return the events of the stores."""
        events = []
        for record in self.orders:
            for deed in record.later:
                self.stores.store(record.store_hash).do(record.order_id, deed)
            events += [Event(record.store_hash, record.order_id, UPDATED)] if record.later else []
        return events

    def sender(self, public_url: str | None = None, *, retries: int = 1, pause: float = 0.2) -> SignedSender:
        """A sender to the hooks of the stores. `public_url` is the address on which the connector really listens."""
        return SignedSender(self.stores, public_url=public_url, retries=retries, pause=pause)

    def provision_file(self, *, password: str) -> dict[str, Any]:
        """The demo's set-up for `provision`. Each call issues a new refresh token, as a new consent does."""
        grant = {
            "name": "Exact sandbox",
            "region": "nl",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "refresh_token": self.exact.issue_refresh_token(CLIENT_ID),
            "webhook_secret": self.exact.settings.webhook_key,
            "divisions": sorted(set(DIVISIONS.values())),
        }
        return provision_file(grant, password=password)
