"""The result of all runs: the progress, then a table and a summary."""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from django.utils.module_loading import import_string

from tests.faults.report import Report

HEADINGS = {"lost": "lost", "duplicate": "duplicates", "difference": "differences", "limit": "limits broken"}
PROGRESS_EVERY = 5.0  # seconds
SHOWS_ALL = 2000  # runs, in which every fault must fire with every point for every kind of document


class Outcome:
    """Counts the reports, prints the progress, and prints the result."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.begun = self.reported_at = time.monotonic()
        self.runs = self.orders = 0
        self.breaches: Counter[str] = Counter()
        self.fired: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)  # by document
        self.held: Counter[str] = Counter()

    def add(self, report: Report) -> None:
        """Count one run. A bad run is printed at once, with the command that does it alone."""
        self.runs += 1
        self.orders += report.orders
        self.held += report.held
        self.breaches.update(breach.heading for breach in report.breaches)
        if report.point_struck and report.fault_struck:
            self.fired[report.document][report.kind, report.point] += 1
        bad = [breach for breach in report.breaches if breach.heading in HEADINGS]
        if bad:
            _say(f"\nSeed {report.seed}: {report.plan}")
            for breach in bad:
                _say(f"  {breach.heading}: {breach.text}")
            _say(f"  make faults SEED={report.seed}")
        if time.monotonic() - self.reported_at > PROGRESS_EVERY or self.runs == self.wanted:
            self.reported_at = time.monotonic()
            spent = self.reported_at - self.begun
            _say(f"{self.runs} of {self.wanted} runs, {spent:.0f} s, {self.runs / spent:.1f} a second")

    def print_result(self) -> int:
        """Print the table and the summary; returns the exit code."""
        kinds, missing = import_string("tests.faults.plan.KINDS"), []
        for name, document in import_string("tests.faults.documents.DOCUMENTS").items():
            fired = self.fired[name]
            missing += [f"{kind} with {p} ({name})" for kind in kinds for p in document.points if not fired[kind, p]]
            for line in _table(name, fired, kinds, document.points) if self.wanted > 1 else ():
                _say(line)
        _say(f"Held for a person before the vendors were fixed: {dict(self.held)}")
        complete = self.wanted < SHOWS_ALL or not missing
        if not complete:
            _say(f"Never fired together: {', '.join(missing)}")
        _say(", ".join([f"{self.runs} runs", *(f"{self.breaches[key]} {word}" for key, word in HEADINGS.items())]))
        return 0 if complete and not any(self.breaches[key] for key in HEADINGS) else 1


def _table(
    document: str, fired: Counter[tuple[str, str]], kinds: Iterable[str], points: "tuple[str, ...]"
) -> Iterator[str]:
    yield f"How often fault (rows) and point (columns) fired in one run about an order's {document}:"
    for number, point in enumerate(points, 1):
        yield f"  {number} {point}"
    yield f"{'':22}" + "".join(f"{number:5}" for number, _ in enumerate(points, 1))
    for kind in kinds:
        yield f"{kind:22}" + "".join(f"{fired[kind, point]:5}" for point in points)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
