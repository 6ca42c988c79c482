"""Leases: one process at a time works on a lane, or refreshes a grant's token.

A lease is a number on the row (the fence) and an end in the database's time, so the clocks of machines do not
matter. A worker that takes the lease raises the number. A write of the old holder names the old number and changes no
row.

A lease also names the process that holds it. When that process was on this machine and has ended, the lease is free
at once: a worker that was killed and restarted does not wait for the end of its lease.
"""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import CombinedExpression

from connector.flow.clock import DatabaseClock, read_clock
from connector.models import BackfillRun, CustomerRun, Division, ExactGrant, FitRun, ReconciliationRun, ShadowRun

Leased = type[Division | ExactGrant | FitRun | BackfillRun | CustomerRun | ReconciliationRun | ShadowRun]
"""The rows that a process can hold."""

# Longer than the longest call (45 s), so that a lease renewed before a call outlives it.
LEASE_SECONDS = 60.0


class LeaseLost(Exception):
    """Another process holds the lease now. The code that catches this stops and writes nothing more."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one row until the lease ends; `token` is the fence."""

    on: Leased
    pk: int
    token: int


def free(on: Leased, now: datetime) -> Q:
    """Return the condition for rows whose lease is free: nobody has it, it has ended, or its process is gone."""
    ended = Q(lease_until=None) | Q(lease_until__lte=now)
    held = on.objects.filter(lease_until__gt=now).values_list("lease_holder", flat=True)
    return ended | Q(lease_holder__in=[holder for holder in held if is_gone(holder)])


def acquire(on: Leased, pk: int, seconds: float = LEASE_SECONDS) -> Lease | None:
    """Take the lease for so many seconds; None when another process holds it."""
    rows, ended = on.objects.filter(pk=pk), Q(lease_until=None) | Q(lease_until__lte=DatabaseClock())
    with transaction.atomic():
        # Whether its holder is gone is asked only when it has not ended.
        if not (_take(rows.filter(ended), seconds) or _take(rows.filter(free(on, read_clock())), seconds)):
            return None
        return Lease(on, pk, rows.values_list("lease_token", flat=True).get())


def _take(rows: QuerySet[Any], seconds: float) -> int:
    return rows.update(lease_token=F("lease_token") + 1, lease_until=end_in(seconds), lease_holder=this_process())


def renew(lease: Lease, seconds: float = LEASE_SECONDS) -> None:
    """Move the end of the lease, also when it has passed. Raises LeaseLost when another process took the lease."""
    if not held(lease).update(lease_until=end_in(seconds)):
        raise lost(lease)


def end_in(seconds: float = LEASE_SECONDS) -> CombinedExpression:
    """Return the end of a lease that lasts so many seconds from now, by the database's clock."""
    return DatabaseClock() + timedelta(seconds=seconds)


def held(lease: Lease) -> QuerySet[Any]:
    """Return the row of a lease, if the lease is still ours."""
    return lease.on.objects.filter(pk=lease.pk, lease_token=lease.token)


def lost(lease: Lease) -> LeaseLost:
    """Return the error that another process took the lease."""
    return LeaseLost(f"The lease {lease.token} on {lease.on._meta.verbose_name} {lease.pk} was taken over.")


def release(lease: Lease) -> None:
    """End the lease if it is still ours."""
    held(lease).update(lease_until=None)


def this_process() -> str:
    """Return the name of this process, as it stands on what it holds."""
    return _holder(os.getpid())


@cache
def _holder(pid: int) -> str:
    """The name of a process of this machine. Its start time distinguishes it from a later one with the same id."""
    return f"{socket.gethostname()}/{pid}/{_started(pid)}"


def _started(pid: int) -> str:
    """When a process began, in clock ticks since boot (proc(5), field 22); empty where there is no /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def is_gone(holder: str) -> bool:
    """Return whether the process was on this machine and has ended; false for a process of another machine."""
    host, pid, started = (*holder.split("/"), "", "")[:3]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return _started(int(pid)) != started
