"""A worker notes with each sweep that it lives, and whether work stays undone. Who asks for that reads one row."""

from datetime import datetime, timedelta

from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.lane import waiting
from connector.models import Worker

# A worker that was not seen for so long is not expected any more.
FORGOTTEN_AFTER = timedelta(days=1)


def begin() -> None:
    """Forget the workers of this machine that have ended out of order: this one is there instead."""
    names = Worker.objects.values_list("name", flat=True)
    Worker.objects.filter(name__in=[name for name in names if leases.is_gone(name)]).delete()


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
    return last.seen_at > now - Worker.patience() and not last.late


def silent(now: datetime) -> list[Worker]:
    """Return the workers that were not seen for three sweeps, also while others are; the longest silent one first."""
    return list(Worker.objects.filter(seen_at__lte=now - Worker.patience()).order_by("seen_at", "name"))


def silent_since(now: datetime) -> datetime | None:
    """Return when a worker was seen last (UTC), if that is more than three sweeps ago; None also when none ever was."""
    last = Worker.objects.order_by("-seen_at").first()
    return last.seen_at if last is not None and last.seen_at <= now - Worker.patience() else None


def _is_late(now: datetime) -> bool:
    return bool(waiting.lanes_with_work(now - Worker.patience()))
