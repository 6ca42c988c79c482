"""Which lanes have work, and which row of a lane is next."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

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
    """Connections that may call at a moment: switched on, not suspended, both sides connected, no limit in force."""
    return (
        Connection.objects.exclude(mode=Mode.OFF)
        .filter(store__tenant__suspended=False)
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
    released = Q()
    # A lane that is drained has no such row. Then nothing more is asked.
    with_rows = Exists(_may_be_due(now).filter(connection=OuterRef("pk"), division=division_id))
    for connection in _connections_that_may_call(open_by or now).filter(with_rows, division=division_id):
        until = now if ignore_schedule else released_until(connection, now)
        ready = Q(state=State.UNCERTAIN, next_attempt_at__lte=now) | Q(state__in=WITHOUT_NEXT_STEP, recheck_at__lte=now)
        ready |= Q(chosen_at__isnull=False, state__in=[State.PENDING, State.WAITING], next_attempt_at__lte=now)
        if until:
            ready |= Q(state__in=[State.PENDING, State.WAITING], next_attempt_at__lte=min(until, now))
        if rate_limits.is_for_live_orders_only(connection.division, now):
            ready &= Q(low_priority=False)
        released |= Q(connection=connection) & ready
    if not released:
        return OrderSync.objects.none()
    rows = OrderSync.objects.filter(released, division=division_id)
    return rows.order_by("low_priority", F("next_attempt_at").asc(nulls_last=True), "id")


def next_due(division_id: int, now: datetime, *, ignore_schedule: bool = False) -> OrderSync | None:
    """Return the next row of a lane, with the rows that its work needs; None when nothing is due."""
    rows = due(division_id, now, ignore_schedule=ignore_schedule)
    if rows.query.is_empty():
        return None
    # The order is that of one column. Django takes as long to order so many as to compose all the rest of the query.
    found = OrderSync.objects.filter(pk=Subquery(rows.values("pk")[:1])).select_related(*RELATED_ROWS)
    return next(iter(found), None)


def has_work(division_id: int, now: datetime) -> bool:
    """Whether one lane has work now. Its lease does not count."""
    unread = Delivery.objects.filter(store__connections__division=division_id, processed_at=None, received_at__lte=now)
    return unread.exists() or due(division_id, now).exists()


def lanes_with_work(now: datetime, *, tenant_slug: str | None = None, ignore_schedule: bool = False) -> list[int]:
    """Return the ids of the lanes that have work now and whose lease is free."""
    lanes = _lanes(tenant_slug).filter(leases.free(Division, now)).annotate(unread=_unread(now), in_work=_in_work(now))
    lanes = lanes.filter(Q(unread=True) | Q(in_work=True) | _some(_may_be_due(now)))
    return [
        lane
        for lane, unread, in_work in lanes.values_list("pk", "unread", "in_work")
        if unread or in_work or due(lane, now, ignore_schedule=ignore_schedule).exists()
    ]


def is_idle(now: datetime, *, tenant_slug: str | None = None, ignore_schedule: bool = False) -> bool:
    """Whether no row is due, in work or uncertain, also after a minute's limit is over.

    Rows that wait for a consent, a schedule or a later attempt do not count.
    """
    soon = now + MINUTE
    uncertain = _some(OrderSync.objects.filter(state=State.UNCERTAIN))
    lanes = _lanes(tenant_slug).annotate(unread=_unread(now), in_work=_in_work(now), uncertain=uncertain)
    lanes = lanes.filter(Q(unread=True) | Q(in_work=True) | Q(uncertain=True) | _some(_may_be_due(now)))
    return not any(
        unread
        or in_work
        or due(lane, now, ignore_schedule=ignore_schedule, open_by=soon).exists()
        or (is_uncertain and _connections_that_may_call(soon).filter(division=lane).exists())
        for lane, unread, in_work, is_uncertain in lanes.values_list("pk", "unread", "in_work", "uncertain")
    )


def _lanes(tenant_slug: str | None) -> QuerySet[Division]:
    connected = Exists(Connection.objects.filter(division=OuterRef("pk")))
    lanes = Division.objects.filter(connected, grant__tenant__suspended=False)
    return lanes.filter(grant__tenant__slug=tenant_slug) if tenant_slug else lanes


def _may_be_due(now: datetime) -> QuerySet[OrderSync]:
    """The rows whose time has come. Their connection may forbid it yet."""
    return OrderSync.objects.filter(Q(next_attempt_at__lte=now) | Q(state__in=WITHOUT_NEXT_STEP, recheck_at__lte=now))


def _some(rows: QuerySet[OrderSync]) -> Exists:
    """Whether a lane has such rows."""
    return Exists(rows.filter(division=OuterRef("pk")))


def _in_work(now: datetime) -> Exists:
    return _some(OrderSync.objects.filter(state__in=IN_WORK, updated_at__lte=now))


def _unread(now: datetime) -> Exists:
    """Whether a lane's stores have deliveries that were not taken in."""
    of_lane = Delivery.objects.filter(store__connections__division=OuterRef("pk"))
    return Exists(of_lane.filter(processed_at=None, received_at__lte=now))
