"""Dates of orders as stores, apps and migrations write them. The store is in Amsterdam and starts in 2026."""

from datetime import date

import pytest

from tests.cases.outcome import books, invoice
from tests.cases.shop import line, order

STARTED = books(start_date=date(2026, 1, 1))


def test_date_offset() -> None:
    """23:30 in New York is 5:30 of the next day in Amsterdam."""
    found = invoice(order(line(), date_created="Mon, 02 Nov 2026 23:30:00 -0500"), STARTED)
    assert (found.day, found.total) == (date(2026, 11, 3), "24.20")


@pytest.mark.parametrize(
    "created",
    [
        pytest.param("Thu, 01 Jan 1970 00:00:00 +0000", id="date_1970"),
        pytest.param("Wed, 30 Nov -0001 00:00:00 +0000", id="date_minus1"),
    ],
)
def test_skipped(created: str) -> None:
    """An empty date, as a migration writes it, is before every start date."""
    found = invoice(order(line(), date_created=created), STARTED)
    assert found.codes == ["before_start"]
    assert "before this connection's start date" in found.words
