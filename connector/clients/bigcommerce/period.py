"""The orders and the refunds of a period, 250 a call, for comparing a store with the books.

Facts: BigCommerce reference "Orders V2" (filters, `sort`, 250 a page) and "Payment actions V3" (refunds of all orders,
`created:min` and `created:max`). Whether the ends of a range count is not documented: both are asked for a second
wider, and the times that the rows have decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from connector.clients.bigcommerce import answers
from connector.clients.bigcommerce.calls import StoreCalls
from connector.clients.bigcommerce.changes import read_moment
from connector.clients.bigcommerce.wire import clean
from connector.clients.errors import UnexpectedResponse
from connector.clients.rows import Odd
from connector.clients.strict_json import Unreadable
from connector.clients.wording import marked as _

Row = Mapping[str, Any]

# The vendor's maximum.
PAGE = 250
_SECOND = timedelta(seconds=1)
_ORDERS = "store_v2_orders_read_only"
_REFUNDS = "v3/orders/payment_actions/refunds"
# No order and no refund is worth so much; text may hold a number with which nobody can compute.
_MOST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """The header of an order. `created` is in UTC; amounts are in `currency`, which is the transactional one.

    `country` is the billing address's (ISO 3166), "" for none.
    """

    id: int
    created: datetime
    status_id: int
    status: str
    currency: str
    total_inc: Decimal
    total_tax: Decimal
    country: str
    payment_method: str
    external_source: str
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class MadeRefund:
    """A refund of an order. `created` is in UTC, None where the vendor gives none. `total` includes `tax`, which is
    None where it is not known. `declined`: every payment was refused, so no money went back."""

    id: int
    order_id: int
    created: datetime | None
    total: Decimal
    tax: Decimal | None
    declined: bool


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """Some orders of the period, by their ids. `last` is the highest id that was read, None after the last page."""

    orders: list[PlacedOrder]
    last: int | None


def orders_page(
    store: StoreCalls, since: datetime, until: datetime, after: int, odd: Odd, *, archived: bool = False
) -> OrdersPage:
    """The orders placed from `since` until before `until` (UTC) whose ids are above `after`, the lowest 250 first.

    Archived orders are left out, or all others are with `archived`. That filter (`is_deleted`) is not documented any
    more: from a store that does not know it, and gives the others, the page is empty and the last. `odd` gets an order
    that cannot be read. Raises UnexpectedResponse when the store gives the orders in another order.
    https://developer.bigcommerce.com/docs/rest-management/orders#get-all-orders"""

    def parse(answer: object) -> tuple[list[int], list[PlacedOrder]]:
        named = [row["id"] for row in answers.rows(answer) if isinstance(row, dict) and answers.is_id(row.get("id"))]
        found, _more = answers.page(answer, number=1, read=read_order, odd=odd)
        return named, list(found.values())

    query = _by_id(since, until, after) | ({"is_deleted": "true"} if archived else {})
    ids, orders = store.get("v2/orders", parse, "v2/orders", _ORDERS, query)
    if archived and not all(order.is_deleted for order in orders):
        return OrdersPage([], None)
    last = _last(ids, after)
    return OrdersPage([order for order in orders if since <= order.created < until], last)


def order_rows_page(
    store: StoreCalls, since: datetime, until: datetime, after: int
) -> tuple[list[dict[str, Any]], int | None]:
    """The same orders as the vendor gives them, with those of a second before and after; and the highest id that was
    read, None after the last page. Raises UnexpectedResponse when the store gives the orders in another order.
    https://developer.bigcommerce.com/docs/rest-management/orders#get-all-orders"""
    rows = store.get("v2/orders", _with_ids, "v2/orders", _ORDERS, _by_id(since, until, after))
    return rows, _last([row["id"] for row in rows], after)


def count_at_most(store: StoreCalls, since: datetime, until: datetime) -> int:
    """How many orders were placed from `since` until `until` (UTC) at most, by two calls: a store numbers its orders
    one after the other, and what was never paid has a number too.
    https://developer.bigcommerce.com/docs/rest-management/orders#get-all-orders"""
    ends = list[int]()
    for sort in ("id:asc", "id:desc"):
        query = {**_placed(since, until), "sort": sort, "page": "1", "limit": "1"}
        ends += [row["id"] for row in store.get("v2/orders", _with_ids, "v2/orders", _ORDERS, query)[:1]]
    return max(ends) - min(ends) + 1 if ends else 0


def refunds_page(
    store: StoreCalls, since: datetime, until: datetime, page: int, odd: Odd
) -> tuple[list[MadeRefund], bool]:
    """One page of the refunds made from `since` until before `until` (UTC), and whether more follow.

    A refund without a time is left in. `odd` gets a refund that cannot be read.
    https://developer.bigcommerce.com/docs/rest-management/transactions/payment-actions#get-all-refunds"""
    query = {"created:min": _iso(since - _SECOND), "created:max": _iso(until + _SECOND)}
    query |= {"page": str(page), "limit": str(PAGE)}
    parse = partial(answers.page, number=page, read=read_refund, odd=odd)
    found, more = store.get(_REFUNDS, parse, _REFUNDS, _ORDERS, query)
    return [each for each in found.values() if each.created is None or since <= each.created < until], more


def read_order(row: Row) -> PlacedOrder:
    """An order of the list. Raises Unreadable.
    https://developer.bigcommerce.com/docs/rest-management/orders#get-all-orders"""
    address = row.get("billing_address")
    return PlacedOrder(
        id=_id(row, "id"),
        created=read_moment(_text(row, "date_created")),
        status_id=_status(row),
        status=_text(row, "status"),
        currency=_text(row, "default_currency_code"),
        total_inc=_amount(row, "total_inc_tax"),
        total_tax=_amount(row, "total_tax"),
        country=_text(address, "country_iso2").upper() if isinstance(address, Mapping) else "",
        payment_method=_text(row, "payment_method"),
        external_source=_text(row, "external_source"),
        is_deleted=row.get("is_deleted") is True,
    )


def read_refund(row: Row) -> MadeRefund:
    """A refund of the list. Raises Unreadable.
    https://developer.bigcommerce.com/docs/rest-management/transactions/payment-actions#get-all-refunds"""
    payments = row.get("payments")
    refused = [isinstance(each, dict) and each.get("is_declined") is True for each in payments or ()]
    return MadeRefund(
        id=_id(row, "id"),
        order_id=_id(row, "order_id"),
        created=_made_at(_text(row, "created")),
        total=_amount(row, "total_amount"),
        tax=None if row.get("total_tax") is None else _amount(row, "total_tax"),
        declined=bool(refused) and all(refused),
    )


def _placed(since: datetime, until: datetime) -> dict[str, str]:
    return {"min_date_created": _iso(since - _SECOND), "max_date_created": _iso(until + _SECOND)}


def _by_id(since: datetime, until: datetime, after: int) -> dict[str, str]:
    return {**_placed(since, until), "min_id": str(after + 1), "sort": "id:asc", "page": "1", "limit": str(PAGE)}


def _last(ids: list[int], after: int) -> int | None:
    """The highest id of a page, None when no page follows. Raises UnexpectedResponse when the ids are not in order."""
    if ids != sorted(set(ids)) or (ids and ids[0] <= after):
        raise UnexpectedResponse(_("The orders do not come in the order of their ids"), endpoint="v2/orders")
    return ids[-1] if len(ids) >= answers.SMALLEST_FULL_PAGE else None


def _with_ids(answer: object) -> list[dict[str, Any]]:
    return [row for row in answers.rows(answer) if isinstance(row, dict) and answers.is_id(row.get("id"))]


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _made_at(text: str) -> datetime | None:
    """V3 writes ISO 8601, and "" in the vendor's own examples. Raises Unreadable."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(_("a refund without the time at which it was made")) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _id(row: Row, key: str) -> int:
    value = row.get(key)
    if not answers.is_id(value):
        raise Unreadable(_("%(name)s is missing"), name=key)
    return value


def _status(row: Row) -> int:
    value = row.get("status_id")
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable(_("%(name)s is missing"), name="status_id")
    return value


def _amount(row: Row, key: str) -> Decimal:
    value = row.get(key)
    try:
        found = Decimal(str(value)) if isinstance(value, str | int | Decimal) else Decimal("NaN")
    except ArithmeticError:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite() or abs(found) >= _MOST:
        raise Unreadable(_("%(name)s is not a number"), name=key)
    return found


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    return clean(value) if isinstance(value, str) else ""
