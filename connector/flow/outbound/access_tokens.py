"""Exact's tokens. One process at a time refreshes them, by the clock, and stores them before they are used.

The refresh token is single use. Two refreshes at once, or an answer lost between Exact and the database, cost the
merchant the consent. So a process needs the lease on the grant, and stores the pair before any process uses it.
An access token lives ten minutes, and Exact refuses to give a new one before 9 min 30 s.
"""

import hashlib
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from connector.clients import errors
from connector.clients.exact import oauth
from connector.clients.transport import OnCall, Transport
from connector.clients.wording import marked as _
from connector.flow import alerts, fault_points, leases
from connector.flow.clock import database_now
from connector.flow.outbound.reconnect import mark_reconnect
from connector.models import ExactGrant
from connector.models.credentials import Health
from tenants.fields import sealed_for

# The last 40th of a token's life is not used: of ten minutes 15 seconds. Exact gives a new token after 9 min 30 s.
PART_OF_LIFE_UNUSED = 40
# The longest pause after failed refreshes in a row.
LONGEST_PAUSE_MINUTES = 32
REFRESH_TOKEN_DAYS = 30
# Days before the end of the refresh token at which an alert is raised.
WARN_AT_DAYS = (10, 3)
# How long a process waits for another one's refresh. That one's lease has ended by then.
PATIENCE_SECONDS = leases.LEASE_SECONDS + 5
POLL_SECONDS = 0.2
# A token that was read is given for so long without another look at the consent, which a person may have ended.
KEPT_FOR = timedelta(seconds=10)


def exact_base_url(region: str) -> str:
    """Return the address at which a region's tokens work; EXACT_ONLINE_URL overrides it for sandboxes."""
    return settings.EXACT_ONLINE_URL or oauth.REGIONS[region]


def fingerprint(refresh_token: str) -> str:
    """Return the SHA-256 of a refresh token, in hex; it is kept to recognise an imported token."""
    return hashlib.sha256(refresh_token.encode()).hexdigest()


class GrantTokens:
    """Gives the access token of one grant, and refreshes it when its life has ended."""

    def __init__(
        self, grant_id: int, transport: Transport, on_call: OnCall, *, patience: float = PATIENCE_SECONDS
    ) -> None:
        self.grant_id = grant_id
        self.transport = transport
        self.on_call = on_call
        self.patience = patience
        self._kept: tuple[str, datetime] | None = None  # the token, and until when (UTC) it is given without a look

    def know(self, grant: ExactGrant) -> None:
        """Take the token of the consent's row, which was just read."""
        at, ends = database_now(), grant.access_expires_at
        is_given = grant.pk == self.grant_id and grant.state == Health.ACTIVE and grant.access_token
        self._kept = (str(grant.access_token), min(ends, at + KEPT_FOR)) if is_given and ends else None

    def token(self) -> str:
        """Return a valid token.

        Raises Reconnect when the consent has ended, RateLimited when Exact must not be asked yet, and Unavailable when
        the token could not be refreshed now.
        """
        now = database_now()
        if self._kept is not None and now < self._kept[1]:
            return self._kept[0]
        grant = self._load("state", "name", "access_token", "access_expires_at")
        if not _is_alive(grant) or grant.access_expires_at is None:
            return self._refresh(rejected=None)
        self._kept = str(grant.access_token), min(grant.access_expires_at, now + KEPT_FOR)
        return self._kept[0]

    def renew(self, rejected: str) -> str:
        """Return another token than the one that Exact refused with 401. Raises the same errors as `token`."""
        self._kept = None
        grant = self._load()
        if grant.access_token != rejected and _is_alive(grant):
            return str(grant.access_token)
        return self._refresh(rejected=rejected)

    def _load(self, *only: str) -> ExactGrant:
        """The grant, or only some columns of it. Raises Reconnect when it has ended."""
        grants = ExactGrant.objects.only(*only) if only else ExactGrant.objects.select_related("tenant")
        grant = grants.get(pk=self.grant_id)
        if grant.state == Health.RECONNECT:
            text = _("The consent %(name)s has ended; connect to Exact again.")
            raise errors.Reconnect(text, given={"name": grant.name})
        return grant

    def _refresh(self, *, rejected: str | None) -> str:
        lease = wait_for_lease(self.grant_id, self.patience)
        try:
            grant = self._load()  # another process may have refreshed it while we waited
            if _is_alive(grant) and grant.access_token != rejected:
                return str(grant.access_token)
            return self._exchange(grant, lease)
        finally:
            leases.release(lease)

    def _exchange(self, grant: ExactGrant, lease: leases.Lease) -> str:
        asked_at = database_now()
        if grant.refresh_after and grant.refresh_after > asked_at:
            raise errors.RateLimited(_("Exact gave no token when it was last asked"), until=grant.refresh_after)
        try:
            pair = oauth.refresh(
                self.transport,
                exact_base_url(grant.region),
                client_id=grant.client_id,
                client_secret=grant.client_secret,
                refresh_token=grant.refresh_token,
                on_call=self.on_call,
            )
        except errors.TooEarly as error:
            return _keep_current(grant, error)
        except errors.Reconnect as error:
            mark_reconnect(grant, error)
            raise
        except (errors.RateLimited, errors.UnexpectedResponse):
            _postpone_refresh(grant, asked_at)
            raise
        except errors.OutcomeUnknown as error:
            _postpone_refresh(grant, asked_at)
            # The pair may be lost. The next attempt tries the stored token once more; Exact's answer decides.
            raise errors.unavailable_after(error, _("The token could not be refreshed: %(error)s")) from None
        fault_points.reach("refresh_before_store")
        store_pair(grant, pair, lease, asked_at)
        fault_points.reach("refresh_stored")
        return str(pair.access_token)


def _postpone_refresh(grant: ExactGrant, asked_at: datetime) -> None:
    """Let Exact be asked again after 1, 4, 8, 16, then 32 minutes, so that an hour has at most five errors."""
    failures = grant.refresh_failures + 1
    minutes = 1 if failures == 1 else min(2**failures, LONGEST_PAUSE_MINUTES)
    ExactGrant.objects.filter(pk=grant.pk).update(
        refresh_failures=failures, refresh_after=asked_at + timedelta(minutes=minutes)
    )


def wait_for_lease(grant_id: int, seconds: float) -> leases.Lease:
    """Take the lease on a grant, and wait for it up to `seconds`. Raises Unavailable when it is not free by then."""
    give_up = time.monotonic() + seconds
    while not (lease := leases.acquire(ExactGrant, grant_id)):
        if time.monotonic() > give_up:
            raise errors.Unavailable(_("Another process holds the token of this consent; trying again later."))
        time.sleep(POLL_SECONDS)
    return lease


def _is_alive(grant: ExactGrant) -> bool:
    return bool(grant.access_token and grant.access_expires_at and grant.access_expires_at > database_now())


def _keep_current(grant: ExactGrant, error: errors.TooEarly) -> str:
    """Return the stored token, because Exact says that it is still valid. Raises Unavailable when we do not have it."""
    if not grant.access_token:
        raise errors.Unavailable(
            _(
                "Exact says that the token issued before is still valid, and we do not have it. Nothing is lost: it is "
                "asked again when that token has ended, within ten minutes."
            )
        ) from error
    if not _is_alive(grant):  # ended by our count; a token that was refused with 401 before its end keeps that end
        ExactGrant.objects.filter(pk=grant.pk).update(access_expires_at=database_now() + timedelta(seconds=15))
    return str(grant.access_token)


def store_pair(
    grant: ExactGrant,
    pair: oauth.TokenPair,
    lease: leases.Lease,
    asked_at: datetime,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Store a new pair of tokens under the lease. Its life begins at `asked_at` (database time, UTC).

    `facts` are further columns of the grant, such as who consented. Raises LeaseLost when another process has the
    lease.
    """
    life = pair.expires_in - pair.expires_in / PART_OF_LIFE_UNUSED
    changes = {
        **(facts or {}),
        "refresh_failures": 0,
        "refresh_after": None,
        "access_token": sealed_for(grant, "access_token", pair.access_token),
        "refresh_token": sealed_for(grant, "refresh_token", pair.refresh_token),
        "access_expires_at": asked_at + timedelta(seconds=life),
        "refresh_expires_at": asked_at + timedelta(days=REFRESH_TOKEN_DAYS),
        "refreshed_at": asked_at,
        "state": Health.ACTIVE,
    }
    if not ExactGrant.objects.filter(pk=grant.pk, lease_token=lease.token).update(**changes):
        raise leases.LeaseLost(f"The lease on the consent {grant.name} was taken over during a refresh.")
    if grant.refresh_expires_at and grant.refresh_expires_at < asked_at + timedelta(days=max(WARN_AT_DAYS)):
        for days in WARN_AT_DAYS:
            alerts.close_alert(grant.tenant, expiry_cause(grant, days))


def expiry_cause(grant: ExactGrant, days: int) -> str:
    """Return the cause of the alert that the refresh token ends within so many days."""
    return f"{alerts.about(grant)}:{days}-days"
