"""The circuit breaker: an endpoint of a division that refuses whatever it is asked is not called for a while.

It counts causes, not refusals. A cause that several documents have one after another, while no call goes well, is the
endpoint's: then the endpoint closes. A cause that one document has alone is the document's, and the others go on. When
an endpoint opens, one call is tried, if possible for a document that was not refused, and for a document before a call
without one; when it succeeds, all go on.

Exact blocks the app's key after more than ten errors (400, 401, 403, 404) in an hour on an endpoint, for an hour and
then longer. So the endpoint closes at eight errors of any causes until the oldest is an hour old. From four on, a
document that was refused within the hour waits, so that what is left is for the others. One that a person sends again
is sent at once, up to eight errors in all. Its own errors close the endpoint for the others at the ninth only, because
the tenth by our count could be the eleventh by Exact's.

Details of customers are also written beside the orders, for no document. Such a write may wait, and closes nothing for
an order: these writes have a row of their own, with their own causes. Their errors count for the endpoint too, because
Exact counts both; from the fourth of all errors within the hour on they wait, so that what is left is for orders.
Fact: Exact's API limits, "No more than 10 errors per API key, per user, per company, per endpoint, and per hour".

The division's row is locked by the caller (outbound/rate_limits).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from connector.clients.errors import EndpointClosed
from connector.clients.transport import Call
from connector.domain.document.causes import alike
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.models import Breaker, Division, OrderSync
from connector.problems.alerts import AlertCode, alert_text

COUNTED = {400, 401, 403, 404}
# At so many errors within the hour the endpoint closes, and a document that had one of them waits.
MOST_ERRORS, FEW_ARE_LEFT = 8, 4
# So many refusals in a row for one cause close the endpoint: clear ones, and those after which nothing is known.
MOST_CLEAR, MOST_UNCLEAR = 5, 3
# At so many errors the endpoint closes, also when a person's tries made them, and a person cannot try either.
MOST_AT_EXACT = 9
HOUR = timedelta(hours=1)
# The first pause. Each one in a row is twice as long. An endpoint that gives no clear answer may recover soon.
PAUSE, PAUSE_WHEN_UNCLEAR, LONGEST = HOUR, timedelta(minutes=10), timedelta(hours=8)
# The one call that is tried has ended by then.
TRIAL = timedelta(minutes=2)
# When an endpoint opens, a document waits so much longer for each time that it was refused: another is tried first.
OTHERS_FIRST = timedelta(minutes=5)
# Every order needs this endpoint. So the whole lane waits when it is closed, and no call is wasted.
NEEDED_BY_EVERY_ORDER = "salesinvoice/SalesInvoices"
# The row of customers' writes: the endpoint with this behind it.
OF_CUSTOMERS = " (customers)"
_CUSTOMERS = "crm/"
# Which columns an answer changes. `require_open` notes in another process which call is tried.
_WHAT_WAS_REFUSED = ("errors", "refused", "cause", "was_write", "documents", "last_error", "let_through", "by_hand")
_ERRORS = ("errors", "refused", "let_through", "by_hand")
_FORGOTTEN: dict[str, Any] = {"documents": [], "refused": {}, "let_through": []}
_WHETHER_CLOSED = ("open_until", "tried_at", "opened_times", "writes_only")


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of an answer. `closed`: the endpoint that has just closed; the caller raises its alert after the
    transaction. `shared`: an endpoint is closed for the same cause, so it is not the document's."""

    closed: Breaker | None = None
    shared: bool = False


def require_open(
    division: Division, endpoint: str, now: datetime, document: OrderSync | None = None, *, writes: bool = False
) -> bool:
    """Raise EndpointClosed while the endpoint is closed, another call is being tried, or this document must wait.

    Return whether a good answer must be counted, because it ends a row of refusals or opens the endpoint.
    """
    name, own = name_of(endpoint), _row_of(endpoint, document, writes=writes)
    rows = {row.endpoint: row for row in Breaker.objects.filter(division=division, endpoint__in={name, own})}
    breaker = rows.get(own)
    until = _closed_until(breaker, now, document, writes=writes) if breaker is not None else None
    if own != name and name in rows:
        until = max(filter(None, (until, _left_to_orders(rows[name], now))), default=None)
    if until is not None:
        words = gettext_noop(
            "Exact refused calls to %(endpoint)s too often; it is left alone before Exact blocks the app"
        )
        raise EndpointClosed(words, given={"endpoint": name}, until=until, scope="endpoint", endpoint=endpoint)
    if breaker is None:
        return False
    if _bars(breaker, writes=writes):
        Breaker.objects.filter(pk=breaker.pk).update(tried_at=now)
    return bool(breaker.cause) or breaker.open_until is not None


def is_of_customers(endpoint: str, document: OrderSync | None, *, writes: bool) -> bool:
    """Whether a call writes details of a customer beside the orders."""
    return writes and document is None and endpoint.startswith(_CUSTOMERS)


def _row_of(endpoint: str, document: OrderSync | None, *, writes: bool) -> str:
    name = name_of(endpoint)
    return f"{name}{OF_CUSTOMERS}" if is_of_customers(endpoint, document, writes=writes) else name


def _left_to_orders(breaker: Breaker, now: datetime) -> datetime | None:
    """Until when an endpoint is left to orders: it is closed, or few errors are left within the hour. None for now."""
    errors = recent(breaker, now)
    if len(errors) >= FEW_ARE_LEFT:
        return _hour_after(errors[-FEW_ARE_LEFT])
    return breaker.open_until if breaker.open_until is not None and breaker.open_until > now else None


def _bars(breaker: Breaker, *, writes: bool) -> bool:
    """Whether such a call is barred, or is the one that is tried."""
    return breaker.open_until is not None and (writes or not breaker.writes_only)


def _closed_until(breaker: Breaker, now: datetime, document: OrderSync | None, *, writes: bool) -> datetime | None:
    """Return when such a call may be made; None for now."""
    number = document.pk if document is not None else 0
    until = now
    errors = recent(breaker, now)
    few_are_left = len(errors) >= (MOST_ERRORS if number in breaker.let_through else FEW_ARE_LEFT)
    if few_are_left and _is_recent(breaker.refused.get(str(number)), now):
        until = _hour_after(errors[-FEW_ARE_LEFT])
    if _bars(breaker, writes=writes) and breaker.open_until is not None:
        until = max(until, breaker.open_until + _late(breaker, number))
        if breaker.tried_at and breaker.tried_at > now - TRIAL:
            until = max(until, breaker.tried_at + TRIAL)
    return until if until > now else None


def _late(breaker: Breaker, number: int) -> timedelta:
    """How much later than others a call may be tried. One for no document gives way to an order that waits: else the
    same read would be tried and refused each time, and close the endpoint for the orders for ever."""
    times: int = breaker.documents.count(number)
    if number or not times:
        return OTHERS_FIRST * times
    waiting = OrderSync.objects.filter(division=breaker.division_id, next_attempt_at__isnull=False)
    return OTHERS_FIRST if waiting.exists() else timedelta()


def count(division: Division, call: Call, now: datetime, document: OrderSync | None = None) -> Counted:
    """Count the answer to a call for its endpoint."""
    name, writes = name_of(call.endpoint), call.method != "GET"
    own = _row_of(call.endpoint, document, writes=writes)
    if _is_refusal(call):
        closed = _count_for_orders(division, name, now) if own != name and call.status in COUNTED else None
        breaker, _new = Breaker.objects.get_or_create(division=division, endpoint=own)
        counted = _refused(breaker, call, now, document)
        return Counted(closed or counted.closed, counted.shared)
    if 200 <= call.status < 300 and not call.error:
        breaker_or_none = Breaker.objects.filter(division=division, endpoint=own).first()
        if breaker_or_none is not None:
            _went_well(breaker_or_none, writes=writes)
    return Counted()


def _count_for_orders(division: Division, name: str, now: datetime) -> Breaker | None:
    """Count an error of a customer's write among all errors of the endpoint. Return the endpoint if that closes it."""
    breaker, _new = Breaker.objects.get_or_create(division=division, endpoint=name)
    _count_error(breaker, now, 0)
    closes = _closes_for_errors(breaker)
    breaker.save(update_fields=[*_ERRORS, *(_WHETHER_CLOSED if closes else ())])
    return breaker if closes else None


def _is_refusal(call: Call) -> bool:
    """Whether an answer counts: an error of Exact's count, an unclear write, or a text with status 500."""
    return call.status in COUNTED or call.unclear or (call.status == 500 and bool(call.detail))


def _refused(breaker: Breaker, call: Call, now: datetime, document: OrderSync | None) -> Counted:
    number = document.pk if document is not None else 0
    by_hand = number in breaker.let_through
    if call.status in COUNTED:
        _count_error(breaker, now, number)
    cause = _cause_of(call, document)
    writes = call.method != "GET"
    was_tried = breaker.open_until is not None and breaker.open_until <= now and _bars(breaker, writes=writes)
    same = breaker.cause == cause
    if was_tried or (not by_hand and (same or breaker.open_until is None)):
        most = len(breaker.errors) if call.status in COUNTED else MOST_ERRORS  # those of an hour ago do not count
        breaker.documents = [*(breaker.documents if same else []), number][-most:]
        breaker.cause, breaker.was_write, breaker.last_error = cause, writes, call.error
    closes = _closes(breaker, call, now, again=was_tried and same)
    if not closes and was_tried:
        breaker.tried_at = None  # it was refused for a cause of its own: another one is tried
    closed_or_tried = _WHETHER_CLOSED if closes or was_tried else ()
    breaker.save(update_fields=[*_WHAT_WAS_REFUSED, *closed_or_tried])
    closed = _with_cause(breaker, cause).filter(open_until__isnull=False)
    return Counted(breaker if closes else None, shared=closed.exists())


def _count_error(breaker: Breaker, now: datetime, number: int) -> None:
    """Count an error that Exact counts too. That of a document that a person sent again is noted as such."""
    breaker.errors = [*recent(breaker, now), now.isoformat()]
    earlier = [at for at in breaker.by_hand if _is_recent(at, now)]
    breaker.by_hand = [*earlier, now.isoformat()] if number in breaker.let_through else earlier
    refused = {key: at for key, at in breaker.refused.items() if _is_recent(at, now)}
    breaker.let_through = [each for each in breaker.let_through if each != number and str(each) in refused]
    breaker.refused = {**refused, str(number): now.isoformat()} if number else refused


def _closes(breaker: Breaker, call: Call, now: datetime, *, again: bool) -> bool:
    """Close the endpoint when it must be; return whether it was. `again`: the call that was tried was refused too."""
    writes, unclear = call.method != "GET", call.status not in COUNTED
    if again or _is_the_endpoints(breaker, MOST_UNCLEAR if unclear else MOST_CLEAR):
        breaker.writes_only = writes
        pause = PAUSE_WHEN_UNCLEAR if unclear else PAUSE
        breaker.opened_times += 1
        _close(breaker, now + min(pause * 2 ** (breaker.opened_times - 1), LONGEST))
        return True
    return _closes_for_errors(breaker)


def _closes_for_errors(breaker: Breaker) -> bool:
    """Close the endpoint when it had as many errors within the hour as may be; return whether it was."""
    errors = len(breaker.errors)
    if errors - len(breaker.by_hand) >= MOST_ERRORS or errors >= MOST_AT_EXACT:
        breaker.writes_only = False
        _close(breaker, _hour_after(breaker.errors[-MOST_ERRORS]))
        return True
    return False


def _is_the_endpoints(breaker: Breaker, most: int) -> bool:
    """Whether the cause in a row is not that of one document. The same words from another endpoint count too."""
    others = _with_cause(breaker, breaker.cause).exclude(pk=breaker.pk)
    documents = [*breaker.documents, *(each for row in others.values_list("documents", flat=True) for each in row)]
    return len(documents) >= most and (len({*documents}) > 1 or 0 in documents)


def _with_cause(breaker: Breaker, cause: str) -> QuerySet[Breaker]:
    """The division's endpoints with a cause, of orders or of customers as this one is."""
    of_customers = Q(endpoint__endswith=OF_CUSTOMERS)
    rows = Breaker.objects.filter(division=breaker.division_id, cause=cause)
    return rows.filter(of_customers if breaker.endpoint.endswith(OF_CUSTOMERS) else ~of_customers)


def _went_well(breaker: Breaker, *, writes: bool) -> None:
    """Forget what was refused in a row, and open the endpoint when this was the call that was tried.

    A read that goes well says nothing of writes.
    """
    opens = breaker.tried_at is not None and _bars(breaker, writes=writes)
    if opens:
        breaker.open_until, breaker.tried_at, breaker.opened_times, breaker.writes_only = None, None, 0, False
    cause = breaker.cause
    if cause and (writes or not breaker.was_write) and breaker.open_until is None:
        breaker.cause, breaker.documents = "", []
    if opens or cause != breaker.cause:
        breaker.save(update_fields=["cause", "documents", *(_WHETHER_CLOSED if opens else ())])
    if opens:
        _close_alerts(breaker.division)


def recent(breaker: Breaker, now: datetime) -> list[str]:
    """Return the times (ISO 8601) of the errors within the last hour."""
    return [at for at in breaker.errors if _is_recent(at, now)]


def let_through(document: OrderSync) -> None:
    """Let a document that was refused within the hour be sent once more at once, because a person says so."""
    now = database_now()
    for breaker in Breaker.objects.filter(division=document.division_id):
        if _is_recent(breaker.refused.get(str(document.pk)), now) and document.pk not in breaker.let_through:
            breaker.let_through = [*breaker.let_through, document.pk]
            breaker.save(update_fields=["let_through"])


def try_now(breaker: Breaker) -> str:
    """Let one call be tried now, because a person says that the cause is solved. Returns why not, or ""."""
    now = database_now()
    with transaction.atomic():
        if breaker.open_until is None:
            return _("It is open already.")
        if len(recent(breaker, now)) >= MOST_AT_EXACT:
            return _(
                "Exact refused it so often within the hour that one more could block the app. Wait until it opens."
            )
        Breaker.objects.filter(pk=breaker.pk).update(open_until=now, tried_at=None, **_FORGOTTEN)
        if breaker.endpoint == NEEDED_BY_EVERY_ORDER:
            Division.objects.filter(pk=breaker.division_id, closed_until=breaker.open_until).update(closed_until=now)
    return ""


def _close(breaker: Breaker, until: datetime) -> None:
    breaker.open_until, breaker.tried_at = until, None
    if breaker.endpoint == NEEDED_BY_EVERY_ORDER:
        Division.objects.filter(pk=breaker.division_id).update(closed_until=until)


def tell(breaker: Breaker) -> None:
    """Raise the alert that an endpoint has closed. Endpoints that close for one cause have one alert."""
    division, opens = breaker.division, breaker.open_until or database_now()
    of_customers = breaker.endpoint.endswith(OF_CUSTOMERS)
    alerts.raise_alert(
        division.grant.tenant,
        _alert_of(breaker, breaker.cause),
        alert_text(
            AlertCode.CUSTOMERS_WAIT if of_customers else AlertCode.ENDPOINT_CLOSED,
            calls=max(len(breaker.documents), len(breaker.errors)),
            endpoint=breaker.endpoint.removesuffix(OF_CUSTOMERS),
            division=division.code,
            time=f"{opens:%H:%M}",
        ),
        page=reverse("admin:connector_breaker_change", args=[breaker.pk]),
    )


def _close_alerts(division: Division) -> None:
    """Close the alerts of the causes for which no endpoint of the division is closed any more."""
    closed = Breaker.objects.filter(division=division, open_until__isnull=False).select_related("division")
    alerts.close_alerts(
        division.grant.tenant, f"{alerts.about(division)}:", but={_alert_of(each, each.cause) for each in closed}
    )


def _alert_of(breaker: Breaker, cause: str) -> str:
    whose = OF_CUSTOMERS if breaker.endpoint.endswith(OF_CUSTOMERS) else ""
    return f"{alerts.about(breaker.division)}:refused:{sha256(f'{cause}{whose}'.encode()).hexdigest()[:16]}"


def _cause_of(call: Call, document: OrderSync | None) -> str:
    """Return the same text for calls that are refused for one cause: without ids, amounts, numbers and own values."""
    own = document.own_values if document is not None else ()
    kind = "read" if call.method == "GET" else "write"
    return f"{kind} {call.status} {alike(call.detail, own)}"


def name_of(endpoint: str) -> str:
    """Return the endpoint without the id of a record: all records of a list count together."""
    return endpoint.partition("(")[0]


def _hour_after(at: str) -> datetime:
    return datetime.fromisoformat(at) + HOUR


def _is_recent(at: str | None, now: datetime) -> bool:
    return at is not None and _hour_after(at) > now
