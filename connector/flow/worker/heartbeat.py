"""A worker notes with each sweep that it lives, and whether work stays undone. Who asks for that reads one row."""

from datetime import datetime, timedelta

from django.conf import settings

from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.lane import due
from connector.models import Worker

LATE_AFTER_SWEEPS = 3
# A worker that was not seen for so long is not expected any more.
FORGOTTEN_AFTER = timedelta(days=1)


def beat() -> None:
    """Note that this process lives, and whether there is work that nobody took for three sweeps."""
    now = database_now()
    seen = Worker(name=leases.this_process(), seen_at=now, late=_is_late(now))
    Worker.objects.bulk_create([seen], update_conflicts=True, unique_fields=["name"], update_fields=["seen_at", "late"])
    Worker.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()


def end() -> None:
    """Forget this process: it stops in order."""
    Worker.objects.filter(name=leases.this_process()).delete()


def workers_are_ready(now: datetime) -> bool:
    """Whether a worker was seen within three sweeps, and found no work older than that.

    While none has a row, it is enough that there is no such work.
    """
    last = Worker.objects.order_by("-seen_at").first()
    if last is None:
        return not _is_late(now)
    return last.seen_at > now - _patience() and not last.late


def silent_since(now: datetime) -> datetime | None:
    """Return when a worker was seen last (UTC), if that is more than three sweeps ago; None also when none ever was."""
    last = Worker.objects.order_by("-seen_at").first()
    return last.seen_at if last is not None and last.seen_at <= now - _patience() else None


def _is_late(now: datetime) -> bool:
    return bool(due.lanes_with_work(now - _patience()))


def _patience() -> timedelta:
    return timedelta(seconds=LATE_AFTER_SWEEPS * settings.CONNECTOR_SWEEP_SECONDS)
