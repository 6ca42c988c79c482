"""Which rows of a lane are due, and which is next.

A row says when its time comes, and its connection whether it may run then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from connector.domain.choices import Mode
from connector.domain.document.states import State
from connector.domain.timing.schedule import Schedule, last_release
from connector.flow.composed import composed
from connector.flow.lane import customers
from connector.flow.outbound import rate_limits
from connector.models import Connection, Delivery, Division, ExactDelivery, OrderSync, RuleVersion
from connector.models.credentials import Health

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


def may_call(now: datetime, connection: str = "") -> Q:
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


def connections_that_may_call(now: datetime) -> QuerySet[Connection]:
    found = Connection.objects.filter(may_call(now)).select_related("store__tenant", "division")
    return found.only(*SCHEDULE_FIELDS)


def released_until(connection: Connection, now: datetime) -> datetime | None:
    """Return the moment (UTC) up to which the connection's rows may run; None when its schedule is manual."""
    return release_of(connection.schedule, connection.store.tenant.timezone, connection.run_requested_at, now)


def release_of(schedule: str, zone: str, run_requested_at: datetime | None, now: datetime) -> datetime | None:
    moments = [m for m in (last_release(Schedule.parse(schedule), now, ZoneInfo(zone)), run_requested_at) if m]
    return max(moments, default=None)


def open_connections(division_id: int, now: datetime) -> list[Connection]:
    """Return the connections of a lane that may call and have a row whose time has come, with their schedules."""
    # A lane that is drained has none. Then nothing more is asked.
    return _open_connections(division_id, now)


@composed
def _open_connections(division_id: int, now: datetime) -> QuerySet[Connection]:
    return connections_that_may_call(now).filter(Exists(rows_of_connection(now)), division=division_id)


def due(division_id: int, now: datetime, *, ignore_schedule: bool = False) -> QuerySet[OrderSync]:
    """Return the rows of a lane that may be worked on now, in the lane's order: live orders first."""
    open_ = open_connections(division_id, now)
    releases = [_Release.of(connection, now, ignore_schedule=ignore_schedule) for connection in open_]
    return _of_open(releases, division_id, now)


@dataclass(frozen=True, slots=True)
class _Release:
    """Which rows of a connection may run: those of `until` and before. Without it, those that run at any hour."""

    connection_id: int
    until: datetime | None
    live_only: bool

    @classmethod
    def of(cls, connection: Connection, now: datetime, *, ignore_schedule: bool) -> "_Release":
        until = now if ignore_schedule else released_until(connection, now)
        live_only = rate_limits.is_for_live_orders_only(connection.division, now)
        return cls(connection.pk, min(until, now) if until else None, live_only)

    def condition(self) -> Q:
        ready = AT_ANY_HOUR
        if self.until:
            ready |= Q(state__in=SCHEDULED, next_attempt_at__lte=self.until)
        if self.live_only:
            ready &= Q(low_priority=False)
        return Q(connection=self.connection_id) & ready


def _of_open(releases: Iterable[_Release], division_id: int, now: datetime) -> QuerySet[OrderSync]:
    """The rows of these connections that may be worked on now."""
    released = reduce(or_, (release.condition() for release in releases), Q())
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
    row = _seen(rows).first()
    return _found(row) if row else None


def _seen(rows: QuerySet[OrderSync]) -> QuerySet[OrderSync]:
    connections = Connection.objects.filter(store=OuterRef("connection__store")).exclude(pk=OuterRef("connection"))
    versions = RuleVersion.objects.filter(connection=OuterRef("connection")).order_by("-number")
    documents = OrderSync.objects.filter(connection=OuterRef("connection"), order_id=OuterRef("order_id"))
    return rows.select_related(*RELATED_ROWS).annotate(
        rules_number=Subquery(versions.values("number")[:1]),
        store_is_shared=Exists(connections),
        order_has_others=Exists(documents.exclude(pk=OuterRef("pk"))),
    )


def _found(row: Any) -> Found:
    return Found(row, row.rules_number or 0, row.store_is_shared, row.order_has_others)


def next_due(
    division_id: int, now: datetime, *, ignore_schedule: bool = False, among: Sequence[Connection] | None = None
) -> Found | None:
    """Return the next row of a lane; None when nothing is due.

    `among` are the lane's open connections as they were looked up before. A connection that may not call any more has
    no next row, and a row of another connection may be found when they are looked up again.
    """
    connections = open_connections(division_id, now) if among is None else among
    releases = [_Release.of(connection, now, ignore_schedule=ignore_schedule) for connection in connections]
    if not releases:
        return None
    rows = _next_row(division_id, now, *chain.from_iterable(map(astuple, releases)))
    return _found(rows[0]) if rows else None


@composed
def _next_row(division_id: int, now: datetime, *releases: Any) -> QuerySet[OrderSync]:
    """The next row of a lane; `releases` are the three values of each connection's release, one after the other."""
    size = len(fields(_Release))
    each = [_Release(*releases[at : at + size]) for at in range(0, len(releases), size)]
    first = _of_open(each, division_id, now).values("pk")[:1]
    # The order is that of one column. Django takes as long to order so many as to compose all the rest of the query.
    return _seen(OrderSync.objects.filter(may_call(now, "connection__"), pk=Subquery(first)))


def has_work(division_id: int, now: datetime) -> bool:
    """Whether one lane has work now. Its lease does not count."""
    return bool(_if_something_came(division_id, now)) or due(division_id, now).exists()


@composed
def _if_something_came(division_id: int, now: datetime) -> QuerySet[Division, tuple[int]]:
    """The lane, when it has a delivery that was not taken in, or a customer that is due."""
    unread = Delivery.objects.filter(store__connections__division=OuterRef("pk"), **unread_at(now))
    of_exact = ExactDelivery.objects.filter(division=OuterRef("pk"), **unread_at(now))
    with_customers = _with_customers(now).filter(division=OuterRef("pk"))
    any_of_them = Exists(unread) | Exists(of_exact) | Exists(with_customers)
    return Division.objects.filter(any_of_them, pk=division_id).values_list("pk")


def unread_at(now: datetime) -> dict[str, Any]:
    """Return the condition for deliveries that came by a moment and were not taken in."""
    return {"processed_at": None, "received_at__lte": now}


def connections_with_customers(division_id: int, now: datetime) -> list[Connection]:
    """Return the connections of a lane that may call and have a customer whose details are due."""
    found = _with_customers(now).filter(division=division_id)
    return list(found.select_related("store__tenant").order_by("pk"))


def _with_customers(now: datetime) -> QuerySet[Connection]:
    return Connection.objects.filter(may_call(now) & customers.is_due(now))


def _whose_time_has_come(now: datetime) -> QuerySet[OrderSync]:
    """The rows whose time has come. Their connection may forbid it yet."""
    return OrderSync.objects.filter(Q(next_attempt_at__lte=now) | to_look_at_again(now))


def to_look_at_again(now: datetime) -> Q:
    return Q(state__in=WITHOUT_NEXT_STEP, recheck_at__lte=now)


def rows_of_connection(now: datetime) -> QuerySet[OrderSync]:
    """The same of one connection, in a query of connections."""
    return _whose_time_has_come(now).filter(connection=OuterRef("pk"))
