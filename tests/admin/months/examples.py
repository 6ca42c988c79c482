"""A month for the tests of its files."""

from datetime import date
from decimal import Decimal

from connector.admin.months.chart import DayFigures
from connector.admin.months.report import Cell, Days, Report, Row, Table

FIRST, SECOND = date(2026, 10, 1), date(2026, 10, 2)


def a_month(*cells: Cell, differs: bool = False) -> Report:
    """October of a shop, with one row in its table."""
    days = (DayFigures(FIRST, Decimal("121.00"), Decimal("121.00")), DayFigures(SECOND, Decimal("60.50"), Decimal(0)))
    return Report(
        title="October 2026, Sieć Ż",
        facts=[("Compared by", "Robin <robin@atelier.example>")],
        certificate="",
        tables=[
            Table("Orders", ("What", "Amount"), (Row(cells or ("Gross", Decimal("1234.50")), differs),)),
            Table("Differences", ("Kind",), (), empty="There are none."),
        ],
        charts=[Days("EUR", days)],
    )
