"""One clock for the database and both fakes. A test can move it, and no code of the product changes for that.

The product asks the database for the time. Here the database itself has another time: on PostgreSQL by functions
that come first on the search path, on SQLite by a function of the same name.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from connector.flow import clock
from connector.sandbox.http.server import FakeService

SEARCH_PATH = "public, pg_catalog"
_POSTGRES = [
    "CREATE TABLE IF NOT EXISTS public.moved_clock (skew interval NOT NULL)",
    "INSERT INTO public.moved_clock SELECT '0' WHERE NOT EXISTS (SELECT FROM public.moved_clock)",
    *(
        f"CREATE OR REPLACE FUNCTION public.{name}() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
        f"'SELECT pg_catalog.{name}() + (SELECT skew FROM public.moved_clock)'"
        for name in ("clock_timestamp", "statement_timestamp")
    ),
    f"SET search_path = {SEARCH_PATH}",
]


def see_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each step of this test read the clock. After the test no moved time is left."""
    monkeypatch.setattr(clock, "READING_SERVES", 0.0)
    monkeypatch.setattr(clock, "_last", clock._Last())


class Clock:
    """Moves the time of the connected database and of some fakes. `skew` is its lead on the machine's time.

    A process that is to see this at once sets `connector.flow.clock.READING_SERVES` to 0, a test calls `see_at_once`.
    """

    def __init__(self, *fakes: FakeService) -> None:
        self.fakes = fakes
        self.skew = timedelta()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                for statement in _POSTGRES:
                    cursor.execute(statement)
        else:
            connection.ensure_connection()
            for _ in range(2):  # only a function that takes another's place makes prepared statements look again
                connection.connection.create_function("strftime", -1, self._sqlite)

    def advance(self, seconds: float) -> None:
        """Let time pass. A negative number goes back."""
        self.skew += timedelta(seconds=seconds)
        for fake in self.fakes:
            fake.advance(seconds)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE public.moved_clock SET skew = make_interval(secs => %s)", [self.skew.total_seconds()]
                )

    def advance_to(self, moment: datetime, now: datetime) -> None:
        """Move the time to a later moment."""
        self.advance(max((moment - now).total_seconds(), 0) + 0.001)

    def reset(self) -> None:
        """Return to the machine's time."""
        self.advance(-self.skew.total_seconds())

    def _sqlite(self, shape: str, when: str, *later: str) -> str:
        assert when.lower() == "now"
        shifts = (each.split() for each in later)  # such as "+60 seconds"
        shift = sum((timedelta(**{unit: float(number)}) for number, unit in shifts), timedelta())
        now = datetime.now(UTC) + self.skew + shift
        return now.strftime(shape.replace("%f", f"{now:%S}.{now.microsecond // 1000:03d}"))
