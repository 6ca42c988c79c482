"""The sweep: finds every lane with due work and wakes it, so that a lost wake-up costs only a delay."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from connector.flow.clock import database_now
from connector.flow.consent import keep_alive
from connector.flow.invoice import numbers
from connector.flow.lane import due
from connector.flow.lane.wakeup import wake
from connector.models import Division

# A wake-up that has not begun after so many sweeps is taken for lost.
LOST_AFTER_SWEEPS = 0.5


def sweep() -> int:
    """Wake every lane with due work: due rows, ended leases, forgotten deliveries. Returns how many.

    Then look after the consents: they end when nobody uses them.
    """
    now = database_now()
    lost = now - timedelta(seconds=LOST_AFTER_SWEEPS * settings.CONNECTOR_SWEEP_SECONDS)
    lanes = {*due.lanes_with_work(now), *numbers.lanes(now)}
    with transaction.atomic():
        Division.objects.filter(Q(woken_at__lt=lost), pk__in=lanes).update(woken_at=None)
        rung = wake(lanes)
    keep_alive.look_after()
    return rung
