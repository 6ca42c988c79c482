"""A fake BigCommerce: the V2 and V3 calls that an accounting connector makes, for any number of stores."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

from connector.sandbox.bigcommerce import v2, v3
from connector.sandbox.bigcommerce.state import Account, Store
from connector.sandbox.catalogue import Shop
from connector.sandbox.http.faults import Fault
from connector.sandbox.http.messages import Incoming, Reply
from connector.sandbox.http.server import FakeService

WINDOW = timedelta(seconds=30)
# So many calls that change customers or addresses may be under way at once.
CUSTOMER_WRITES = 3

ORDERS = ("store_v2_orders", "store_v2_orders_read_only")
TRANSACTIONS = ("store_v2_transactions", "store_v2_transactions_read_only")
WRITE_CUSTOMERS = ("store_v2_customers",)
CUSTOMERS = ("store_v2_customers", "store_v2_customers_read_only")
PRODUCTS = ("store_v2_products", "store_v2_products_read_only")
INFORMATION = ("store_v2_information", "store_v2_information_read_only")


class FakeStores(FakeService):
    """Stores with one address: `/stores/{hash}/v2|v3/...`, each with its own API accounts.

    `allow_http` accepts hook addresses that are not https, as a sandbox on loopback must. Every answer shows the
    quota; calls above it are refused only with `enforce_quota`. The fault `stale_read` answers a read with the order
    before its last change; `429_day` is a 429 without rate-limit headers.
    """

    own_faults = ("stale_read",)

    def __init__(self, port: int = 0, *, allow_http: bool = True) -> None:
        super().__init__("stores", port)
        self.allow_http = allow_http
        self.quota = 450
        self.enforce_quota = False
        self.stores: dict[str, Store] = {}
        self._window: dict[str, tuple[datetime, int]] = {}
        self._writing = BoundedSemaphore(CUSTOMER_WRITES)

    def open(self, shop: Shop) -> Store:
        """Open a new, empty store."""
        self.stores[shop.store_hash] = Store(shop, self.lock, self.now)
        return self.stores[shop.store_hash]

    def store(self, store_hash: str) -> Store:
        """A store by its hash. Raises KeyError."""
        return self.stores[store_hash]

    def process(self, request: Incoming) -> Reply:
        """Handle one request; refuse a further change of customers while three are under way."""
        if request.method != "PUT" or "/v3/customers" not in request.path:
            return super().process(request)
        if not self._writing.acquire(blocking=False):
            return self.rate_limited("minute")
        try:
            return super().process(request)
        finally:
            self._writing.release()

    def handle(self, request: Incoming) -> Reply:
        return self._answer(request, stale=False)

    def own_fault(self, fault: Fault, request: Incoming) -> Reply:
        return self._answer(request, stale=True)

    def server_error(self) -> Reply:
        return v3.failure(500, "Internal Server Error")

    def unauthorized(self) -> Reply:
        reason = "the v3 Auth client ID or token in the request are not a valid combination for this store."
        return v3.failure(401, f"Unauthorized - {reason}")

    def forbidden(self, reason: str) -> Reply:
        return v3.failure(403, reason, {})

    def rate_limited(self, window: str) -> Reply:
        if window == "day":
            return Reply.empty(429)
        return Reply.empty(429, self._limits(0, WINDOW))

    def state(self) -> dict[str, Any]:
        return {
            name: {
                "orders": sorted(store.orders),
                "customers": sorted(store.customers),
                "hooks": list(store.hooks.values()),
            }
            for name, store in self.stores.items()
        }

    def control(self, request: Incoming) -> Reply:
        """POST /_sandbox/change {"store_hash", "order_id", "fields"} changes an order as a merchant does.

        With "customer_id" or "address_id" it changes a customer or an address; with "customer_id" and no "fields" it
        deletes the customer.
        """
        if (request.method, request.path.rstrip("/")) != ("POST", "/_sandbox/change"):
            return super().control(request)
        try:
            body = request.json_object()
            changed = _change(self.store(body["store_hash"]), body)
        except (ValueError, KeyError, TypeError) as error:
            return Reply.json(400, {"error": str(error)})
        return Reply.json(200, changed)

    def _answer(self, request: Incoming, *, stale: bool) -> Reply:
        parts = request.path.strip("/").split("/")
        token = request.headers.text("X-Auth-Token")
        if not token:
            return Reply(401, {"Content-Type": "text/plain"}, b"X-Auth-Token header is required")
        store = self.stores.get(parts[1]) if len(parts) > 3 and parts[0] == "stores" else None
        account = store.account_for(token) if store else None
        if store is None or account is None:
            return self.unauthorized()
        left, reset = self._spend(store.shop.store_hash)
        if left < 0 and self.enforce_quota:
            return Reply.empty(429, self._limits(0, reset))
        reply = self._route(store, account, request, parts[2], parts[3:], stale=stale)
        reply.headers.update(self._limits(max(left, 1), reset))
        return reply

    def _route(
        self,
        store: Store,
        account: Account,
        request: Incoming,
        version: str,
        parts: list[str],
        *,
        stale: bool,
    ) -> Reply:
        wanted = WRITE_CUSTOMERS if parts[0] == "customers" and request.method != "GET" else _scopes(parts)
        if wanted and account.scopes.isdisjoint(wanted):
            return self.forbidden("You don't have a required scope to access the endpoint")
        if version == "v3":
            return v3.answer(store, account, request, parts, stale=stale, allow_http=self.allow_http)
        if version == "v2" and request.method == "GET":
            return v2.answer(store, parts, request.query, stale=stale)
        if version == "v2":
            return v2.failure(405, "The sandbox's orders are read only.")
        return v2.failure(404, "The requested resource was not found.")

    def _spend(self, store_hash: str) -> tuple[int, timedelta]:
        """Count a call. Return the rest of the window's quota and the rest of the window's time."""
        now = self.now()
        begun, used = self._window.get(store_hash, (now, 0))
        if now - begun >= WINDOW:
            begun, used = now, 0
        self._window[store_hash] = (begun, used + 1)
        return self.quota - used - 1, WINDOW - (now - begun)

    def _limits(self, left: int, reset: timedelta) -> dict[str, str]:
        return {
            "x-rate-limit-requests-left": str(left),
            "x-rate-limit-requests-quota": str(self.quota),
            "x-rate-limit-time-reset-ms": str(int(reset.total_seconds() * 1000)),
            "x-rate-limit-time-window-ms": str(int(WINDOW.total_seconds() * 1000)),
        }


def _change(store: Store, body: dict[str, Any]) -> dict[str, Any]:
    if "customer_id" in body and "fields" not in body:
        store.delete_customer(body["customer_id"])
        return {}
    if "customer_id" in body:
        return store.change_customer(body["customer_id"], **body["fields"])
    if "address_id" in body:
        return store.change_address(body["address_id"], **body["fields"])
    return store.change(body["order_id"], **body["fields"]).order


def _scopes(parts: list[str]) -> tuple[str, ...]:
    """The OAuth scopes: any one of them gives access to this resource. Hooks need none."""
    if "transactions" in parts:
        return TRANSACTIONS
    if "payment_actions" in parts:
        return ORDERS + TRANSACTIONS
    by_resource = {
        "orders": ORDERS,
        "order_statuses": ORDERS,
        "customers": CUSTOMERS,
        "customer_groups": CUSTOMERS,
        "catalog": PRODUCTS,
        "store": INFORMATION,
        "time": INFORMATION,
    }
    return by_resource.get(parts[0], ())
