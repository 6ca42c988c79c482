"""Where the processor time of a document goes: what a worker does at each of many moments, beside its calls."""

import signal
import sys
import time
from collections import Counter
from types import FrameType

import pytest

from tests.acme import Acme
from tests.bench.test_document import FIRST_ORDER, deliver, place

DOCUMENTS, SECONDS_BETWEEN = 150, 0.001
# What a moment is counted as, by the innermost function of this list that is being run: its file ends so, its name is
# one of these, or any.
PARTS: tuple[tuple[str, str, set[str]], ...] = (
    ("Turning queries into SQL", "models/sql/compiler.py", {"as_sql", "pre_sql_setup", "get_related_selections"}),
    ("Sending SQL and reading its answer", "backends/utils.py", {"execute", "executemany"}),
    ("Transactions", "db/transaction.py", {"__enter__", "__exit__"}),
    ("Making objects of rows", "models/query.py", {"__iter__", "__init__"}),
    ("Writing rows, but for their SQL", "models/query.py", {"bulk_create", "update", "get_or_create"}),
    ("Building queries: conditions, joins, copies", "models/query.py", set()),
    ("The three calls themselves", "clients/transport.py", {"_exchange"}),
    ("Reading and writing what the vendors say", "/clients/", set()),
    ("Translating the order", "/domain/", set()),
    ("Writing the log", "/structlog/", set()),
    ("Steps of the way, locks and memory", "/connector/flow/", set()),
)


class Moments:
    """Looks many times a second at what the main thread does, and counts its processor time since the last look."""

    def __init__(self) -> None:
        self.parts: Counter[str] = Counter()

    def __enter__(self) -> "Moments":
        self.last = time.thread_time_ns()
        self.before = signal.signal(signal.SIGPROF, self._count)
        signal.setitimer(signal.ITIMER_PROF, SECONDS_BETWEEN, SECONDS_BETWEEN)
        return self

    def __exit__(self, *_error: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self.before)

    def _count(self, _signal: int, frame: FrameType | None) -> None:
        now = time.thread_time_ns()
        self.parts[_part_of(frame)] += now - self.last
        self.last = now

    def print(self) -> None:
        """Write the milliseconds of a document, and their shares, the largest first."""
        whole = self.parts.total()
        sys.stdout.write(f"\n{whole / DOCUMENTS / 1e6:.1f} ms\n")
        for part, nanoseconds in self.parts.most_common():
            sys.stdout.write(f"| {part} | {nanoseconds / whole:.1%} |\n")


def _part_of(frame: FrameType | None) -> str:
    while frame is not None:
        code = frame.f_code
        for part, file, names in PARTS:
            if file in code.co_filename and (not names or code.co_name in names):
                return part
        frame = frame.f_back
    return "Other"


@pytest.mark.usefixtures("one_reading")
def test_where_the_time_goes(acme: Acme) -> None:
    """Post printed invoices of a known customer; print the shares."""
    deliver(acme, place(acme, 1, FIRST_ORDER))
    acme.drain()
    deliver(acme, place(acme, DOCUMENTS, FIRST_ORDER + 1))
    with Moments() as moments:
        acme.drain()
    moments.print()
    assert len(acme.invoices()) == DOCUMENTS + 1
