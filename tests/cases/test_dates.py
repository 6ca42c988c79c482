"""Dates of orders as stores, apps and migrations write them. The store is in Amsterdam and starts in 2026."""

from datetime import date

import pytest

from connector.problems.catalogue import sentence
from tests.cases.outcome import books, invoice, unreadable
from tests.cases.shop import line, order

STARTED = books(start_date=date(2026, 1, 1))


def test_date_offset() -> None:
    """23:30 in New York is 5:30 of the next day in Amsterdam."""
    found = invoice(order(line(), date_created="Mon, 02 Nov 2026 23:30:00 -0500"), STARTED)
    assert (found.day, found.total) == (date(2026, 11, 3), "24.20")


def test_date_1970() -> None:
    """A date of zero, as a migration writes it, is before every start date."""
    found = invoice(order(line(), date_created="Thu, 01 Jan 1970 00:00:00 +0000"), STARTED)
    assert found.codes == ["before_start"]
    assert "before this connection's start date" in found.words


@pytest.mark.parametrize(
    "created",
    [
        pytest.param("", id="date_empty"),
        pytest.param("Wed, 30 Nov -0001 00:00:00 +0000", id="date_minus1"),
    ],
)
def test_held(created: str) -> None:
    """An order without a date is of no day: it is held, also where no start date is set."""
    found = unreadable(order(line(), date_created=created, date_modified=created))
    assert found.code == "order_date_odd"
    assert "The order's date_created in BigCommerce is" in sentence(found)
    assert "It must be a date." in sentence(found)
