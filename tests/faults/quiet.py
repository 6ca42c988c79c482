"""When all is quiet: nothing is left to do by itself, or only what waits for a person's consent."""

from datetime import UTC, datetime, timedelta

from django.db.models import Min, Q

from connector.domain.states import State
from connector.flow import lane_work
from connector.flow.leases import database_now
from connector.models import Connection, Delivery, Division, OrderSync, Store
from connector.models.connections import Health

OVER = [State.POSTED, State.BLOCKED, State.SKIPPED, State.AWAITING_APPROVAL]


def is_connected(connection: Connection) -> bool:
    """Whether both sides have credentials that work."""
    connected = Connection.objects.filter(store__state=Health.ACTIVE, division__grant__state=Health.ACTIVE)
    return connected.filter(pk=connection.pk).exists()


def next_moment(connection: Connection) -> datetime | None:
    """When something is to be done next by itself; None when all is quiet."""
    now = database_now()
    rows = OrderSync.objects.filter(connection=connection)
    unread = Delivery.objects.filter(store=connection.store_id, processed_at=None)
    waiting = rows.filter(~Q(state__in=OVER) | Q(recheck_at__isnull=False))
    if not is_connected(connection) or not (unread.exists() or waiting.exists()):
        return None
    if lane_work.lanes_with_work(now, only=connection.division_id):
        return now
    moments = [
        *rows.aggregate(one=Min("next_attempt_at"), two=Min("recheck_at")).values(),
        *Division.objects.filter(pk=connection.division_id).values_list("closed_until", "lease_until").get(),
        *Store.objects.filter(pk=connection.store_id).values_list("closed_until", flat=True),
    ]
    minute = now + timedelta(seconds=60)
    return min((m.astimezone(UTC) for m in moments if m and m > now), default=minute)
