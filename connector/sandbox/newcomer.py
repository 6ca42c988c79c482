"""A shop that nobody has connected yet, and its administration, to try out a set-up from the beginning.

The shop took orders in the last 90 days, and its bookkeeper typed some of the invoices into Exact by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.bigcommerce.webhook_sender import CREATED, SignedSender
from connector.sandbox.catalogue import OrderRecord, Shop, nlshop
from connector.sandbox.catalogue.build import build
from connector.sandbox.exact.service import FakeExact
from connector.sandbox.exact.state import INVOICES

SHOP = Shop("newshop1", "Atelier Noord", "1100005", "NL", True, "ATN", "noord.example", "Europe/Amsterdam")
DIVISION, DIVISION_NAME = 400004, "Atelier Noord BV"
APP_ID, APP_SECRET = "0c8d2a4e-7f15-4b9a-8e63-d1b7a5f09c42", "newcomer-sandbox-secret"
CARTS = (*nlshop.SOLD, *nlshop.MONEY)
ORDERS = 3 * len(CARTS)
FIRST_ID = 5001
DAYS = 90
TYPED_BY_HAND = 24


@dataclass(slots=True)
class Newcomer:
    """The shop in the fake stores, its division in the fake Exact, and an app that sees this division only."""

    stores: FakeStores
    store: Store
    exact: FakeExact

    @classmethod
    def open(cls, stores: FakeStores, exact: FakeExact) -> Newcomer:
        """Open the shop with its orders, and the division with its invoices."""
        newcomer = cls(stores, stores.open(SHOP), exact)
        exact.add_division(DIVISION, DIVISION_NAME, SHOP.country)
        exact.oauth.add_app(APP_ID, APP_SECRET, frozenset({DIVISION}))
        now = stores.now()
        for number in range(ORDERS):
            newcomer._place(now - timedelta(days=DAYS) * (ORDERS - number) / (ORDERS + 1))
        newcomer._type_invoices()
        return newcomer

    @property
    def credentials_file(self) -> str:
        """The text that BigCommerce lets a merchant download when the API account is made. All of it is invented."""
        return "\n".join(
            [
                f"ACCESS TOKEN: {SHOP.access_token}",
                "CLIENT NAME: ml-connector",
                f"CLIENT ID: {SHOP.client_id}",
                f"CLIENT SECRET: {SHOP.client_secret}",
                "NAME: ml-connector",
                f"API PATH: https://api.bigcommerce.com/stores/{SHOP.store_hash}/v3/",
                "",
            ]
        )

    def take_an_order(self, sender: SignedSender) -> OrderRecord | None:
        """Let a shopper order, and deliver it to the hook. None while the shop has no hook for new orders."""
        hooks = sender.hooks(SHOP.store_hash, CREATED)
        if not hooks:
            return None
        record = self._place(self.stores.now())
        for hook in hooks:
            sender.deliver(SHOP.store_hash, record.order_id, CREATED, hook=hook)
        return record

    def _place(self, at: datetime) -> OrderRecord:
        number = len(self.store.orders)
        return self.store.place(build(SHOP, CARTS[number % len(CARTS)], FIRST_ID + number, at))

    def _type_invoices(self) -> None:
        """Enter invoices as a bookkeeper does who types the shop's orders: one line a rate, on the web shop's item."""
        customer = self.exact.add_account(DIVISION, Name="Webshop customers", Country="NL", Email="shop@noord.example")
        for number in range(TYPED_BY_HAND):
            lines = [
                {"Item": self.exact.id_of(DIVISION, "logistics/Items", item), "Quantity": 1, "NetPrice": price}
                | {"VATCode": code, "GLAccount": self.exact.id_of(DIVISION, "financial/GLAccounts", account)}
                for item, price, code, account in (
                    ("WEBSHOP", Decimal("24.95") + number, "2", "8000"),
                    ("BOOK-01", Decimal("19.95"), "1", "8010"),
                    ("SHIP", Decimal("4.95"), "2", "8100"),
                )
            ]
            self.exact.create(
                DIVISION,
                INVOICES,
                OrderedBy=customer,
                Journal="70",
                Description=f"Web shop, day {number + 1}",
                SalesInvoiceLines=lines,
            )
