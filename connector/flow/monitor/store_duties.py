"""Duties for each store, beside its orders: repair the hooks, poll for changes, check that the ledger is complete,
compare the last days with the books.

A column of the store's row says when a duty is due. The worker that moves the column does the duty, so two workers
never both do it. It runs in a thread of the supervising process: a slow vendor must not delay the sweep.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from connector.clients import errors
from connector.domain.choices import Mode
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.inbox import poll, webhooks
from connector.flow.isolate import isolate
from connector.flow.monitor import books, completeness
from connector.flow.outbound import reconnect
from connector.models import Connection, Store
from connector.models.credentials import Health
from connector.problems.alerts import AlertCode, alert_text
from connector.problems.calls import kept, kept_fault
from tenants.fields import secret_fields
from tenants.unreadable import UnreadableSecret

log = structlog.get_logger(__name__)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A failed duty is tried again after this time, or when it is due, whichever is earlier.
RETRY_AFTER = timedelta(minutes=2)
# A vendor may be unavailable for this long before an alert opens.
PATIENCE = timedelta(hours=3)
SECRETS = [field.name for field in secret_fields(Store)]
TEMPORARY = (errors.RateLimited, errors.Unavailable, errors.NotSent, errors.UnexpectedResponse)


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty for each store: `column` has the time of the last try, `every` how often it is due, `failed` the alert."""

    name: str
    column: str
    every: Callable[[], timedelta]
    act: Callable[[Store], object]
    failed: AlertCode


def _hooks(store: Store) -> None:
    if webhooks.possible():
        webhooks.repair(store)


# In this order: repaired hooks make the poll due at once.
DUTIES = (
    Duty("hooks", "hooks_tried_at", lambda: HOUR, _hooks, AlertCode.HOOKS_NOT_REPAIRED),
    Duty(
        "poll",
        "polled_at",
        lambda: timedelta(minutes=settings.CONNECTOR_POLL_MINUTES),
        poll.poll,
        AlertCode.STORE_NOT_POLLED,
    ),
    Duty("ledger", "ledger_checked_at", lambda: DAY, completeness.check_daily, AlertCode.LEDGER_NOT_CHECKED),
    Duty("books", "books_compared_at", lambda: DAY, books.compare_daily, AlertCode.BOOKS_NOT_COMPARED),
)


def begin() -> None:
    """Make each store's poll due: deliveries may have been lost while no worker ran."""
    Store.objects.update(polled_at=None)


def look_after(stopping: threading.Event) -> int:
    """Do every duty that is due, store by store, until `stopping` is set; returns how many were done.

    A duty of one store that fails, however, never keeps the next store from its own: the failure is logged, and an
    alert shows it.
    """
    done = 0
    for duty in DUTIES:
        for pk in due(duty, database_now()).values_list("pk", flat=True):
            if stopping.is_set():
                return done
            show = partial(_show, duty, pk)
            act = partial(perform, duty, pk)
            done += bool(isolate(act, "store_not_looked_after", show=show, duty=duty.name, store=pk))
    return done


def due(duty: Duty, now: datetime) -> QuerySet[Store]:
    """Return the stores for which a duty is due.

    They have a connection that is switched on, and a valid token, and are not suspended.
    """
    in_use = Connection.objects.filter(store=OuterRef("pk")).exclude(mode=Mode.OFF)
    late = Q(**{duty.column: None}) | Q(**{f"{duty.column}__lte": now - duty.every()})
    stores = Store.objects.filter(late, Exists(in_use), state=Health.ACTIVE, tenant__suspended=False)
    return stores.order_by("pk")


def perform(duty: Duty, pk: int) -> bool:
    """Do one duty for one store unless another worker has begun it; returns whether it succeeded."""
    now = database_now()
    if not due(duty, now).filter(pk=pk).update(**{duty.column: now}):
        return False
    try:
        store = Store.objects.select_related("tenant").get(pk=pk)
        duty.act(store)
    except UnreadableSecret as error:
        log.error("store_not_looked_after", duty=duty.name, store=pk, error=str(error))
        _show(duty, pk, error)
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
        reconnect.refused_by_store(store, error)
    elif not isinstance(error, TEMPORARY) or (store.hooks_checked_at and store.hooks_checked_at < now - PATIENCE):
        alerts.raise_alert(
            store.tenant,
            _cause(duty, store),
            alert_text(duty.failed, store=store.name, **kept(error)),
            page=reverse("admin:connector_store_change", args=[store.pk]),
        )


def _show(duty: Duty, pk: int, error: Exception) -> None:
    """Open the alert of a fault that is not the vendor's. The duty comes again when it is due."""
    store = Store.objects.select_related("tenant").defer(*SECRETS).get(pk=pk)
    alerts.raise_alert(
        store.tenant,
        _cause(duty, store),
        alert_text(duty.failed, store=store.name, **kept_fault(error)),
        page=reverse("admin:connector_store_change", args=[store.pk]),
    )


def _cause(duty: Duty, store: Store) -> str:
    return f"{alerts.about(store)}:{duty.name}"
