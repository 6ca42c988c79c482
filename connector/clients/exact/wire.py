"""How Exact Online writes things, read without a socket: envelopes, dates, codes, numbers, OData values.

Facts: Exact's REST API reference and recorded traffic (.fr, 2026); what is assumed says so.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import SplitResult, unquote, urlsplit

from connector.clients.strict_json import Unreadable, plain

Row = Mapping[str, object]

_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EPOCH = datetime.fromtimestamp(0, UTC).replace(tzinfo=None)
_FLOAT_NOISE = 6  # Exact sends binary floats: 0.1 + 0.2 differs from 0.3 in the 17th digit, money in the 2nd


def read_list(answer: object) -> tuple[list[Row], str]:
    """The rows of an answer and the address of its next page ("" = the last), from each of Exact's envelopes:
    {"d": {"results": [...], "__next": ...}}, {"d": [...]} and {"d": {...}}. Raises Unreadable."""
    inner = _inner(answer)
    following = ""
    if isinstance(inner, dict) and "results" in inner:
        following = text(inner, "__next")
        inner = inner["results"]
    elif isinstance(inner, dict):
        inner = [inner]
    if not isinstance(inner, list) or not all(isinstance(row, dict) for row in inner):
        raise Unreadable("a list of records was expected")
    return inner, following


def read_one(answer: object) -> Row:
    """The one record of an answer, alone or in a list of one (current/Me). Raises Unreadable."""
    rows, _ = read_list(answer)
    if len(rows) != 1:
        raise Unreadable(f"one record was expected, {len(rows)} came")
    return rows[0]


def nested(row: Row, key: str) -> list[Row] | None:
    """The records nested under `key`; None when the answer only defers to another address."""
    value = row.get(key)
    if not isinstance(value, list | dict) or (isinstance(value, dict) and "results" not in value):
        return None
    return read_list({"d": value})[0]


def next_link(link: str, within: str) -> str:
    """The next page's address, if it lies under the address `within` (scheme, host, port and path): the token
    goes nowhere else. Raises Unreadable."""
    try:
        target, allowed = urlsplit(link), urlsplit(within)
        same = _origin(target) == _origin(allowed) and "@" not in target.netloc
    except ValueError:
        same = False
    if not same or not target.path.startswith(allowed.path) or ".." in unquote(target.path):
        raise Unreadable("the next page is on another address")
    return link


def read_datetime(value: object) -> datetime | None:
    """`/Date(ms)/` or ISO text as a naive datetime: Exact writes the SERVER'S LOCAL wall time as if it were
    UTC. Never compare it with the present time in UTC."""
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
    """A date-only field, which comes as midnight."""
    moment = read_datetime(value)
    return moment.date() if moment else None


def text(row: Row, key: str) -> str:
    """A text or code without the blanks that Exact pads with (account codes left, countries and VAT codes
    right); "" for null. A code that comes as the number 8000.0 is "8000"."""
    value = row.get(key)
    if value is None or isinstance(value, bool | list | dict):
        return ""
    whole = None if isinstance(value, str) else integer(row, key)
    return str(value if whole is None else whole).strip()


def integer(row: Row, key: str) -> int | None:
    """A whole number; Int64 comes as text, a Double as 2.0. None for null or anything else."""
    value = row.get(key)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
        return int(value)
    if isinstance(value, Decimal) and value == value.to_integral_value() and abs(value) < 2**63:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def decimal(row: Row, key: str) -> Decimal | None:
    """A number, freed from the noise of binary floats (six decimals are kept). None for null."""
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    if abs(number) >= 10**15:
        return None
    return Decimal(plain(round(number, _FLOAT_NOISE).normalize()))


def quoted(value: str) -> str:
    """A text as a literal in $filter."""
    return "'" + value.replace("'", "''") + "'"


def guid(value: str) -> str:
    """An id as a literal in an address; in a body it stands bare. Raises ValueError for what is not one."""
    if not _GUID.fullmatch(value):
        raise ValueError("an id of Exact is a GUID")
    return f"guid'{value}'"


def _inner(answer: object) -> object:
    if not isinstance(answer, dict) or "d" not in answer:
        raise Unreadable("Exact's envelope is missing")
    return answer["d"]


def _origin(address: SplitResult) -> tuple[str, str, int | None]:
    port = address.port or {"https": 443, "http": 80}.get(address.scheme)
    return address.scheme, (address.hostname or "").lower(), port
