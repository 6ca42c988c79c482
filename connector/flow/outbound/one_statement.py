"""Takes a call with one statement: when the row is as this process knows it, and nothing else must be looked at.

Then the database has decided all at once: that the lane's lease is ours, that nobody else took a call, and that the
endpoint is open and refused neither the last call nor this document. In every other case no row changes, and the caller
looks under a lock. The statements are written out, because Django takes longer to compose them than the database takes
to run them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import connection as database

from connector.domain.timing.call_window import Window
from connector.flow import clock, leases
from connector.models import Division, Store

_LEASE_END = {
    "postgresql": "clock_timestamp() + make_interval(secs => %s)",
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '+' || %s || ' seconds')",
}
_OF_DIVISION = """
UPDATE connector_division SET minute_calls_left = %s, minute_calls_limit = %s, minute_ends_at = %s, day_calls_left = %s,
day_calls_limit = %s, day_ends_at = %s, day_calls_read_at = %s, lease_until = {lease_end}
WHERE id = %s AND lease_token = %s AND day_calls_read_at = %s AND minute_calls_left = %s AND minute_ends_at = %s
AND day_calls_left = %s AND refused_times = 0
AND NOT EXISTS (SELECT 1 FROM connector_breaker WHERE division_id = %s AND endpoint = %s
AND (cause <> '' OR open_until IS NOT NULL OR CAST(refused AS text) LIKE %s))
RETURNING {clock}
"""
_OF_STORE = """
UPDATE connector_store SET calls_left = %s, calls_limit = %s, calls_end_at = %s
WHERE id = %s AND calls_left = %s AND calls_limit = %s AND calls_end_at = %s AND refused_times = 0
"""


@dataclass(frozen=True, slots=True)
class Written:
    """A division's budget as this process wrote it last, or read it. It was written at `at` (database time, UTC)."""

    minute: Window
    day: Window
    at: datetime

    @classmethod
    def of(cls, division: Division) -> Self | None:
        """Return the budget as it stands on the row; None before the first call."""
        minute = _window(division.minute_calls_limit, division.minute_calls_left, division.minute_ends_at)
        day = _window(division.day_calls_limit, division.day_calls_left, division.day_ends_at)
        at = division.day_calls_read_at
        return None if minute is None or day is None or at is None else cls(minute, day, at)


def quota_of(store: Store) -> Window | None:
    """Return a store's quota as it stands on the row; None before the first call."""
    return _window(store.calls_limit, store.calls_left, store.calls_end_at)


def _window(limit: int | None, left: int | None, ends_at: datetime | None) -> Window | None:
    return None if limit is None or left is None or ends_at is None else Window(limit, left, ends_at)


def take_of_division(
    lease: leases.Lease, written: Written, wanted: Written, endpoint: str, document_id: int | None
) -> bool:
    """Write the wanted windows over the written ones and renew the lease. Return whether that was all."""
    sql = _OF_DIVISION.format(lease_end=_LEASE_END[database.vendor], clock=clock.in_sql())
    minute, day, before, before_day = wanted.minute, wanted.day, written.minute, written.day
    began = clock.begin_reading()
    with database.cursor() as cursor:
        cursor.execute(
            sql,
            [
                *(minute.left, minute.limit, _moment(minute.ends_at), day.left, day.limit, _moment(day.ends_at)),
                *(_moment(wanted.at), leases.LEASE_SECONDS),
                *(lease.pk, lease.token, _moment(written.at), before.left),
                *(_moment(before.ends_at), before_day.left, lease.pk, endpoint, f'%"{document_id}"%'),
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    clock.keep_reading(clock.as_time(row[0]), began)
    return True


def take_of_store(store_id: int, written: Window, wanted: Window) -> bool:
    """Write the wanted window over the written one. Return whether that was all."""
    with database.cursor() as cursor:
        cursor.execute(
            _OF_STORE,
            [
                *(wanted.left, wanted.limit, _moment(wanted.ends_at), store_id),
                *(written.left, written.limit, _moment(written.ends_at)),
            ],
        )
        return bool(cursor.rowcount)


def _moment(value: datetime) -> datetime | str | None:
    """A moment as the database keeps it."""
    return database.ops.adapt_datetimefield_value(value)
