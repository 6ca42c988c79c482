"""The comparison that a closed month rests on, and what it found, is as it was when the month was closed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.domain.document.chain import digest
from connector.flow.actions import months
from connector.flow.clock import database_now
from connector.flow.records.walk import walk
from connector.models import ClosedMonth, Discrepancy, ReconciliationRun
from tests.admin.months.runs import compared, differs
from tests.factories import ConnectionFactory


@pytest.mark.parametrize(
    "change",
    [
        lambda run: ReconciliationRun.objects.update(figures={**run.figures, "orders": 2}),
        lambda run: ReconciliationRun.objects.update(complete=False),
        lambda run: run.delete(),
        lambda run: ClosedMonth.objects.update(run=None),
        lambda run: Discrepancy.objects.all().delete(),
        lambda run: Discrepancy.objects.update(amount=Decimal("1.00")),
        lambda run: Discrepancy.objects.update(figures="", found="121.00 EUR"),
    ],
)
def test_the_comparison_that_it_rests_on_is_as_it_was(db: None, change: Callable[[ReconciliationRun], Any]) -> None:
    connection = ConnectionFactory.create()
    run = compared(connection)
    figures = digest(["121.00 EUR", "121.01 EUR"])
    differs(run, state="accepted", reason="A cent", figures=figures, amount=Decimal("121.01"))
    months.close(connection, date(2026, 1, 1), None, "Filed")
    wrong = "the comparison that the month rests on is not what the chain says"
    assert wrong not in [fault.text for fault in walk(connection)]
    Discrepancy.objects.update(state="resolved", reason="", changed_at=database_now())  # a later one settled it
    assert list(walk(connection)) == []
    change(run)
    assert [(fault.place, fault.text) for fault in walk(connection)] == [("2026-01", wrong)]


def test_the_figures_of_its_differences_are_as_they_were_found(db: None) -> None:
    connection = ConnectionFactory.create()
    differs(compared(connection), figures=digest(["121.00 EUR", "121.01 EUR"]), state="resolved")
    months.close(connection, date(2026, 1, 1), None, "Filed")
    assert list(walk(connection)) == []
    Discrepancy.objects.update(found="[…]")  # a customer was forgotten
    assert list(walk(connection)) == []
    Discrepancy.objects.update(found="121.00 EUR")
    assert [fault.text for fault in walk(connection)] == ["a difference of the month is not as it was found"]
