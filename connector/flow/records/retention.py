"""What is older than an organisation keeps it is deleted, in short transactions that block nobody.

First the chain says before which moments things may be gone; then they are deleted, the oldest first. So a stop in
between leaves no gap: the next run goes on. The ledger's rows, the drafts and the references stay, and so do the
entries of the chain with every hash.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from connector.domain.choices import DocumentKind
from connector.domain.document.states import State
from connector.flow.clock import database_now
from connector.flow.isolate import isolate
from connector.flow.records import expired
from connector.flow.records.old_runs import old_runs
from connector.models import Connection, Delivery, Division, ExactDelivery, OrderSync, SyncEvent
from tenants.models import Tenant

log = structlog.get_logger(__name__)

BATCH = 500
# What one sweep deletes at most of an organisation; the next one goes on.
BATCHES_A_SWEEP = 20
EVERY = timedelta(days=1)
# A sweep prunes one organisation, and one more for each so many that are due: all have their turn within half a day.
SWEEPS = 720
DONE = (State.POSTED, State.SKIPPED)
KINDS = ("deliveries", "copies", "bodies", "calls", "reports", "runs")
# No document follows from these, so the chain need not speak of them.
OUTSIDE = ("reports", "runs")


@dataclass(slots=True)
class Pruned:
    """How many rows have expired, by kind. `done`: nothing of it is left.

    `reports` are what Exact's webhook brought, `runs` the daily comparisons.
    """

    deliveries: int = 0
    copies: int = 0
    bodies: int = 0
    calls: int = 0
    reports: int = 0
    runs: int = 0
    done: bool = True

    def __iadd__(self, other: "Pruned") -> "Pruned":
        for name in KINDS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.done = self.done and other.done
        return self

    def numbers(self) -> dict[str, int]:
        """Return how many rows have expired, by kind."""
        return {name: getattr(self, name) for name in KINDS}


def limits(tenant: Tenant, now: datetime) -> dict[str, datetime]:
    """Return the moment (UTC) before which each kind expires, by the organisation's settings."""
    days = {
        "deliveries": tenant.keep_deliveries_days,
        "copies": tenant.keep_copies_days,
        "calls": tenant.keep_calls_days,
    }
    return {kind: now - timedelta(days=number) for kind, number in days.items()}


def look_after() -> None:
    """Prune each organisation once a day, the one that waits longest first; a sweep takes few and holds up no step."""
    now = database_now()
    due = Tenant.objects.filter(Q(pruned_at=None) | Q(pruned_at__lte=now - EVERY))
    waiting = list(due.order_by(F("pruned_at").asc(nulls_first=True), "pk").values_list("pk", flat=True))
    if not waiting:
        return
    for tenant in Tenant.objects.filter(pk__in=waiting[: 1 + len(waiting) // SWEEPS]):
        isolate(partial(_daily, tenant, now), "organisation_not_pruned", tenant=tenant.pk)


def _daily(tenant: Tenant, now: datetime) -> None:
    if not Tenant.objects.filter(pk=tenant.pk, pruned_at=tenant.pruned_at).update(pruned_at=now):
        return  # another worker prunes it
    pruned = prune(tenant, now, most=BATCHES_A_SWEEP)
    if not pruned.done:  # it goes on behind those that wait
        Tenant.objects.filter(pk=tenant.pk, pruned_at=now).update(pruned_at=now - EVERY)
    if any(pruned.numbers().values()):
        log.info("pruned", tenant=tenant.pk, **pruned.numbers())


def count(tenant: Tenant, now: datetime) -> Pruned:
    """Return what `prune` would delete now. Nothing is written."""
    found = _found(tenant, limits(tenant, now))
    pruned = Pruned()
    for kind, rows in found.items():
        pruned += _of(kind, rows.count())
    return pruned


def prune(tenant: Tenant, now: datetime, *, most: int | None = None) -> Pruned:
    """Delete what has expired, `most` batches of each kind at most."""
    before, pruned = limits(tenant, now), Pruned()
    found = _found(tenant, before)
    if any(rows.exists() for kind, rows in found.items() if kind not in OUTSIDE):
        for connection in Connection.objects.filter(store__tenant=tenant).select_related("store"):
            known = expired.read(connection)
            if (wanted := known.later_of(before)) != known:
                expired.record(connection, wanted)
    for kind, rows in found.items():
        pruned += _by_batches(kind, rows, _ACTS[kind], most)
    return pruned


def _found(tenant: Tenant, before: Mapping[str, datetime]) -> dict[str, QuerySet[Any]]:
    """Return what has expired, the oldest first. What is unread or unfinished never does."""
    calls = SyncEvent.objects.filter(tenant=tenant, kind=SyncEvent.Kind.CALL)
    unfinished = OrderSync.objects.filter(connection=OuterRef("connection"), order_id=OuterRef("order_id"))
    return {
        "deliveries": Delivery.objects.filter(
            store__tenant=tenant, received_at__lt=before["deliveries"], processed_at__isnull=False
        ).order_by("received_at", "pk"),
        "copies": OrderSync.objects.filter(
            ~Exists(unfinished.exclude(state__in=DONE)),
            connection__in=Connection.objects.filter(store__tenant=tenant).values("pk"),
            kind__in=[DocumentKind.INVOICE, DocumentKind.CREDIT],
            state__in=DONE,
            order_data__isnull=False,
            order_data__has_key="order",
            recheck_at=None,
            change_pending=False,
            updated_at__lt=before["copies"],
        ).order_by("updated_at", "pk"),
        "bodies": calls.filter(at__lt=before["copies"]).exclude(sent="", answered="").order_by("at", "pk"),
        "calls": calls.filter(at__lt=before["calls"]).order_by("at", "pk"),
        "reports": ExactDelivery.objects.filter(
            division__in=Division.objects.filter(grant__tenant=tenant).values("pk"),
            received_at__lt=before["deliveries"],
            processed_at__isnull=False,
        ).order_by("received_at", "pk"),
        "runs": old_runs(tenant, before["copies"]),
    }


def _by_batches(kind: str, rows: QuerySet[Any], act: Callable[[QuerySet[Any]], int], most: int | None) -> Pruned:
    number, batches = 0, 0
    while most is None or batches < most:
        batch = list(rows.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return _of(kind, number)
        number += act(rows.filter(pk__in=batch).order_by())
        batches += 1
    return _of(kind, number, done=False)


def _of(kind: str, number: int, *, done: bool = True) -> Pruned:
    pruned = Pruned(done=done)
    setattr(pruned, kind, number)
    return pruned


def _delete(rows: QuerySet[Any]) -> int:
    """Delete rows, and what belongs to them; returns how many rows they were."""
    return rows.delete()[1].get(rows.model._meta.label, 0)


def _empty_bodies(rows: QuerySet[SyncEvent]) -> int:
    return rows.update(sent="", answered="")


def _empty_copies(rows: QuerySet[OrderSync]) -> int:
    """Empty the copies of orders. A credit note keeps its refund, which later credit notes are worked out from."""
    notes = rows.filter(kind=DocumentKind.CREDIT, order_data__has_key="refund")
    with transaction.atomic():  # a document that is taken up meanwhile is held until then, and not found any more
        kept = list(notes.select_for_update().only("order_data"))
        for note in kept:
            note.order_data = {"refund": (note.order_data or {})["refund"]}
        OrderSync.objects.bulk_update(kept, ["order_data"])
    return len(kept) + rows.exclude(pk__in=[note.pk for note in kept]).update(order_data=None)


_ACTS: Mapping[str, Callable[[QuerySet[Any]], int]] = {
    "deliveries": _delete,
    "copies": _empty_copies,
    "bodies": _empty_bodies,
    "calls": _delete,
    "reports": _delete,
    "runs": _delete,
}
