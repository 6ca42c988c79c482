"""The tables of a month, as they are shown."""

from decimal import Decimal

import pytest
from django.utils import translation

from connector.admin.months.report import Cell, Row, Table, in_words


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (Decimal("1234.50"), "1,234.50"),
        (Decimal("-0.01"), "-0.01"),
        (Decimal("12345"), "12,345"),  # a currency without cents
        (1234, "1,234"),
        ("1001", "1001"),  # the number of an order is no amount
    ],
)
def test_an_amount_is_shown_with_the_decimals_of_its_currency(cell: Cell, shown: str) -> None:
    with translation.override("en-gb"):
        assert in_words(cell) == shown


def test_a_column_of_figures_is_known_by_its_first_row() -> None:
    table = Table("Orders", ("Where", "Count"), (Row(("posted", 3)),))
    assert table.heads == [("Where", False), ("Count", True)]
    assert table.rows[0].shown == [("posted", False), ("3", True)]
    assert Table("Orders", ("Where", "Count"), ()).heads == [("Where", False), ("Count", False)]
