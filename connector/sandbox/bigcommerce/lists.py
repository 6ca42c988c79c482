"""Filters, sorting and pages of the store's lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from connector.sandbox.catalogue import OrderRecord

Row = TypeVar("Row")
Json = dict[str, Any]
Query = dict[str, str]

PAGE, MOST = 50, 250
EQUAL = (
    "customer_id",
    "status_id",
    "cart_id",
    "payment_method",
    "channel_id",
    "external_order_id",
)
SORTABLE = ("id", "customer_id", "date_created", "date_modified", "status_id", "channel_id", "external_id")


class BadQuery(ValueError):
    """A query parameter that the service refuses; the text names it."""


def moment(text: str) -> datetime:
    """A time in RFC 2822 or ISO 8601; without a zone it is UTC. Raises ValueError.

    A "+" that was not percent-encoded arrives as a space, which is not a valid zone.
    """
    try:
        parsed = parsedate_to_datetime(text)
    except ValueError:
        parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def read(query: Query, name: str, convert: Callable[[str], Row]) -> Row | None:
    """A parameter's value; None when it is missing. Raises BadQuery."""
    if name not in query:
        return None
    try:
        return convert(query[name])
    except (ValueError, InvalidOperation):
        raise BadQuery(f"The field '{name}' is invalid.") from None


def page_of(rows: Sequence[Row], query: Query) -> list[Row]:
    """The rows of the requested page: 50 a page by default, 250 at most. Raises BadQuery."""
    page, limit = _window(query)
    return list(rows[(page - 1) * limit : page * limit])


def pagination(total: int, count: int, query: Query) -> Json:
    """V3's `meta`."""
    page, limit = _window(query)
    return {
        "pagination": {
            "total": total,
            "count": count,
            "per_page": limit,
            "current_page": page,
            "total_pages": -(-total // limit),
            "links": {"current": f"?page={page}&limit={limit}"},
        }
    }


def _window(query: Query) -> tuple[int, int]:
    page, limit = read(query, "page", _positive), read(query, "limit", _positive)
    return page or 1, min(limit or PAGE, MOST)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("less than one")
    return number


def matching(records: Sequence[OrderRecord], query: Query) -> list[OrderRecord]:
    """The orders that pass the filters, sorted, without archived ones. Ranges include both ends. Raises BadQuery."""
    deleted = query.get("is_deleted") == "true"
    kept = [record for record in records if record.order["is_deleted"] == deleted]
    for name in EQUAL:
        if name in query:
            kept = [record for record in kept if str(record.order[name]) == query[name]]
    if "email" in query:
        kept = [record for record in kept if record.order["billing_address"]["email"] == query["email"]]
    kept = _between(kept, query, "id", int, lambda record: record.order_id)
    kept = _between(kept, query, "total", Decimal, lambda record: Decimal(record.order["total_inc_tax"]))
    for name in ("date_created", "date_modified"):
        kept = _between(kept, query, name, moment, _date(name))
    return _sorted(kept, query.get("sort", "id"))


def _date(name: str) -> Callable[[OrderRecord], datetime]:
    return lambda record: moment(record.order[name])


def _between(
    records: list[OrderRecord],
    query: Query,
    name: str,
    convert: Callable[[str], Any],
    value: Callable[[OrderRecord], Any],
) -> list[OrderRecord]:
    low, high = read(query, f"min_{name}", convert), read(query, f"max_{name}", convert)
    return [
        record
        for record in records
        if (low is None or value(record) >= low) and (high is None or value(record) <= high)
    ]


def _sorted(records: list[OrderRecord], sort: str) -> list[OrderRecord]:
    name, _, direction = sort.partition(":")
    if name not in SORTABLE or direction not in ("", "asc", "desc"):
        raise BadQuery("The field 'sort' is invalid.")

    def key(record: OrderRecord) -> tuple[Any, int]:
        value = record.order[name]
        return (moment(value) if name.startswith("date") else value or 0, record.order_id)

    return sorted(records, key=key, reverse=direction == "desc")
