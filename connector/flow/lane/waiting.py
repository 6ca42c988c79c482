"""Which lanes have work.

Lanes are looked for by one statement each for unread deliveries and due customers, rows in work, next attempts, second
looks, and those of the last two that a schedule or a budget may hold back. So the number of statements does not depend
on the number of lanes, and a lane with nothing to do costs nothing: small indexes have the unfinished rows alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any

from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable

from connector.domain.document.states import State
from connector.flow import leases
from connector.flow.composed import composed
from connector.flow.lane import customers, due
from connector.flow.outbound import rate_limits
from connector.models import Connection, Delivery, Division, ExactDelivery, OrderSync

MINUTE = timedelta(seconds=90)  # a minute's limit closes a lane for at most 60 s, and here is a margin


def lanes_with_work(now: datetime, *, tenant_slug: str | None = None, ignore_schedule: bool = False) -> list[int]:
    """Return the ids of the lanes that have work now and whose lease is free, the one that waits longest first."""
    due_rows = _with_due_rows(now, ignore_schedule=ignore_schedule)
    waits_since = _earliest(_with_unread(now), _with_rows_in_work(now), due_rows)
    if not waits_since:
        return []
    lanes = _lanes(tenant_slug).filter(leases.free(Division, now), pk__in=waits_since)
    return sorted(lanes.values_list("pk", flat=True), key=lambda lane: (waits_since[lane], lane))


def is_idle(now: datetime, *, tenant_slug: str | None = None, ignore_schedule: bool = False) -> bool:
    """Whether no row is due, in work or uncertain, also after a minute's limit is over.

    Rows that wait for a consent, a schedule or a later attempt do not count.
    """
    soon = now + MINUTE
    due_rows = _with_due_rows(now, ignore_schedule=ignore_schedule, open_by=soon)
    busy = {lane for lane, _ in (*_with_unread(now), *_with_rows_in_work(now), *due_rows)}
    uncertain = OrderSync.objects.filter(connection=OuterRef("pk"), state=State.UNCERTAIN)
    busy.update(due.connections_that_may_call(soon).filter(Exists(uncertain)).values_list("division", flat=True))
    return not (busy and _lanes(tenant_slug).filter(pk__in=busy).exists())


def _lanes(tenant_slug: str | None) -> QuerySet[Division]:
    lanes = Division.objects.filter(grant__tenant__suspended=False)
    return lanes.filter(grant__tenant__slug=tenant_slug) if tenant_slug else lanes


Waiting = tuple[int, datetime]
"""A lane, and since when it waits (UTC)."""


def _earliest(*groups: Iterable[Waiting]) -> dict[int, datetime]:
    """Return since when each lane waits."""
    found: dict[int, datetime] = {}
    for group in groups:
        for lane, since in group:
            found[lane] = min(found.get(lane, since), since)
    return found


@composed
def _with_unread(now: datetime) -> QuerySet[Any, Waiting]:
    """The lanes with deliveries, of their stores or of Exact, that were not taken in, and those with due customers.

    One statement asks for all, each by a small index of its own.
    """
    unread = Delivery.objects.filter(store=OuterRef("store"), **due.unread_at(now))
    since = Subquery(unread.order_by("id").values("received_at")[:1])
    of_stores = Connection.objects.filter(Exists(unread)).values_list("division", since)
    rows = ExactDelivery.objects.filter(**due.unread_at(now)).order_by()
    of_exact = rows.values("division").values_list("division", Min("received_at"))
    of_customers = customers.waiting(Connection.objects.filter(due.may_call(now)), now)
    return of_stores.union(of_exact, *of_customers, all=True)


@composed
def _with_rows_in_work(now: datetime) -> QuerySet[Any, Waiting]:
    """The lanes with rows that are worked on. Their worker is gone when the lease is free."""
    in_work = OrderSync.objects.filter(state__in=due.IN_WORK, updated_at__lte=now)
    return in_work.order_by().values("division").values_list("division", Min("updated_at"))


def _with_due_rows(now: datetime, *, ignore_schedule: bool, open_by: datetime | None = None) -> Iterator[Waiting]:
    """Yield the lanes with rows that `due` returns."""
    open_by = open_by or now
    release = cache(due.release_of)  # many connections have the same schedule
    held_back: list[_HeldBack] = []
    for connection in chain(_with_next_steps(open_by, now), _with_looks(open_by, now)):
        zone = connection.store.tenant.timezone
        until = now if ignore_schedule else release(connection.schedule, zone, connection.run_requested_at, now)
        live_only = rate_limits.is_for_live_orders_only(connection.division, now)
        waiting = (connection.division_id, connection.since)
        if until is not None and until >= now and not live_only:
            yield waiting
        else:
            held_back.append(_HeldBack(connection.pk, waiting, until, live_only))
    if held_back:
        yield from _not_held_back(held_back, now)


@composed
def _with_next_steps(open_by: datetime, now: datetime) -> QuerySet[Any]:
    """The connections that may call by a moment and have rows whose next attempt is due, and since when (`since`).

    Each half has one index, so the database begins with the rows where they are few, else with the connections. As
    one condition the two would be looked up for each connection.
    """
    rows = OrderSync.objects.filter(next_attempt_at__lte=now, connection=OuterRef("pk"))
    first = rows.order_by("low_priority", "next_attempt_at", "id").values("next_attempt_at")[:1]
    return due.connections_that_may_call(open_by).filter(Exists(rows)).annotate(since=Subquery(first))


def _with_looks(open_by: datetime, now: datetime) -> list[Any]:
    """The same for rows that are looked at again. Mostly there is none, which one small statement tells."""
    return _with_rows_to_look_at(open_by, now) if _if_to_look_at(now) else []


@composed
def _if_to_look_at(now: datetime) -> QuerySet[OrderSync, tuple[int]]:
    return OrderSync.objects.filter(due.to_look_at_again(now)).order_by().values_list("pk")[:1]


@composed
def _with_rows_to_look_at(open_by: datetime, now: datetime) -> QuerySet[Any]:
    rows = OrderSync.objects.filter(due.to_look_at_again(now), connection=OuterRef("pk"))
    first = rows.order_by("id").values("recheck_at")[:1]
    return due.connections_that_may_call(open_by).filter(Exists(rows)).annotate(since=Subquery(first))


@dataclass(frozen=True, slots=True)
class _HeldBack:
    """A connection whose rows wait: those after `until` for its schedule, those that are no live orders for a day."""

    pk: int
    waiting: Waiting
    until: datetime | None
    live_only: bool


def _not_held_back(held_back: list[_HeldBack], now: datetime) -> Iterator[Waiting]:
    """Yield the lanes of those connections of which a row may run all the same."""
    columns: dict[str, Combinable] = {}
    for low in (False, True):
        rows = due.rows_of_connection(now).filter(low_priority=low)
        first = rows.filter(state__in=due.SCHEDULED).order_by("next_attempt_at").values("next_attempt_at")[:1]
        columns |= {f"first_{low}": Subquery(first), f"other_{low}": Exists(rows.filter(due.AT_ANY_HOUR))}
    asked = Connection.objects.filter(pk__in=[one.pk for one in held_back]).annotate(**columns)
    found = {row["pk"]: row for row in asked.values("pk", *columns)}
    for one in held_back:
        row = found.get(one.pk, {})
        for low in (False,) if one.live_only else (False, True):
            first = row.get(f"first_{low}")
            if row.get(f"other_{low}") or (first and one.until and first <= one.until):
                yield one.waiting
