"""How Exact Online writes envelopes, dates, codes, numbers and OData values. This module needs no network.

Facts: Exact's REST API reference and recorded traffic (.fr, 2026). Assumptions are marked.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from connector.clients.rows import an_object
from connector.clients.strict_json import Unreadable, plain
from connector.clients.wording import BadValue
from connector.clients.wording import marked as _

Row = Mapping[str, object]

_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EPOCH = datetime.fromtimestamp(0, UTC).replace(tzinfo=None)
# Decimals that are kept. Exact sends binary floats, which differ in the 17th digit; money has two decimals.
_KEPT_DECIMALS = 6
# The pages of one list: the calls that Exact allows a division in a day. A list with more could never be read.
MOST_PAGES = 5000
# What is read at these is kept as evidence, as every write is.
DOCUMENTS = ("salesinvoice/", "salesentry/")
# An address of a next page repeats the query, which Exact's servers take up to some 2,000 characters.
_LONGEST_LINK = 8192


def read_list(answer: object) -> tuple[list[Any], str]:
    """The rows of an answer and the address of the next page ("" after the last one), for all of Exact's envelopes:
    {"d": {"results": [...], "__next": ...}}, {"d": [...]} and {"d": {...}}. A row may be anything. Raises
    Unreadable."""
    inner = _inner(answer)
    following = ""
    if isinstance(inner, dict) and "results" in inner:
        following = text(inner, "__next")
        inner = inner["results"]
    elif isinstance(inner, dict):
        inner = [inner]
    if not isinstance(inner, list):
        raise Unreadable(_("a list of records was expected"))
    return inner, following


def read_one(answer: object) -> Row:
    """The only record of an answer, alone or in a list of one (current/Me). Raises Unreadable for any other number."""
    rows = read_list(answer)[0]
    if len(rows) != 1:
        raise Unreadable(_("one record was expected, %(number)s came"), number=len(rows))
    return an_object(rows[0])


def name_of(row: object) -> str:
    """How a person finds a record in Exact: by its id, else its code; "" without one."""
    return (text(row, "ID") or text(row, "Code")) if isinstance(row, Mapping) else ""


def nested(row: Row, key: str) -> list[Row] | None:
    """The records nested under `key`; None when the answer only links to them. Raises Unreadable."""
    value = row.get(key)
    if not isinstance(value, list | dict) or (isinstance(value, dict) and "results" not in value):
        return None
    return [an_object(each) for each in read_list({"d": value})[0]]


def next_link(link: str, within: str) -> str:
    """The next page's address. Raises Unreadable unless it is under the address `within` (scheme, host, port and
    path): the token is sent nowhere else. Raises it also for one that no server would take."""
    if len(link) > _LONGEST_LINK:
        raise Unreadable(_("the next page's address has more than %(most)s characters"), most=_LONGEST_LINK)
    try:
        target, allowed = urlsplit(link), urlsplit(within)
        same = _origin(target) == _origin(allowed) and "@" not in target.netloc
    except ValueError:
        same = False
    if not same or not target.path.startswith(allowed.path) or ".." in unquote(target.path):
        raise Unreadable(_("the next page is on another address"))
    return link


def read_datetime(value: object) -> datetime | None:
    """`/Date(ms)/` or ISO text as a naive datetime, None for anything else. Exact writes the SERVER'S LOCAL time as if
    it were UTC. Never compare it with the present time in UTC."""
    if not isinstance(value, str):
        return None
    found = _DATE.fullmatch(value)
    try:
        if found:
            return _EPOCH + timedelta(milliseconds=int(found[1]))
        return datetime.fromisoformat(value).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def read_date(value: object) -> date | None:
    """A field that is only a date. It comes as midnight."""
    moment = read_datetime(value)
    return moment.date() if moment else None


def text(row: Row, key: str) -> str:
    """A text or code without the spaces that Exact adds (account codes left, countries and VAT codes right); "" for
    null. A code that comes as the number 8000.0 is "8000"."""
    value = row.get(key)
    if value is None or isinstance(value, bool | list | dict):
        return ""
    whole = None if isinstance(value, str) else integer(row, key)
    return str(value if whole is None else whole).strip()


def integer(row: Row, key: str) -> int | None:
    """A whole number that a database keeps (64 bits); Int64 comes as text, a Double as 2.0. None for null or anything
    else."""
    value = row.get(key)
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"-?[0-9]{1,19}", value) else None
    elif isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else None
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None


def decimal(row: Row, key: str) -> Decimal | None:
    """A number without the errors of binary floats: six decimals are kept. None for null."""
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    if abs(number) >= 10**15:
        return None
    return Decimal(plain(round(number, _KEPT_DECIMALS).normalize()))


def same(theirs: str, ours: str) -> bool:
    """Whether two references are the same, trimmed and without regard to case."""
    return theirs.strip().casefold() == ours.strip().casefold()


def quoted(value: str) -> str:
    """A text as a literal for $filter."""
    return "'" + value.replace("'", "''") + "'"


def guid(value: str) -> str:
    """An id as a literal for an address; a body has the plain id. Raises BadValue for a text that is not a GUID."""
    if not is_guid(value):
        raise BadValue(_("an id of Exact is a GUID"))
    return f"guid'{value}'"


def is_guid(value: str) -> bool:
    """Whether a text has the form of Exact's ids."""
    return _GUID.fullmatch(value) is not None


def _inner(answer: object) -> object:
    if not isinstance(answer, dict) or "d" not in answer:
        raise Unreadable(_("Exact's envelope is missing"))
    return answer["d"]


def _origin(address: SplitResult) -> tuple[str, str, int | None]:
    port = address.port or {"https": 443, "http": 80}.get(address.scheme)
    return address.scheme, (address.hostname or "").lower(), port
