"""The consequence that an answer of Exact's API has.

Facts: Exact's REST reference and API limits, recorded answers in public client logs.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

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
from connector.clients.exact.texts import is_validation, messages_of
from connector.clients.strict_json import Unreadable
from connector.clients.transport import Limits, Response
from connector.clients.wording import marked as _

_SCOPE = re.compile(r"'([a-z]+(?:\.[a-z]+)+)' scope", re.IGNORECASE)
# A reset that is further away than this, in the future or in the past, is ignored.
_LONGEST_WAIT = timedelta(days=2)


def payload(response: Response, *, write: bool) -> object:
    """Return the answer's JSON.

    A write has a clear answer when the status is 2xx with JSON, 400 with Exact's error envelope, or 500 with only
    known validation texts. 401, 403, 404 and 429 mean that nothing was written. Everything else raises
    OutcomeUnknown; a read raises Unavailable or UnexpectedResponse instead. Raises Rejected, Unauthorized, Forbidden,
    NotFound and RateLimited for what Exact refuses, and Unreadable for broken JSON.
    """
    if response.status == 204:
        return None  # the answer to a PUT or DELETE; a reader of any other call refuses None
    if 200 <= response.status < 300:
        if response.is_json:
            return response.json()
        page = _("Exact answered with a page instead of data, as it does during maintenance")
        raise OutcomeUnknown(page) if write else Unavailable(page)
    raise _refused(response) or _failed(response, write)


def limits(headers: Mapping[str, str]) -> Limits | None:
    """The budgets of the minute and the day, per app and division; None when the answer has none, as with many
    errors. Resets come in epoch milliseconds, UTC."""
    found = Limits(
        minute_left=_count(headers.get("x-ratelimit-minutely-remaining")),
        minute_limit=_count(headers.get("x-ratelimit-minutely-limit")),
        minute_reset=_moment(headers.get("x-ratelimit-minutely-reset")),
        day_left=_count(headers.get("x-ratelimit-remaining")),
        day_limit=_count(headers.get("x-ratelimit-limit")),
        day_reset=_moment(headers.get("x-ratelimit-reset")),
    )
    return None if found == Limits() else replace(found, answered_at=_date(headers.get("date")))


def rate_limited(response: Response) -> RateLimited:
    """The error for a 429. Usually it has only the headers of the limit that was reached. If it has both, the limit
    that is used up counts, and the day's comes first."""
    found = limits(response.headers) or Limits()
    if found.day_left == 0 or (found.minute_left is None and found.minute_reset is None):
        until, scope = found.day_reset, "day" if found != Limits() else ""
    else:
        until, scope = found.minute_reset, "minute"
    if until is not None and abs(until - response.sent_at) > _LONGEST_WAIT:
        until = None
    return RateLimited(_("The call limit of Exact is used up"), until=until, scope=scope)


def sentences(response: Response) -> tuple[str, ...] | None:
    """The messages of the error envelope; None when there is none."""
    try:
        return messages_of(response.json()) if response.is_json else None
    except Unreadable:
        return None


def _refused(response: Response) -> ClientError | None:
    """The error of an answer that means for reads and writes that nothing was done; None for any other."""
    detail = "; ".join(sentences(response) or ())
    match response.status:
        case 401:
            return Unauthorized(_("Exact refused the access token"), detail=detail)
        case 403:
            reason = _reason(response, detail)
            if not reason:
                return Forbidden(_("Exact refused the right to do this"), detail=detail)
            text = _("Exact refused the right to do this: %(reason)s")
            return Forbidden(text, reason=reason, given={"reason": reason}, detail=detail)
        case 404:
            return NotFound(_("Exact does not have this record"), detail=detail)
        case 429:
            return rate_limited(response)
    return None


def _failed(response: Response, write: bool) -> ClientError:
    status, messages = response.status, sentences(response)
    if messages is not None and (status == 400 or (write and status == 500 and is_validation(messages))):
        if not messages:
            return Rejected(_("Exact refused the request and gave no reason"))
        return Rejected(_("Exact refused the request"), messages=messages)
    detail = "; ".join(messages or ())
    if write:
        return OutcomeUnknown(_("It is not clear whether Exact did what was asked"), detail=detail)
    if status >= 500 or status == 408:  # 408: the request was too broad or too slow
        return Unavailable(_("Exact is not available"), detail=detail)
    return UnexpectedResponse(_("Exact gave an answer that does not fit the question"), detail=detail)


def _reason(response: Response, detail: str) -> str:
    """The `Reason` header (NoDivisionAccess, LicenseExpired, ...), else the scope that the text names."""
    header = response.headers.get("reason", "").strip()
    scope = _SCOPE.search(f"{header} {detail} {_plain_text(response)}")
    return scope[1] if scope else header[:100]


def _plain_text(response: Response) -> str:
    kind = response.headers.get("content-type", "")
    return response.body[:1000].decode("utf-8", "replace") if kind.startswith("text/plain") else ""


def _count(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 12 else None


def _moment(value: str | None) -> datetime | None:
    if not value or not re.fullmatch(r"[0-9]{1,14}", value):
        return None
    return datetime.fromtimestamp(int(value) / 1000, tz=UTC)


def _date(value: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(value).astimezone(UTC) if value else None
    except (ValueError, OverflowError):
        return None
