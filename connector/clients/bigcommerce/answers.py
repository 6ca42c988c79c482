"""How BigCommerce's answers are read: errors, limits, pages. This module needs no network.

Facts: BigCommerce reference "API rate limits", "API status codes", "Authentication".
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeGuard, TypeVar

from connector.clients.errors import (
    ClientError,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    UnexpectedResponse,
)
from connector.clients.rows import Odd, read_or_tell
from connector.clients.strict_json import Unreadable
from connector.clients.transport import Limits, Response
from connector.clients.wording import marked as _

T = TypeVar("T")

# The vendor's default: a server that ignores the maximum that is asked for sends pages of this size.
SMALLEST_FULL_PAGE = 50
STORE_HASH = re.compile(r"[a-z0-9]{4,20}")
# A reset that is further away than this is ignored.
_LONGEST_WAIT = timedelta(days=1)
# Too slow, or locked: the state of the store, not a fault of the request.
_READ_AGAIN = {408, 423}


def payload(response: Response, *, write: bool, scope: str = "") -> object:
    """Return the answer's JSON; None for 204, which V2 sends for an empty list.

    `scope` is the right that the call needs; the error names it when it is missing. The status decides which error is
    raised, because bodies come as V2 arrays, V3 objects and plain text. Raises Rejected, Unauthorized, Forbidden,
    NotFound, RateLimited; for a write OutcomeUnknown, for a read Unavailable or UnexpectedResponse; Unreadable for
    broken JSON.
    """
    status = response.status
    if status == 204:
        return None
    if 200 <= status < 300:
        if response.is_json:
            return response.json()
        raise _unclear(write, _("BigCommerce answered with something that is not JSON"))
    raise _error(response, write=write, scope=scope)


def error_text(answer: object) -> str:
    """The vendor's sentence from a V2 array, a V3 object or the old {"error": ...} form; "" for none."""
    if isinstance(answer, list):
        return "; ".join(text for text in map(error_text, answer) if text)
    if not isinstance(answer, dict):
        return ""
    words = [answer[key] for key in ("title", "message", "error", "detail") if isinstance(answer.get(key), str)]
    fields = answer.get("errors")
    if isinstance(fields, dict):
        words += [f"{name}: {text}" for name, text in fields.items()]
    return "; ".join(words)


def limits(headers: Mapping[str, str]) -> Limits | None:
    """The budget of the window, which all apps of the store share; None when the answer does not have it."""
    found = Limits(
        left=_count(headers.get("x-rate-limit-requests-left")),
        quota=_count(headers.get("x-rate-limit-requests-quota")),
        reset_ms=_count(headers.get("x-rate-limit-time-reset-ms")),
    )
    return None if found == Limits() else found


def retry_at(response: Response) -> datetime | None:
    """When a refused call may be repeated (UTC); None when the answer does not say (platform load)."""
    milliseconds = _count(response.headers.get("x-rate-limit-time-reset-ms"))
    if milliseconds is None:
        seconds = _count(response.headers.get("x-retry-after", response.headers.get("retry-after")))
        milliseconds = None if seconds is None else seconds * 1000
    if milliseconds is None or milliseconds > _LONGEST_WAIT / timedelta(milliseconds=1):
        return None
    return response.sent_at + timedelta(milliseconds=response.milliseconds + milliseconds)


def rows(answer: object) -> list[object]:
    """A V2 list or the `data` of a V3 list; [] for the empty 204. A row may be anything. Raises Unreadable."""
    found = [] if answer is None else answer
    if isinstance(found, dict):
        found = found.get("data")
    if not isinstance(found, list):
        raise Unreadable(_("a list of objects was expected"))
    return found


def record(answer: object) -> dict[str, object]:
    """A V2 object or the `data` of a V3 one. Raises Unreadable."""
    found = answer.get("data", answer) if isinstance(answer, dict) else answer
    if not isinstance(found, dict):
        raise Unreadable(_("an object was expected"))
    return found


def is_id(value: object) -> TypeGuard[int]:
    """Whether a value is an id of the vendor, which a database keeps (64 bits)."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 2**63


def pages_left(answer: object, page: int) -> bool | None:
    """Whether a V3 list has pages after this one; None when it does not say. V2 never says it."""
    meta = answer.get("meta") if isinstance(answer, dict) else None
    pagination = meta.get("pagination") if isinstance(meta, dict) else None
    total = pagination.get("total_pages") if isinstance(pagination, dict) else None
    return page < total if isinstance(total, int) else None


def page(answer: object, *, number: int, read: Callable[[Any], T], odd: Odd | None) -> tuple[dict[object, T], bool]:
    """One page of a list: its rows by id, so that none counts twice, and whether more pages follow.

    `odd` gets the rows that cannot be read; without it they are read as they came. Raises Unreadable.
    """
    found: dict[object, T] = {}
    every, more = rows(answer), pages_left(answer, number)
    for index, row in enumerate(every):
        key = row.get("id") if isinstance(row, dict) else None
        known = isinstance(key, int | str)
        name = str(key if known else index + 1)
        for value in read_or_tell(row, read, odd, name, _("row")) if odd else [read(row)]:
            found[key if known else (number, index)] = value
    return found, len(every) >= SMALLEST_FULL_PAGE if more is None else more


def _error(response: Response, *, write: bool, scope: str) -> ClientError:
    status, detail = response.status, _detail(response)
    refused = _refused(response, scope, detail)
    if refused is not None:
        return refused
    if 400 <= status < 500 and status not in _READ_AGAIN and (detail or not write):
        if not detail:
            return Rejected(_("BigCommerce refused the request and gave no reason"))
        return Rejected(_("BigCommerce refused the request"), messages=(detail,))
    if 300 <= status < 400 and not write:
        return UnexpectedResponse(_("BigCommerce answered with a redirect, which is never followed"), detail=detail)
    return _unclear(write, _("BigCommerce is not available"), detail)


def _refused(response: Response, scope: str, detail: str) -> ClientError | None:
    """The error of an answer that means for reads and writes that nothing was done; None for any other."""
    match response.status:
        case 401:
            return Unauthorized(_("BigCommerce refused the access token"), detail=detail)
        case 403:
            if not scope:
                return Forbidden(_("BigCommerce refused the right to do this"), detail=detail)
            text = _("BigCommerce refused the right to do this; the API account needs the scope %(scope)s")
            return Forbidden(text, reason=scope, given={"scope": scope}, detail=detail)
        case 404:
            return NotFound(_("BigCommerce does not have this record"), detail=detail)
        case 429:
            return RateLimited(_("The store's call limit is used up"), until=retry_at(response), detail=detail)
    return None


def _unclear(write: bool, message: str, detail: str = "") -> ClientError:
    return OutcomeUnknown(message, detail=detail) if write else Unavailable(message, detail=detail)


def _detail(response: Response) -> str:
    try:
        return error_text(response.json()) if response.is_json else ""
    except Unreadable:
        return ""


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
