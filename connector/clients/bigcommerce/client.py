"""BigCommerce's REST API for one store: orders and their parts, the store itself, its hooks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from connector.clients.bigcommerce import answers, details, wire
from connector.clients.bigcommerce.calls import StoreCalls
from connector.clients.bigcommerce.changes import Changed, read_changes
from connector.clients.errors import UnexpectedResponse
from connector.clients.rows import Odd
from connector.clients.strict_json import Unreadable
from connector.clients.wording import BadValue
from connector.clients.wording import marked as _

T = TypeVar("T")
Row = dict[str, Any]

# The vendor's maximum.
_PAGE = 250
_MOST_PAGES = 100
# Lists of changes in one look: 2,500,000 orders, more than a store changes between two looks.
_MOST_LISTS = 10_000
# The scopes that the calls need.
_ORDERS = "store_v2_orders_read_only"
_CUSTOMERS = "store_v2_customers_read_only"
_PRODUCTS = "store_v2_products_read_only"
_TRANSACTIONS = "store_v2_transactions_read_only"
_INFORMATION = "store_v2_information_read_only"


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """The store as it describes itself. `currency` is the default currency (ISO code), `timezone` an IANA name,
    `country` an ISO 3166 code."""

    name: str
    currency: str
    timezone: str
    country: str
    prices_include_tax: bool
    plan: str


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook subscription of this API account. `headers` hold our own secret, so the repr leaves them
    out."""

    id: int
    scope: str
    destination: str
    is_active: bool
    headers: Mapping[str, str] = field(repr=False)


class BigCommerceClient(StoreCalls):
    """One store, one access token. Every method raises the classes of `clients.errors`, and ValueError for an id
    below 1. Reads never raise OutcomeUnknown. Only the hook methods write. The address in each docstring is the
    vendor's page."""

    def order(self, order_id: int) -> wire.RawOrder:
        """The whole order: one call, or more when the answer lacks lines or fees. Raises NotFound, UnexpectedResponse.
        https://developer.bigcommerce.com/docs/rest-management/orders#get-an-order"""
        path = f"v2/orders/{_positive(order_id)}"
        found = self.get(path, lambda answer: _same(answer, order_id), "v2/orders/{id}", _ORDERS, wire.WHOLE_ORDER)
        return self.completed(found)

    def completed(self, order: wire.Row) -> wire.RawOrder:
        """The whole order, from an order with its embedded parts: no call, or up to three for what the answer lacks.
        https://developer.bigcommerce.com/docs/rest-management/orders"""
        number = _positive(order["id"])
        fees = wire.embedded_fees(order)
        if fees is None:
            fees = self.get(f"v2/orders/{number}/fees", _fees, "v2/orders/{id}/fees", _ORDERS)
        raw = wire.read_order_bundle(order, fees=fees)
        if wire.quantities_add_up(raw):
            return raw
        products, addresses = self._part(number, "products"), self._part(number, "shipping_addresses")
        return wire.read_order_bundle(order, products=products, addresses=addresses, fees=fees)

    def orders_placed(self, since: datetime, page: int, odd: Odd) -> list[Row]:
        """One page of the orders placed since a time (UTC), the newest first, each with its embedded parts for
        `completed`; [] after the last page. An order can come twice when others are placed meanwhile. `odd` gets
        those without an id.
        https://developer.bigcommerce.com/docs/rest-management/orders#get-all-orders"""
        query = {"min_date_created": since.isoformat(), "sort": "date_created:desc", "page": str(page)}
        query |= {"limit": str(answers.SMALLEST_FULL_PAGE), **wire.WHOLE_ORDER}
        read = partial(answers.page, number=page, read=_with_id, odd=odd)
        rows, _more = self.get("v2/orders", read, "v2/orders", _ORDERS, query)
        return list(rows.values())

    def count_placed(self, since: datetime) -> tuple[int, bool]:
        """How many orders were placed since a time (UTC), by one call, and whether there are more than it can say.
        https://developer.bigcommerce.com/docs/rest-management/orders#get-all-orders"""
        query = {"min_date_created": since.isoformat(), "limit": str(_PAGE)}
        read = partial(answers.page, number=1, read=_as_it_came, odd=None)
        rows, _more = self.get("v2/orders", read, "v2/orders", _ORDERS, query)
        return len(rows), len(rows) in {answers.SMALLEST_FULL_PAGE, _PAGE}

    def orders_changed(self, since: datetime) -> Iterator[list[Changed]]:
        """Orders changed since a time of the store's clock (UTC), the oldest change first, one call per list.

        Each page starts at the last change of the page before: an order that changes meanwhile moves to the end and
        would shift numbered pages. So an order can come twice. A row that cannot be read says so, and the others come
        too. Raises UnexpectedResponse when the vendor does not sort them, or repeats one page without end.
        https://developer.bigcommerce.com/docs/rest-management/orders#get-all-orders
        """
        page = 1
        for _list in range(_MOST_LISTS):
            query = {"min_date_modified": since.isoformat(), "sort": "date_modified:asc"}
            query |= {"page": str(page), "limit": str(_PAGE)}
            found = self.get("v2/orders", partial(read_changes, since=since), "v2/orders", _ORDERS, query)
            if found:
                yield found
            if len(found) < answers.SMALLEST_FULL_PAGE:
                return
            last = found[-1].at
            if last < since:
                words = _("The orders do not come in the order of their changes")
                raise UnexpectedResponse(words, endpoint="v2/orders")
            page, since = (page + 1, since) if last == since else (1, last)
            if page > _MOST_PAGES:
                break
        raise _endless("v2/orders")

    def taxes(self, order_id: int) -> list[Any]:
        """The tax table: one row per line, rate and kind. Rates are percents as strings. A row comes as it is, also
        one that is no object; so do those of the lists below.
        https://developer.bigcommerce.com/docs/rest-management/orders/order-taxes#get-all-order-taxes"""
        return [wire.read_row(row) for row in self._part(order_id, "taxes", {"details": "true"})]

    def coupons(self, order_id: int) -> list[Any]:
        """The coupons and promotions that were used. `amount` is money or a percentage, depending on `type`.
        https://developer.bigcommerce.com/docs/rest-management/orders/order-coupons#list-order-coupons"""
        return self._part(order_id, "coupons")

    def transactions(self, order_id: int) -> list[Any]:
        """The payment transactions. They need their own scope: raises Forbidden without it.
        https://developer.bigcommerce.com/docs/rest-management/transactions#get-transactions"""
        path = f"v3/orders/{_positive(order_id)}/transactions"
        return self._list(path, {}, "v3/orders/{id}/transactions", _TRANSACTIONS, _as_it_came)

    def refunds(self, order_id: int) -> list[Any]:
        """All refunds of the order, also those whose payments were declined; amounts as decimal strings.
        https://developer.bigcommerce.com/docs/rest-management/transactions/payment-actions#get-refunds-for-order"""
        path = f"v3/orders/{_positive(order_id)}/payment_actions/refunds"
        return self._list(path, {}, "v3/orders/{id}/payment_actions/refunds", _ORDERS, wire.read_row)

    def customer_group(self, customer_id: int, odd: Odd) -> int:
        """The id of the customer's present group; 0 for no group, and for a customer that no longer exists. `odd` gets
        a row that cannot be read; so it does in the lists below, which leave such a row out.
        https://developer.bigcommerce.com/docs/rest-management/customers#get-all-customers"""
        path, read = "v3/customers", details.customer_group
        found = self._by_ids(path, "id:in", [customer_id], scope=_CUSTOMERS, read=read, odd=odd)
        return found.get(customer_id, 0)

    def group_names(self, odd: Odd) -> dict[int, str]:
        """The names of all customer groups, by id.
        https://developer.bigcommerce.com/docs/rest-management/customers-v2/customer-groups#get-all-customer-groups"""
        path = "v2/customer_groups"
        return dict(self._list(path, {}, path, _CUSTOMERS, details.group_name, odd=odd))

    def product_categories(self, product_ids: Iterable[int], odd: Odd) -> dict[int, tuple[int, ...]]:
        """The ids of each product's categories, by product. A product that no longer exists is left out.
        https://developer.bigcommerce.com/docs/rest-catalog/products#get-all-products"""
        path, fields = "v3/catalog/products", {"include_fields": "id,categories"}
        read = details.product_categories
        return self._by_ids(path, "id:in", product_ids, scope=_PRODUCTS, read=read, odd=odd, params=fields)

    def category_names(self, category_ids: Iterable[int], odd: Odd) -> dict[int, str]:
        """The names of categories of all storefronts, by id. A category that no longer exists is left out.
        https://developer.bigcommerce.com/docs/rest-catalog/category-trees/categories#get-all-categories"""
        path, read = "v3/catalog/trees/categories", details.category_name
        return self._by_ids(path, "category_id:in", category_ids, scope=_PRODUCTS, read=read, odd=odd)

    def store(self) -> StoreInfo:
        """The store as it describes itself.
        https://developer.bigcommerce.com/docs/rest-management/store-information#get-store-information"""
        return self.get("v2/store", _store, "v2/store", _INFORMATION)

    def time(self) -> datetime:
        """The vendor's clock, UTC: the cheapest proof that the token works.
        https://developer.bigcommerce.com/docs/rest-management/store-information#get-system-timestamp"""
        return self.get("v2/time", _time, "v2/time", _INFORMATION)

    def hooks(self, odd: Odd) -> list[Hook]:
        """The hooks of this API account. The vendor does not show those of other accounts.
        https://developer.bigcommerce.com/docs/webhooks/webhooks/manage-webhooks-bulk"""
        return self._list("v3/hooks", {}, "v3/hooks", "", _hook, odd=odd)

    def create_hook(self, scope: str, destination: str, headers: Mapping[str, str]) -> Hook:
        """Subscribe. The vendor delivers to https on port 443 only, and starts within a minute.
        https://developer.bigcommerce.com/docs/webhooks/webhooks/manage-webhooks-bulk#create-a-webhook"""
        body = {"scope": scope, "destination": destination, "is_active": True, "headers": dict(headers)}
        return self._write("POST", "v3/hooks", _hook_answer, "v3/hooks", body)

    def update_hook(self, hook_id: int, **changes: object) -> Hook:
        """Change some of a hook's fields: is_active, headers, destination, scope.
        https://developer.bigcommerce.com/docs/webhooks/webhooks/manage-webhooks-single#update-a-webhook"""
        return self._write("PUT", f"v3/hooks/{_positive(hook_id)}", _hook_answer, "v3/hooks/{id}", changes)

    def delete_hook(self, hook_id: int) -> None:
        """Unsubscribe. Raises NotFound when the hook no longer exists.
        https://developer.bigcommerce.com/docs/webhooks/webhooks/manage-webhooks-single"""
        self._write("DELETE", f"v3/hooks/{_positive(hook_id)}", lambda answer: None, "v3/hooks/{id}", None)

    def _part(self, order_id: int, name: str, params: Mapping[str, str] | None = None) -> list[Any]:
        path = f"v2/orders/{_positive(order_id)}/{name}"
        return self._list(path, params or {}, f"v2/orders/{{id}}/{name}", _ORDERS, _as_it_came)

    def _by_ids(
        self,
        path: str,
        name: str,
        ids: Iterable[int],
        *,
        scope: str,
        read: Callable[[Row], tuple[int, T]],
        odd: Odd,
        params: Mapping[str, str] | None = None,
    ) -> dict[int, T]:
        """The rows with these ids, by id. A row that was not asked for is left out."""
        wanted = set(ids)
        queries = [{**(params or {}), name: text} for text in details.id_lists(wanted)]
        found = dict(row for query in queries for row in self._list(path, query, path, scope, read, odd=odd))
        return {number: value for number, value in found.items() if number in wanted}

    def _list(
        self,
        path: str,
        params: Mapping[str, str],
        endpoint: str,
        scope: str,
        read: Callable[[Any], T],
        *,
        odd: Odd | None = None,
    ) -> list[T]:
        """All pages. A V2 list does not say how many there are: it ends with an empty or a short page.

        Raises UnexpectedResponse for a list of more than 100 pages.
        """
        found: dict[object, T] = {}
        for page in range(1, _MOST_PAGES + 1):
            query = {**params, "page": str(page), "limit": str(_PAGE)}
            rows, more = self.get(path, partial(answers.page, number=page, read=read, odd=odd), endpoint, scope, query)
            found |= rows
            if not more:
                return list(found.values())
        raise _endless(endpoint)


def _positive(number: int) -> int:
    if number < 1:
        raise BadValue(_("ids of BigCommerce are positive"))
    return number


def _endless(endpoint: str) -> UnexpectedResponse:
    return UnexpectedResponse(
        _("The list did not end after %(pages)s pages"), given={"pages": _MOST_PAGES}, endpoint=endpoint
    )


def _same(answer: object, order_id: int) -> Row:
    order = answers.record(answer)
    if order.get("id") != order_id:
        raise Unreadable(_("another order than the one asked for"))
    return order


def _with_id(row: Row) -> Row:
    if not answers.is_id(row.get("id")):
        raise Unreadable(_("an order without an id"))
    return row


def _fees(answer: object) -> list[wire.Row]:
    return wire.embedded_fees({"fees": answer}) or []


def _as_it_came(row: object) -> object:
    return row


def _store(answer: object) -> StoreInfo:
    row = answers.record(answer)
    zone = row.get("timezone")
    return StoreInfo(
        name=_text(row, "name"),
        currency=_text(row, "currency"),
        timezone=_text(zone, "name") if isinstance(zone, dict) else "",
        country=_text(row, "country_code"),
        prices_include_tax=row.get("is_price_entered_with_tax") is True,
        plan=_text(row, "plan_name"),
    )


def _time(answer: object) -> datetime:
    seconds = answers.record(answer).get("time")
    if not isinstance(seconds, int) or not 0 <= seconds < 2**33:
        raise Unreadable(_("no time in the answer"))
    return datetime.fromtimestamp(seconds, tz=UTC)


def _hook_answer(answer: object) -> Hook:
    return _hook(answers.record(answer))


def _hook(row: Row) -> Hook:
    number, headers = row.get("id"), row.get("headers")
    if not answers.is_id(number):
        raise Unreadable(_("a hook without an id"))
    return Hook(
        id=number,
        scope=_text(row, "scope"),
        destination=_text(row, "destination"),
        is_active=row.get("is_active") is True,
        headers={str(key): str(value) for key, value in headers.items()} if isinstance(headers, dict) else {},
    )


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""
