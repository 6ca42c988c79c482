"""Counts refused deliveries with few writes, so that a flood of them does not load the database.

Each process writes the first ten of a minute one by one, then only when the number has doubled: at most about
twenty-five writes a minute per store and status. Small numbers are exact. In a flood the number is a lower bound.
"""

from collections import Counter
from datetime import UTC, datetime
from threading import Lock

import structlog
from django.db import Error as DatabaseError
from django.db import IntegrityError
from django.db.models import F

from connector.models import RefusedDeliveries

log = structlog.get_logger(__name__)

ONE_BY_ONE = 10
NOT_STORED = 503
Key = tuple[int, int, datetime]  # store, status, hour


class Refusals:
    """The refusals of this process that are not in the database yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute: datetime | None = None
        self._this_minute: Counter[tuple[int, int]] = Counter()
        self._unwritten: Counter[Key] = Counter()
        self._pending = False

    def count(self, store_id: int, status: int) -> None:
        """Count one refusal. A 503 is written later: the database has just failed."""
        number = self._add(store_id, status)
        if status == NOT_STORED:
            self._pending = True
        elif number <= ONE_BY_ONE or number & (number - 1) == 0:
            self._write()

    def settle(self) -> None:
        """Write what could not be written while the database was not available."""
        if self._pending:
            self._write()

    def _add(self, store_id: int, status: int) -> int:
        """Add one; returns the number of this minute."""
        minute = datetime.now(UTC).replace(second=0, microsecond=0)
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._this_minute.clear()
            self._this_minute[store_id, status] += 1
            self._unwritten[store_id, status, minute.replace(minute=0)] += 1
            return self._this_minute[store_id, status]

    def _write(self) -> None:
        with self._lock:
            due, self._unwritten, self._pending = self._unwritten, Counter(), False
        for key, number in due.items():
            try:
                _store(key, number)
            except IntegrityError:
                continue  # the store was removed in the meantime
            except DatabaseError as error:
                log.warning("refusals_not_counted", error=type(error).__name__)
                with self._lock:
                    self._unwritten[key] += number
                    self._pending = True


def _store(key: Key, number: int) -> None:
    """Add to the row of the hour. The database does the sum, so no process overwrites another."""
    store_id, status, hour = key
    row = {"store_id": store_id, "status": status, "hour": hour}
    if not RefusedDeliveries.objects.filter(**row).update(count=F("count") + number):
        RefusedDeliveries.objects.bulk_create([RefusedDeliveries(**row)], ignore_conflicts=True)
        RefusedDeliveries.objects.filter(**row).update(count=F("count") + number)


refusals = Refusals()
