"""What is due: which lanes have work, and which row of a lane is next."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from connector.domain.schedule import Schedule, last_release
from connector.domain.states import State
from connector.models import Connection, Delivery, Division, OrderSync
from connector.models.connections import Health, Mode

IN_HAND = [State.PREPARING, State.POSTING]
# A delivery for one of these asks to look again; all others read the order anyway when their turn comes.
AT_REST = [State.POSTED, State.BLOCKED, State.SKIPPED, State.AWAITING_APPROVAL]


def _open_connections(now: datetime) -> QuerySet[Connection]:
    """Connections that may call: switched on, both sides connected, no limit in force."""
    return (
        Connection.objects.exclude(mode=Mode.OFF)
        .filter(store__state=Health.ACTIVE, division__grant__state=Health.ACTIVE)
        .filter(Q(division__closed_until=None) | Q(division__closed_until__lte=now))
        .filter(Q(store__closed_until=None) | Q(store__closed_until__lte=now))
        .select_related("store__tenant", "division__grant")
    )


def released_until(connection: Connection, now: datetime) -> datetime | None:
    """Return the moment up to which the connection's rows may run; None when its schedule is manual."""
    schedule = Schedule.parse(connection.schedule)
    zone = ZoneInfo(connection.store.tenant.timezone)
    moments = [m for m in (last_release(schedule, now, zone), connection.run_requested_at) if m]
    return max(moments, default=None)


def due(division_id: int, now: datetime, *, ignore_schedule: bool = False) -> QuerySet[OrderSync]:
    """Return the rows of a lane that may be worked on now, in the order of the lane."""
    released = Q(pk__in=[])
    for connection in _open_connections(now).filter(division=division_id):
        until = now if ignore_schedule else released_until(connection, now)
        ready = Q(state=State.UNCERTAIN, next_attempt_at__lte=now) | Q(state__in=AT_REST, recheck_at__lte=now)
        if until:
            ready |= Q(state__in=[State.PENDING, State.WAITING], next_attempt_at__lte=min(until, now))
        released |= Q(connection=connection) & ready
    return (
        OrderSync.objects.filter(released, division=division_id)
        .select_related("connection__store__tenant", "connection__division__grant", "division")
        .order_by(F("next_attempt_at").asc(nulls_last=True), "id")
    )


def lanes_with_work(
    now: datetime,
    *,
    only: int | None = None,
    tenant_slug: str | None = None,
    ignore_schedule: bool = False,
    held_too: bool = False,
) -> list[int]:
    """Return the lanes in which something can be done now and, unless `held_too`, that nobody holds."""
    lanes = Division.objects.filter(connections__isnull=False).distinct()
    if only:
        lanes = lanes.filter(pk=only)
    if tenant_slug:
        lanes = lanes.filter(grant__tenant__slug=tenant_slug)
    if not held_too:
        lanes = lanes.filter(Q(lease_until=None) | Q(lease_until__lte=now))
    rows = OrderSync.objects.filter(division=OuterRef("pk"))
    lanes = lanes.annotate(
        unread=Exists(
            Delivery.objects.filter(
                store__connections__division=OuterRef("pk"), processed_at=None, received_at__lte=now
            )
        ),
        in_hand=Exists(rows.filter(state__in=IN_HAND, updated_at__lte=now)),
        ripe=Exists(rows.filter(Q(next_attempt_at__lte=now) | Q(state__in=AT_REST, recheck_at__lte=now))),
    ).filter(Q(unread=True) | Q(in_hand=True) | Q(ripe=True))
    return [
        lane.pk
        for lane in lanes
        if lane.unread or (lane.in_hand and not held_too) or due(lane.pk, now, ignore_schedule=ignore_schedule).exists()
    ]
