"""Leases: who alone may work on a lane, or refresh a grant's token.

A lease is a number on the row (the fence) and an end in the database's time, so clocks of machines do not
matter. Whoever takes it raises the number; every write of the old holder names the old number and finds no row.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from connector.models import Division, ExactGrant

# Longer than the longest call (45 s), so that a lease renewed before a call outlives it.
LEASE_SECONDS = 60.0


class LeaseLost(Exception):
    """Somebody else holds the lease now; whoever catches this stops and writes nothing more."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one row until it ends; `token` is the fence."""

    on: type[Division] | type[ExactGrant]
    pk: int
    token: int


def database_now() -> datetime:
    """Return the database's clock (UTC): one clock for every process and machine."""
    if connection.vendor == "postgresql":
        sql = "SELECT clock_timestamp()"
    else:
        sql = "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        (value,) = cursor.fetchone()
    return (value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)).astimezone(UTC)


def acquire(on: type[Division] | type[ExactGrant], pk: int, seconds: float = LEASE_SECONDS) -> Lease | None:
    """Take the lease when it is free or has ended; None when somebody holds it."""
    now = database_now()
    free = on.objects.filter(pk=pk).filter(Q(lease_until=None) | Q(lease_until__lte=now))
    with transaction.atomic():
        if not free.update(lease_token=F("lease_token") + 1, lease_until=now + timedelta(seconds=seconds)):
            return None
        return Lease(on, pk, on.objects.values_list("lease_token", flat=True).get(pk=pk))


def renew(lease: Lease, seconds: float = LEASE_SECONDS) -> None:
    """Move the end. A lease that has ended but that nobody took may go on; raise LeaseLost when taken."""
    until = database_now() + timedelta(seconds=seconds)
    if not lease.on.objects.filter(pk=lease.pk, lease_token=lease.token).update(lease_until=until):
        raise LeaseLost(f"The lease {lease.token} on {lease.on._meta.verbose_name} {lease.pk} was taken over.")


def release(lease: Lease) -> None:
    """Give the lease back, if it is still ours."""
    lease.on.objects.filter(pk=lease.pk, lease_token=lease.token).update(lease_until=None)
