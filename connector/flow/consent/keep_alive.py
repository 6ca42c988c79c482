"""Refreshes idle consents in time, and warns people when that fails."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from django.urls import reverse

from connector.clients import errors
from connector.flow import alerts, leases
from connector.flow.clock import database_now
from connector.flow.isolate import isolate
from connector.flow.outbound import access_tokens, clients
from connector.models import ConsentRequest, Division, ExactGrant
from connector.models.credentials import Health
from connector.problems.alerts import AlertCode, alert_text
from tenants.unreadable import UnreadableSecret

log = structlog.get_logger(__name__)

# Each call that needs a token refreshes it. With fewer days left than this, there was no call for ten days.
IDLE_BELOW = timedelta(days=20)
RETRY_AFTER = timedelta(hours=1)
# A new consent without a decision is deleted after this time, with its tokens.
DECIDE_WITHIN = timedelta(days=1)
NEVER = datetime.min.replace(tzinfo=UTC)


def look_after() -> None:
    """Refresh one idle consent per sweep, and warn of those that end soon.

    When no consent is idle, this takes two queries: one to look, one to delete old consent requests.
    """
    now = database_now()
    ConsentRequest.objects.filter(expires_at__lt=now - DECIDE_WITHIN).delete()
    idle = list(
        ExactGrant.objects.filter(state=Health.ACTIVE, refresh_expires_at__lte=now + IDLE_BELOW)
        .filter(tenant__suspended=False)
        .select_related("tenant")
        .defer("client_secret", "webhook_secret", "access_token", "refresh_token")
    )
    refreshed = isolate(partial(keep_alive, idle, now), "idle_consents_not_refreshed")
    for grant in idle:
        if grant != refreshed:
            isolate(partial(warn, grant, now), "consent_not_warned_of", grant=grant.pk)


def keep_alive(idle: Iterable[ExactGrant], now: datetime) -> ExactGrant | None:
    """Refresh the consent with the oldest last try, at most once an hour. Returns it when the refresh worked."""
    waiting = [grant for grant in idle if not grant.kept_alive_at or grant.kept_alive_at <= now - RETRY_AFTER]
    grant = min(waiting, key=lambda one: one.kept_alive_at or NEVER, default=None)
    if grant is None:
        return None
    claimed = ExactGrant.objects.filter(pk=grant.pk, kept_alive_at=grant.kept_alive_at).update(kept_alive_at=now)
    return grant if claimed and _refresh(grant) else None


def _refresh(grant: ExactGrant) -> bool:
    try:
        clients.tokens_of(grant, patience=0).token()  # another holder of the lease is refreshing it
    except (errors.ClientError, leases.LeaseLost, UnreadableSecret) as error:
        log.warning("idle_consent_not_refreshed", grant=grant.pk, error=type(error).__name__)
        return False
    return True


def warn(grant: ExactGrant, now: datetime) -> None:
    """Open the alert that is due now, once, and close the earlier alert."""
    if grant.refresh_expires_at is None:
        return
    left = grant.refresh_expires_at - now
    due = [days for days in access_tokens.WARN_AT_DAYS if left <= timedelta(days=days)]
    if not due or not ExactGrant.objects.filter(pk=grant.pk, state=Health.ACTIVE).exists():
        return
    for days in due[:-1]:
        alerts.close_alert(grant.tenant, access_tokens.expiry_cause(grant, days))
    alerts.raise_alert(
        grant.tenant,
        access_tokens.expiry_cause(grant, due[-1]),
        alert_text(AlertCode.CONSENT_ENDS, consent=grant.name, day=grant.refresh_expires_at.date()),
        page=reverse("admin:connector_exactgrant_change", args=[grant.pk]),
    )


def days_left(grant: ExactGrant, now: datetime) -> int | None:
    """Return the whole days before the refresh token ends; None when there is none."""
    return max((grant.refresh_expires_at - now).days, 0) if grant.refresh_expires_at else None


def calls_today(division: Division, now: datetime) -> int | None:
    """Return how many of the app's calls of today (UTC) are used; None when Exact has not reported it today."""
    if division.day_calls_limit is None or division.day_calls_left is None or division.day_calls_read_at is None:
        return None
    if division.day_calls_read_at.astimezone(UTC).date() != now.astimezone(UTC).date():
        return None
    return max(division.day_calls_limit - division.day_calls_left, 0)
