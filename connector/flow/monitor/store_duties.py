"""Care for the stores, beside the orders: are the hooks in order, did something never ring, is the ledger complete?

Each duty of a store falls due by a column of its row, and whoever moves that column does it: two workers do not both.
Runs in the worker's supervising process, in a thread of its own, for a slow vendor must not hold up the sweep.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from connector.clients import errors
from connector.domain.choices import Mode
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.inbox import poll, webhooks
from connector.flow.monitor import completeness
from connector.flow.outbound import reconnect
from connector.models import Connection, Store
from connector.models.credentials import Health
from tenants.fields import UnreadableSecret

log = structlog.get_logger(__name__)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# What failed is tried again after this, or when it is due, whichever comes first.
RETRY_AFTER = timedelta(minutes=2)
# A vendor may be away for a while before a person hears of it.
PATIENCE = timedelta(hours=3)
PASSING = (errors.RateLimited, errors.Unavailable, errors.NotSent, errors.UnexpectedResponse)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do for each store: `column` says when it was last tried, `every` how often it is due."""

    name: str
    column: str
    every: Callable[[], timedelta]
    act: Callable[[Store], object]


def _hooks(store: Store) -> None:
    if webhooks.possible():
        webhooks.repair(store)


# In this order: mended hooks make the poll due at once.
DUTIES = (
    Duty("hooks", "hooks_tried_at", lambda: HOUR, _hooks),
    Duty("poll", "polled_at", lambda: timedelta(minutes=settings.CONNECTOR_POLL_MINUTES), poll.poll),
    Duty("ledger", "ledger_checked_at", lambda: DAY, completeness.check_daily),
)


def begin() -> None:
    """Nobody knows what rang while no worker ran, so every store is polled at once."""
    Store.objects.update(polled_at=None)


def look_after(stopping: threading.Event) -> int:
    """Do every duty that is due, store by store, until it is told to stop; returns how many were done."""
    done = 0
    for duty in DUTIES:
        for pk in due(duty, database_now()).values_list("pk", flat=True):
            if stopping.is_set():
                return done
            done += perform(duty, pk)
    return done


def due(duty: Duty, now: datetime) -> QuerySet[Store]:
    """Return the stores for which a duty is due: those with a connection that is switched on and a good token."""
    in_use = Connection.objects.filter(store=OuterRef("pk")).exclude(mode=Mode.OFF)
    late = Q(**{duty.column: None}) | Q(**{f"{duty.column}__lte": now - duty.every()})
    return Store.objects.filter(late, Exists(in_use), state=Health.ACTIVE).order_by("pk")


def perform(duty: Duty, pk: int) -> bool:
    """Do one duty for one store, unless somebody else has begun it; returns whether it was done well."""
    now = database_now()
    if not due(duty, now).filter(pk=pk).update(**{duty.column: now}):
        return False
    try:
        store = Store.objects.select_related("tenant").get(pk=pk)
        duty.act(store)
    except UnreadableSecret as error:
        log.error("store_not_looked_after", duty=duty.name, store=pk, error=str(error))
        return False
    except errors.ClientError as error:
        log.warning("store_not_looked_after", duty=duty.name, store=store.store_hash, error=type(error).__name__)
        _failed(duty, store, error, now)
        return False
    alerts.close_alert(store.tenant, _cause(duty, store))
    return True


def _failed(duty: Duty, store: Store, error: errors.ClientError, now: datetime) -> None:
    again = now - duty.every() + min(RETRY_AFTER, duty.every())
    Store.objects.filter(pk=store.pk, **{duty.column: now}).update(**{duty.column: again})
    if isinstance(error, errors.Unauthorized):
        reconnect.refused_by_store(store, str(error))
    elif not isinstance(error, PASSING) or (store.hooks_checked_at and store.hooks_checked_at < now - PATIENCE):
        alerts.raise_alert(
            store.tenant,
            _cause(duty, store),
            f"{TEXTS[duty.name].format(store=store.name)} {error} It is tried again by itself.",
            page=reverse("admin:connector_store_change", args=[store.pk]),
        )


def _cause(duty: Duty, store: Store) -> str:
    return f"{alerts.about(store)}:{duty.name}"


TEXTS = {
    "hooks": "The webhooks of {store} are not in order and could not be mended; new orders come by the poll only.",
    "poll": "{store} could not be asked for changed orders; what its webhooks do not tell of is not noticed.",
    "ledger": "{store} could not be asked whether the ledger has all of its orders.",
}
