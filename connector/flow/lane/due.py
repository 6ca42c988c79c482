"""Which lanes have work, and which row of a lane is next.

A row says when its time comes, and its connection whether it may run then. Lanes are looked for by one statement each
for unread deliveries and due customers, rows in work, next attempts, second looks, and those of the last two that a
schedule or a budget may hold back. So the number of statements does not depend on the number of lanes, and a lane with
nothing to do costs nothing: small indexes have the unfinished rows alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from connector.domain.choices import Mode
from connector.domain.document.states import State
from connector.domain.timing.schedule import Schedule, last_release
from connector.flow import leases
from connector.flow.lane import customers
from connector.flow.outbound import rate_limits
from connector.models import Connection, Delivery, Division, ExactDelivery, OrderSync, RuleVersion
from connector.models.credentials import Health

MINUTE = timedelta(seconds=90)  # a minute's limit closes a lane for at most 60 s, and here is a margin
IN_WORK = [State.PREPARING, State.POSTING]
RELATED_ROWS = ["connection__store__tenant", "connection__division__grant__tenant", "division"]
# The columns that decide whether the rows of a connection may run. No credentials: nothing is called here.
SCHEDULE_FIELDS = [
    "schedule",
    "run_requested_at",
    "store__tenant__timezone",
    "division__day_calls_left",
    "division__day_calls_limit",
    "division__day_ends_at",
]
# How often a document is tried: about sixteen hours with the backoff, so that a vendor's bad night holds none.
MAX_ATTEMPTS = 24
# States in which a delivery makes the order be read again. Rows in the other states read it anyway.
WITHOUT_NEXT_STEP = [State.POSTED, State.BLOCKED, State.SKIPPED, State.AWAITING_APPROVAL]
# States in which a row waits for its schedule, unless a person chose it.
SCHEDULED = [State.PENDING, State.WAITING]
# Rows that run at any hour: those to look up or to look at again, and those that a person chose.
AT_ANY_HOUR = Q(state=State.UNCERTAIN) | Q(next_attempt_at=None) | Q(chosen_at__isnull=False)
# A lane's order: live orders first, then by time, and the second looks after all others. `document_next` has it.
ORDER = ("low_priority", F("next_attempt_at").asc(nulls_last=True), "id")


def _may_call(now: datetime, connection: str = "") -> Q:
    """The condition for connections that may call at a moment; `connection` leads to them, as in `connection__`.

    They are switched on, not suspended, connected on both sides, and no limit is in force.
    """
    wanted = {
        "store__tenant__suspended": False,
        "division__recovering": False,
        "store__state": Health.ACTIVE,
        "division__grant__state": Health.ACTIVE,
    }
    found = ~Q(**{f"{connection}mode": Mode.OFF}) & Q(
        **{f"{connection}{name}": value for name, value in wanted.items()}
    )
    for side in ("division", "store"):
        closed = f"{connection}{side}__closed_until"
        found &= Q(**{closed: None}) | Q(**{f"{closed}__lte": now})
    return found


def _connections_that_may_call(now: datetime) -> QuerySet[Connection]:
    found = Connection.objects.filter(_may_call(now)).select_related("store__tenant", "division")
    return found.only(*SCHEDULE_FIELDS)


def released_until(connection: Connection, now: datetime) -> datetime | None:
    """Return the moment (UTC) up to which the connection's rows may run; None when its schedule is manual."""
    return _released(connection.schedule, connection.store.tenant.timezone, connection.run_requested_at, now)


def _released(schedule: str, zone: str, run_requested_at: datetime | None, now: datetime) -> datetime | None:
    moments = [m for m in (last_release(Schedule.parse(schedule), now, ZoneInfo(zone)), run_requested_at) if m]
    return max(moments, default=None)


def open_connections(division_id: int, now: datetime) -> list[Connection]:
    """Return the connections of a lane that may call and have a row whose time has come, with their schedules."""
    # A lane that is drained has none. Then nothing more is asked.
    return list(_connections_that_may_call(now).filter(Exists(_of_connection(now)), division=division_id))


def due(division_id: int, now: datetime, *, ignore_schedule: bool = False) -> QuerySet[OrderSync]:
    """Return the rows of a lane that may be worked on now, in the lane's order: live orders first."""
    return _of_open(open_connections(division_id, now), division_id, now, ignore_schedule=ignore_schedule)


def _of_open(
    connections: Iterable[Connection], division_id: int, now: datetime, *, ignore_schedule: bool
) -> QuerySet[OrderSync]:
    """The rows of these connections that may be worked on now."""
    released = Q()
    for connection in connections:
        until = now if ignore_schedule else released_until(connection, now)
        ready = AT_ANY_HOUR
        if until:
            ready |= Q(state__in=SCHEDULED, next_attempt_at__lte=min(until, now))
        if rate_limits.is_for_live_orders_only(connection.division, now):
            ready &= Q(low_priority=False)
        released |= Q(connection=connection) & ready
    if not released:
        return OrderSync.objects.none()
    return _whose_time_has_come(now).filter(released, division=division_id).order_by(*ORDER)


@dataclass(frozen=True, slots=True)
class Found:
    """A row with all that its work needs, and what was seen of its connection and its order in the same statement.

    `rules` is the number of the connection's newest rules, 0 for none.
    """

    document: OrderSync
    rules: int
    store_is_shared: bool  # with another connection
    order_has_others: bool  # other documents

    def is_released_as(self, known: Iterable[Connection]) -> bool:
        """Whether the row's connection has the schedule that it has among these."""
        connection = self.document.connection
        return any(_schedule_of(each) == _schedule_of(connection) for each in known if each.pk == connection.pk)


def _schedule_of(connection: Connection) -> tuple[str, str, datetime | None]:
    return connection.schedule, connection.store.tenant.timezone, connection.run_requested_at


def first(rows: QuerySet[OrderSync]) -> Found | None:
    """Return the first of these rows; None when there is none."""
    connections = Connection.objects.filter(store=OuterRef("connection__store")).exclude(pk=OuterRef("connection"))
    versions = RuleVersion.objects.filter(connection=OuterRef("connection")).order_by("-number")
    documents = OrderSync.objects.filter(connection=OuterRef("connection"), order_id=OuterRef("order_id"))
    row = (
        rows.select_related(*RELATED_ROWS)
        .annotate(
            rules_number=Subquery(versions.values("number")[:1]),
            store_is_shared=Exists(connections),
            order_has_others=Exists(documents.exclude(pk=OuterRef("pk"))),
        )
        .first()
    )
    if row is None:
        return None
    return Found(row, row.rules_number or 0, row.store_is_shared, row.order_has_others)


def next_due(
    division_id: int, now: datetime, *, ignore_schedule: bool = False, among: Sequence[Connection] | None = None
) -> Found | None:
    """Return the next row of a lane; None when nothing is due.

    `among` are the lane's open connections as they were looked up before. A connection that may not call any more has
    no next row, and a row of another connection may be found when they are looked up again.
    """
    connections = open_connections(division_id, now) if among is None else among
    rows = _of_open(connections, division_id, now, ignore_schedule=ignore_schedule)
    if rows.query.is_empty():
        return None
    # The order is that of one column. Django takes as long to order so many as to compose all the rest of the query.
    return first(OrderSync.objects.filter(_may_call(now, "connection__"), pk=Subquery(rows.values("pk")[:1])))


def has_work(division_id: int, now: datetime) -> bool:
    """Whether one lane has work now. Its lease does not count."""
    unread = Delivery.objects.filter(store__connections__division=OuterRef("pk"), **_unread_at(now))
    of_exact = ExactDelivery.objects.filter(division=OuterRef("pk"), **_unread_at(now))
    with_customers = _with_customers(now).filter(division=OuterRef("pk"))
    if Division.objects.filter(Exists(unread) | Exists(of_exact) | Exists(with_customers), pk=division_id).exists():
        return True
    return due(division_id, now).exists()


def connections_with_customers(division_id: int, now: datetime) -> list[Connection]:
    """Return the connections of a lane that may call and have a customer whose details are due."""
    found = _with_customers(now).filter(division=division_id)
    return list(found.select_related("store__tenant").order_by("pk"))


def _with_customers(now: datetime) -> QuerySet[Connection]:
    return Connection.objects.filter(_may_call(now) & customers.is_due(now))


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
    busy.update(_connections_that_may_call(soon).filter(Exists(uncertain)).values_list("division", flat=True))
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


def _with_unread(now: datetime) -> Iterable[Waiting]:
    """The lanes with deliveries, of their stores or of Exact, that were not taken in, and those with due customers.

    One statement asks for all, each by a small index of its own.
    """
    unread = Delivery.objects.filter(store=OuterRef("store"), **_unread_at(now))
    since = Subquery(unread.order_by("id").values("received_at")[:1])
    of_stores = Connection.objects.filter(Exists(unread)).values_list("division", since)
    rows = ExactDelivery.objects.filter(**_unread_at(now)).order_by()
    of_exact = rows.values("division").values_list("division", Min("received_at"))
    of_customers = customers.waiting(Connection.objects.filter(_may_call(now)), now)
    return of_stores.union(of_exact, *of_customers, all=True)


def _unread_at(now: datetime) -> dict[str, Any]:
    return {"processed_at": None, "received_at__lte": now}


def _with_rows_in_work(now: datetime) -> Iterable[Waiting]:
    """The lanes with rows that are worked on. Their worker is gone when the lease is free."""
    in_work = OrderSync.objects.filter(state__in=IN_WORK, updated_at__lte=now)
    return in_work.order_by().values("division").values_list("division", Min("updated_at"))


def _with_due_rows(now: datetime, *, ignore_schedule: bool, open_by: datetime | None = None) -> Iterator[Waiting]:
    """Yield the lanes with rows that `due` returns."""
    open_ = _connections_that_may_call(open_by or now)
    release_of = cache(_released)  # many connections have the same schedule
    held_back: list[_HeldBack] = []
    for connection in chain(_with_next_steps(open_, now), _with_looks(open_, now)):
        zone = connection.store.tenant.timezone
        until = now if ignore_schedule else release_of(connection.schedule, zone, connection.run_requested_at, now)
        live_only = rate_limits.is_for_live_orders_only(connection.division, now)
        waiting = (connection.division_id, connection.since)
        if until is not None and until >= now and not live_only:
            yield waiting
        else:
            held_back.append(_HeldBack(connection.pk, waiting, until, live_only))
    if held_back:
        yield from _not_held_back(held_back, now)


def _with_next_steps(open_: QuerySet[Connection], now: datetime) -> QuerySet[Any]:
    """Those of the connections with rows whose next attempt is due, and since when their next one is (`since`).

    Each half has one index, so the database begins with the rows where they are few, else with the connections. As
    one condition the two would be looked up for each connection.
    """
    rows = OrderSync.objects.filter(next_attempt_at__lte=now, connection=OuterRef("pk"))
    first = rows.order_by("low_priority", "next_attempt_at", "id").values("next_attempt_at")[:1]
    return open_.filter(Exists(rows)).annotate(since=Subquery(first))


def _with_looks(open_: QuerySet[Connection], now: datetime) -> QuerySet[Any]:
    """The same for rows that are looked at again. Mostly there is none, which one small statement tells."""
    rows = OrderSync.objects.filter(_to_look_at_again(now))
    if not rows.exists():
        return open_.none()
    rows = rows.filter(connection=OuterRef("pk"))
    return open_.filter(Exists(rows)).annotate(since=Subquery(rows.order_by("id").values("recheck_at")[:1]))


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
        rows = _of_connection(now).filter(low_priority=low)
        first = rows.filter(state__in=SCHEDULED).order_by("next_attempt_at").values("next_attempt_at")[:1]
        columns |= {f"first_{low}": Subquery(first), f"other_{low}": Exists(rows.filter(AT_ANY_HOUR))}
    asked = Connection.objects.filter(pk__in=[one.pk for one in held_back]).annotate(**columns)
    found = {row["pk"]: row for row in asked.values("pk", *columns)}
    for one in held_back:
        row = found.get(one.pk, {})
        for low in (False,) if one.live_only else (False, True):
            first = row.get(f"first_{low}")
            if row.get(f"other_{low}") or (first and one.until and first <= one.until):
                yield one.waiting


def _whose_time_has_come(now: datetime) -> QuerySet[OrderSync]:
    """The rows whose time has come. Their connection may forbid it yet."""
    return OrderSync.objects.filter(Q(next_attempt_at__lte=now) | _to_look_at_again(now))


def _to_look_at_again(now: datetime) -> Q:
    return Q(state__in=WITHOUT_NEXT_STEP, recheck_at__lte=now)


def _of_connection(now: datetime) -> QuerySet[OrderSync]:
    """The same of one connection, in a query of connections."""
    return _whose_time_has_come(now).filter(connection=OuterRef("pk"))
