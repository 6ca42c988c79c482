"""The circuit breaker: after five refusals within an hour an endpoint of a division is not called any more.

Exact blocks the app's key after more than ten errors (400, 401, 403, 404) in an hour on an endpoint, for an hour and
then longer. So the endpoint closes at five. After the pause, or when a person asks, one call is tried: when it succeeds
the endpoint is open again. The division's row is locked by the caller (outbound/rate_limits).
Fact: Exact's API limits, "No more than 10 errors per API key, per user, per company, per endpoint, and per hour".
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from connector.clients.errors import EndpointClosed
from connector.clients.transport import Call
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.models import Breaker, Division

COUNTED = {400, 401, 403, 404}
MOST_ERRORS = 5
# At so many errors a person cannot try either: the tenth by our count could be the eleventh by Exact's.
MOST_BY_HAND = 9
HOUR = timedelta(hours=1)
LONGEST = timedelta(hours=8)
# The one call that is tried has ended by then.
TRIAL = timedelta(minutes=2)
# Every order needs this endpoint. So the whole lane waits when it is closed, and no call is wasted.
NEEDED_BY_EVERY_ORDER = "salesinvoice/SalesInvoices"


def require_open(division: Division, endpoint: str, now: datetime) -> None:
    """Raise EndpointClosed while the endpoint is closed, or another call is being tried."""
    breaker = Breaker.objects.filter(division=division, endpoint=_name(endpoint), open_until__isnull=False).first()
    if breaker is None or breaker.open_until is None:
        return
    until = breaker.open_until
    if until <= now and breaker.tried_at and breaker.tried_at > now - TRIAL:
        until = breaker.tried_at + TRIAL
    if until > now:
        text = _("Exact refused calls to %(endpoint)s too often; it is left alone before Exact blocks the app") % {
            "endpoint": _name(endpoint)
        }
        raise EndpointClosed(text, until=until, scope="endpoint", endpoint=endpoint)
    Breaker.objects.filter(pk=breaker.pk).update(tried_at=now)


def count(division: Division, call: Call, now: datetime) -> Breaker | None:
    """Count a refusal. The endpoint closes at the fifth, or when the call that was tried is refused.

    Returns the breaker when the endpoint has just closed; the caller raises its alert after the transaction.
    """
    name = _name(call.endpoint)
    if call.status in COUNTED:
        breaker, _made = Breaker.objects.get_or_create(division=division, endpoint=name)
        breaker.errors = [*recent(breaker, now), now.isoformat()]
        breaker.last_error = call.error
        closes = breaker.open_until is not None or len(breaker.errors) >= MOST_ERRORS
        if closes:
            _close(breaker, now)
        breaker.save()
        return breaker if closes else None
    if 200 <= call.status < 300:
        tried = Breaker.objects.filter(division=division, endpoint=name, tried_at__isnull=False)
        if tried.update(open_until=None, tried_at=None, opened_times=0):
            alerts.close_alert(division.grant.tenant, _cause(division, name))
    return None


def recent(breaker: Breaker, now: datetime) -> list[str]:
    """Return the times (ISO 8601) of the refusals within the last hour."""
    return [at for at in breaker.errors if datetime.fromisoformat(at) > now - HOUR]


def try_now(breaker: Breaker) -> str:
    """Let one call be tried now, because a person says that the cause is solved. Returns why not, or ""."""
    now = database_now()
    with transaction.atomic():
        if breaker.open_until is None:
            return _("It is open already.")
        if len(recent(breaker, now)) >= MOST_BY_HAND:
            return _(
                "Exact refused it so often within the hour that one more could block the app. Wait until it opens."
            )
        Breaker.objects.filter(pk=breaker.pk).update(open_until=now, tried_at=None)
        if breaker.endpoint == NEEDED_BY_EVERY_ORDER:
            Division.objects.filter(pk=breaker.division_id, closed_until=breaker.open_until).update(closed_until=now)
    return ""


def _close(breaker: Breaker, now: datetime) -> None:
    division = breaker.division
    breaker.opened_times += 1
    breaker.open_until = now + min(HOUR * 2 ** (breaker.opened_times - 1), LONGEST)
    breaker.tried_at = None
    if breaker.endpoint == NEEDED_BY_EVERY_ORDER:
        Division.objects.filter(pk=division.pk).update(closed_until=breaker.open_until)


def tell(breaker: Breaker) -> None:
    """Raise the alert that an endpoint has closed."""
    division, opens = breaker.division, breaker.open_until or database_now()
    alerts.raise_alert(
        division.grant.tenant,
        _cause(division, breaker.endpoint),
        _(
            "Exact refused %(number)s calls to %(endpoint)s of division %(division)s within an hour. Orders wait. One "
            "is tried at %(time)s UTC. See why the last orders are held, fix the cause, then try one at once."
        )
        % {
            "number": len(breaker.errors),
            "endpoint": breaker.endpoint,
            "division": division.code,
            "time": f"{opens:%H:%M}",
        },
        page=reverse("admin:connector_breaker_change", args=[breaker.pk]),
    )


def _name(endpoint: str) -> str:
    """The endpoint without the id of a record: all records of a list count together."""
    return endpoint.partition("(")[0]


def _cause(division: Division, name: str) -> str:
    return f"{alerts.about(division)}:{name}"[:100]
