"""Which lanes have work, and which row of a lane is next."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from connector.domain.choices import Mode
from connector.domain.document.states import State
from connector.domain.timing.schedule import Schedule, last_release
from connector.flow import leases
from connector.flow.outbound import rate_limits
from connector.models import Connection, Delivery, Division, OrderSync
from connector.models.credentials import Health

MINUTE = timedelta(seconds=90)  # a minute's limit closes a lane for at most 60 s, and here is a margin
IN_WORK = [State.PREPARING, State.POSTING]
RELATED_ROWS = ["connection__store__tenant", "connection__division__grant", "division"]
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


def _connections_that_may_call(now: datetime) -> QuerySet[Connection]:
    """Connections that may call at a moment: switched on, both sides connected, no limit in force."""
    return (
        Connection.objects.exclude(mode=Mode.OFF)
        .filter(store__state=Health.ACTIVE, division__grant__state=Health.ACTIVE)
        .filter(Q(division__closed_until=None) | Q(division__closed_until__lte=now))
        .filter(Q(store__closed_until=None) | Q(store__closed_until__lte=now))
        .select_related("store__tenant", "division")
        .only(*SCHEDULE_FIELDS)
    )


def released_until(connection: Connection, now: datetime) -> datetime | None:
    """Return the moment (UTC) up to which the connection's rows may run; None when its schedule is manual."""
    schedule = Schedule.parse(connection.schedule)
    zone = ZoneInfo(connection.store.tenant.timezone)
    moments = [m for m in (last_release(schedule, now, zone), connection.run_requested_at) if m]
    return max(moments, default=None)


def due(
    division_id: int, now: datetime, *, ignore_schedule: bool = False, open_by: datetime | None = None
) -> QuerySet[OrderSync]:
    """Return the rows of a lane that may be worked on now, in the lane's order: live orders first.

    With `open_by` the rows that wait for a limit count too, when the limit is over by then (UTC).
    """
    released = Q(pk__in=[])
    for connection in _connections_that_may_call(open_by or now).filter(division=division_id):
        until = now if ignore_schedule else released_until(connection, now)
        ready = Q(state=State.UNCERTAIN, next_attempt_at__lte=now) | Q(state__in=WITHOUT_NEXT_STEP, recheck_at__lte=now)
        ready |= Q(chosen_at__isnull=False, state__in=[State.PENDING, State.WAITING], next_attempt_at__lte=now)
        if until:
            ready |= Q(state__in=[State.PENDING, State.WAITING], next_attempt_at__lte=min(until, now))
        if rate_limits.is_for_live_orders_only(connection.division, now):
            ready &= Q(low_priority=False)
        released |= Q(connection=connection) & ready
    rows = OrderSync.objects.filter(released, division=division_id)
    return rows.order_by("low_priority", F("next_attempt_at").asc(nulls_last=True), "id")


def next_due(division_id: int, now: datetime, *, ignore_schedule: bool = False) -> OrderSync | None:
    """Return the next row of a lane, with the rows that its work needs; None when nothing is due."""
    rows = due(division_id, now, ignore_schedule=ignore_schedule)
    return rows.select_related(*RELATED_ROWS).first()


def has_work(division_id: int, now: datetime) -> bool:
    """Whether one lane has work now. Its lease does not count."""
    unread = Delivery.objects.filter(store__connections__division=division_id, processed_at=None, received_at__lte=now)
    return unread.exists() or due(division_id, now).exists()


def lanes_with_work(now: datetime, *, tenant_slug: str | None = None, ignore_schedule: bool = False) -> list[int]:
    """Return the ids of the lanes that have work now and whose lease is free."""
    lanes = _lanes(tenant_slug).filter(leases.free(Division, now))
    return [
        lane.pk
        for lane in _annotated(lanes, now)
        if lane.unread or lane.in_work or due(lane.pk, now, ignore_schedule=ignore_schedule).exists()
    ]


def is_idle(now: datetime, *, tenant_slug: str | None = None, ignore_schedule: bool = False) -> bool:
    """Whether no row is due, in work or uncertain, also after a minute's limit is over.

    Rows that wait for a consent, a schedule or a later attempt do not count.
    """
    soon = now + MINUTE
    return not any(
        lane.unread
        or lane.in_work
        or due(lane.pk, now, ignore_schedule=ignore_schedule, open_by=soon).exists()
        or (lane.uncertain and _connections_that_may_call(soon).filter(division=lane.pk).exists())
        for lane in _annotated(_lanes(tenant_slug), now)
    )


def _lanes(tenant_slug: str | None) -> QuerySet[Division]:
    lanes = Division.objects.filter(Exists(Connection.objects.filter(division=OuterRef("pk"))))
    return lanes.filter(grant__tenant__slug=tenant_slug) if tenant_slug else lanes


def _annotated(lanes: QuerySet[Division], now: datetime) -> QuerySet[Division, Any]:
    """The lanes that may have work, each with what there is to do."""
    rows = OrderSync.objects.filter(division=OuterRef("pk"))
    unread = Delivery.objects.filter(
        store__connections__division=OuterRef("pk"), processed_at=None, received_at__lte=now
    )
    may_be_due = Q(next_attempt_at__lte=now) | Q(state__in=WITHOUT_NEXT_STEP, recheck_at__lte=now)
    return lanes.annotate(
        unread=Exists(unread),
        in_work=Exists(rows.filter(state__in=IN_WORK, updated_at__lte=now)),
        uncertain=Exists(rows.filter(state=State.UNCERTAIN)),
        may_be_due=Exists(rows.filter(may_be_due)),
    ).filter(Q(unread=True) | Q(in_work=True) | Q(may_be_due=True) | Q(uncertain=True))
