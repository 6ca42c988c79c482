"""Says when nothing is due any more, or when all waits for a person's consent."""

from datetime import UTC, datetime

from django.db.models import Q

from connector.domain.document.states import State
from connector.flow.clock import database_now
from connector.flow.lane import due
from connector.models import Connection, Delivery, OrderSync
from connector.models.credentials import Health

FINAL = [State.POSTED, State.BLOCKED, State.SKIPPED, State.AWAITING_APPROVAL]


def is_connected(connection: Connection) -> bool:
    """Return whether both sides have working credentials."""
    connected = Connection.objects.filter(store__state=Health.ACTIVE, division__grant__state=Health.ACTIVE)
    return connected.filter(pk=connection.pk).exists()


def next_moment(connection: Connection) -> datetime | None:
    """Return when something is due next; None when nothing is."""
    rows = OrderSync.objects.filter(~Q(state__in=FINAL) | Q(recheck_at__isnull=False), connection=connection)
    waiting = list(rows.values_list("state", "next_attempt_at", "recheck_at"))
    unread = Delivery.objects.filter(store=connection.store_id, processed_at=None).exists()
    if not (waiting or unread) or not is_connected(connection):
        return None
    now = database_now()
    if unread or any(state in due.IN_WORK for state, *_ in waiting):
        return now
    moments = [recheck_at if state in FINAL else next_attempt_at for state, next_attempt_at, recheck_at in waiting]
    closed = Connection.objects.filter(pk=connection.pk).values_list("store__closed_until", "division__closed_until")
    return max(now, min(filter(None, moments), default=now), *filter(None, closed.get())).astimezone(UTC)
