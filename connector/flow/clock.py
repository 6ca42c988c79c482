"""The database's clock: one clock for every process and machine, so that clocks of machines do not matter.

Every step asks for the time. So a reading serves for some seconds: the time that has passed on this machine since then
is added to it. Leases are decided in the database, by the clock itself.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func


class DatabaseClock(Func):
    """The database's clock as an expression in another query, which saves a query of its own."""

    template = "clock_timestamp()"

    def __init__(self) -> None:
        super().__init__(output_field=DateTimeField())

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the SQL of SQLite, which has times as text in UTC."""
        return self.as_sql(
            compiler, connection, template="strftime('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f', 'now')", **context
        )


def in_sql() -> str:
    """Return the clock as SQL for a statement that is written out and has parameters."""
    if connection.vendor == "postgresql":
        return "clock_timestamp()"
    return "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"


def as_time(value: datetime | str) -> datetime:
    """Return what a statement that is written out answers as a time in UTC: SQLite has it as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


# Seconds for which a reading serves. In that time a machine's clock is off by some microseconds.
READING_SERVES = 5.0
# Seconds that a statement may take whose time is kept.
READING_IS_EXACT = 0.05
# Linux counts the time asleep in another clock than POSIX's.
_SINCE_START = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The database's time (UTC) when the machine had run for so many seconds, those asleep included."""

    at: datetime
    machine: float


@dataclass(slots=True)
class _Last:
    """The last reading. The threads of a process share it, so it is replaced as a whole."""

    reading: _Reading | None = None


_last = _Last()


def database_now() -> datetime:
    """Return the time of the database's clock (UTC), to some milliseconds."""
    machine, last = time.clock_gettime(_SINCE_START), _last.reading
    if last is None or not 0 <= machine - last.machine < READING_SERVES:
        # The machine's clock was read first. So what the database dated before this reading is never in the future.
        last = _last.reading = _Reading(read_clock(), machine)
    return last.at + timedelta(seconds=machine - last.machine)


def begin_reading() -> float:
    """Return what `keep_reading` needs, before a statement that also answers the database's time."""
    return time.clock_gettime(_SINCE_START)


def keep_reading(at: datetime, began: float) -> None:
    """Keep the time (UTC) that a statement answered, unless it had to wait so long that the time says little."""
    if connection.vendor == "sqlite":
        at += timedelta(milliseconds=1)  # as `read_clock` does
    if 0 <= time.clock_gettime(_SINCE_START) - began < READING_IS_EXACT:
        _last.reading = _Reading(at, began)


def read_clock() -> datetime:
    """Read the database's clock (UTC). SQLite cuts it to milliseconds, so it is the next one."""
    sql = "SELECT clock_timestamp()"
    if connection.vendor == "sqlite":
        sql = "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now', '+0.001 seconds')"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        (value,) = cursor.fetchone()
    return as_time(value)
