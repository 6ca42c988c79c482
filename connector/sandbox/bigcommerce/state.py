"""The state of a fake store: API accounts, orders, customers, the catalogue, refunds and hooks."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from threading import RLock
from typing import Any

from connector.sandbox.bigcommerce.customers import Customers, News
from connector.sandbox.bigcommerce.merchant import Merchant
from connector.sandbox.catalogue import GOODS, OrderRecord, Shop
from connector.sandbox.catalogue.goods import CATEGORIES, category
from connector.sandbox.catalogue.people import GROUPS, customer_group
from connector.sandbox.catalogue.record import LABELS, STATUSES

READ_SCOPES = frozenset(
    {
        "store_v2_orders_read_only",
        "store_v2_transactions_read_only",
        "store_v2_customers_read_only",
        "store_v2_information_read_only",
        "store_v2_products_read_only",
    }
)
WRITE_SCOPES = frozenset({"store_v2_customers"})


@dataclass(frozen=True, slots=True)
class Account:
    """A store-level API account. No other account sees its hooks; its client secret signs them."""

    client_id: str
    client_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    scopes: frozenset[str] = READ_SCOPES | WRITE_SCOPES


class Store(Merchant, Customers):
    """One store. Its methods are what merchants and shoppers do. Every method takes the service's lock."""

    def __init__(self, shop: Shop, lock: RLock, now: Callable[[], datetime]) -> None:
        self.shop = shop
        self.lock = lock
        self.now = now
        self.orders: dict[int, OrderRecord] = {}
        self.before: dict[int, OrderRecord] = {}
        self.customers: dict[int, dict[str, Any]] = {}
        self.addresses: dict[int, dict[str, Any]] = {}
        self.form_fields: dict[int, dict[str, Any]] = {}
        self.news: list[News] = []
        self.last_customer = self.last_address = 0
        self.customer_groups = {number: customer_group(number) for number in GROUPS}
        self.products = {product.number: product.in_catalogue() for product in GOODS}
        self.categories = {number: category(number) for number in CATEGORIES}
        self.refunds: dict[int, list[dict[str, Any]]] = {}
        self.hooks: dict[int, dict[str, Any]] = {}
        self.accounts: dict[str, Account] = {}
        self.add_account(Account(shop.client_id, shop.client_secret, shop.access_token))

    def add_account(self, account: Account) -> None:
        """Create an API account, or give the account with this client id another secret, token or scopes."""
        with self.lock:
            self.accounts[account.client_id] = account

    def remove_account(self, client_id: str) -> None:
        """Delete an API account with its hooks. Its token is refused from now on."""
        with self.lock:
            del self.accounts[client_id]
            self.hooks = {number: hook for number, hook in self.hooks.items() if hook["client_id"] != client_id}

    def account_for(self, token: str) -> Account | None:
        return next((account for account in self.accounts.values() if account.access_token == token), None)

    def place(self, record: OrderRecord) -> OrderRecord:
        """Add an order, with the changes that were made before anybody read it. The record keeps its own dates.

        It replaces an order with the same number.
        """
        with self.lock:
            if record.order_id in self.orders:
                self.before[record.order_id] = deepcopy(self.orders[record.order_id])
            self.orders[record.order_id] = record
            if record.customer is not None:
                self.met(record.customer, record.order["billing_address"])
            present, then = self.now, parsedate_to_datetime(record.order["date_modified"])
            self.now = lambda: then
            for deed in record.past:
                self.do(record.order_id, deed)
            self.now = present
            return record

    def change(self, order_id: int, **fields: object) -> OrderRecord:
        """Change fields of an order's header as a merchant does: `date_modified` becomes now.

        A `status_id` also sets its name and label. Raises KeyError for an unknown order or field.
        """
        with self.lock:
            record = self.orders[order_id]
            unknown = set(fields) - set(record.order)
            if unknown:
                raise KeyError(f"An order has no {', '.join(sorted(unknown))}.")
            self.before[order_id] = deepcopy(record)
            if isinstance(number := fields.get("status_id"), int):
                fields = {"status": STATUSES[number], "custom_status": LABELS[number]} | fields
            modified = format_datetime(self.now().replace(microsecond=0))
            record.order.update({"date_modified": modified} | fields)
            return record

    def visible(self, order_id: int, *, stale: bool) -> OrderRecord | None:
        """The order; with `stale`, the order before its last change (None: it did not exist yet)."""
        return (self.before if stale else self.orders).get(order_id)
