"""The list of orders by the time of their last change, as the poll reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connector.clients.bigcommerce.answers import is_id
from connector.clients.rows import OddRow
from connector.clients.strict_json import Unreadable
from connector.clients.wording import marked as _

_NO_YEAR = " -0001 "  # as the vendor's database writes "no date"; Python makes the year 2000 of it
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Changed:
    """An order that changed, and the time of the change by the store's clock (UTC, whole seconds).

    `odd` says what of the row cannot be read: then the time is that of the row before, and the id may be 0.
    """

    order_id: int
    at: datetime
    odd: OddRow | None = None


def read_changes(answer: object, since: datetime) -> list[Changed]:
    """The orders of one page; None has none. Raises Unreadable."""
    rows = [] if answer is None else answer
    if not isinstance(rows, list):
        raise Unreadable(_("a list of orders was expected"))
    found: list[Changed] = []
    for row in rows:
        found.append(_changed(row if isinstance(row, dict) else {}, found[-1].at if found else since))
    return found


def _changed(row: Mapping[str, object], before: datetime) -> Changed:
    number, modified = row.get("id"), row.get("date_modified")
    order_id = number if is_id(number) else 0
    try:
        at = read_moment(modified if isinstance(modified, str) else "")
    except Unreadable:
        return Changed(order_id, before, _odd(order_id, _("date_modified is '%(value)s'"), modified))
    return Changed(order_id, at, None if order_id else _odd(0, _("id is '%(value)s'"), number))


def _odd(order_id: int, words: str, value: object) -> OddRow:
    shown = "" if value is None else str(value)[:_LONGEST_SHOWN]
    return OddRow(str(order_id or ""), words, {"value": shown}, _("order"))


def read_moment(text: str) -> datetime:
    """A time as V2 writes it (RFC 2822), in UTC. Raises Unreadable."""
    try:
        if _NO_YEAR not in text:
            return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Unreadable(_("an order without the time of its last change"))
