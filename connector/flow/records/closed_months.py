"""Holds closed months, and the comparisons that they rest on, against the chain."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from connector.domain.document import chain
from connector.domain.document.scrub import TAKEN
from connector.flow.records.fixed import hash_of
from connector.models import ClosedMonth, Connection, Discrepancy, ReconciliationRun, SyncEvent

# A longer text of a difference is cut.
LONGEST = 400


def faults(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield each month that is not as the last entry about it says, and what is wrong."""
    said: dict[str, Mapping[str, Any]] = {}
    entries = SyncEvent.objects.filter(connection=connection, place=0, document=None, kind=SyncEvent.Kind.ACTION)
    entries = entries.filter(data__action__in=["close_month", "open_month"])
    for data in entries.order_by("number").values_list("data", flat=True):
        said.pop(data["month"], None)
        if data["action"] == "close_month":
            said[data["month"]] = data
    rows = list(connection.month_closings.filter(opened_at=None).select_related("run__division", "run__rules"))
    for kept in ({row.month.isoformat() for row in rows}, set(connection.closed_months)):
        for month in sorted(kept ^ said.keys()):
            text = _("the month is closed, and no entry says so") if month in kept else _("the closed month is missing")
            yield month[:7], text
    for row in rows:
        data = said.get(row.month.isoformat(), {})
        if "run" in data:  # entries from before do not say what the month rests on
            yield from _compared(row, data["run"])


def _compared(row: ClosedMonth, said: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    """Hold the comparison of a closed month against what the entry says of it."""
    if (row.run_id, row.run and hash_of(row.run)) != ((said or {}).get("id"), said and said["sha256"]):
        yield str(row), _("the comparison that the month rests on is not what the chain says")
    elif row.run is not None and any(_is_rewritten(each) for each in _texts(row.run)):
        yield str(row), _("a difference of the month is not as it was found")


def _texts(run: ReconciliationRun) -> Iterator[Discrepancy]:
    return run.discrepancies.exclude(figures="").only("figures", "expected", "found").iterator()


def _is_rewritten(each: Discrepancy) -> bool:
    """Whether the figures that a person reads are other ones than were found. Long ones are cut, and a person is taken
    out of them."""
    whole = max(len(each.expected), len(each.found)) < LONGEST and TAKEN not in each.expected + each.found
    return whole and chain.digest([each.expected, each.found]) != each.figures
