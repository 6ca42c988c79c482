"""A month as tables: what its page, its CSV file and its PDF show alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.formats import number_format

from connector.admin.months.chart import DayFigures

Cell = str | int | Decimal


def in_words(cell: Cell) -> str:
    """Return a cell as a person reads it; an amount has as many decimals as it came with."""
    if isinstance(cell, str):
        return cell
    decimals = -int(cell.as_tuple().exponent) if isinstance(cell, Decimal) else 0
    return number_format(cell, max(decimals, 0), force_grouping=True)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. `differs`: the two sides differ in it. `url` is the page about it, "" for none."""

    cells: tuple[Cell, ...]
    differs: bool = False
    url: str = ""

    @property
    def shown(self) -> list[tuple[str, bool]]:
        """The cells as a person reads them, each with whether it is a figure."""
        return [(in_words(cell), not isinstance(cell, str)) for cell in self.cells]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading. `empty` is what is said instead when there are none, "" to leave the table out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    empty: str = ""

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """The names of the columns, each with whether it has figures."""
        cells = self.rows[0].cells if self.rows else ("",) * len(self.columns)
        return [(name, not isinstance(cell, str)) for name, cell in zip(self.columns, cells, strict=True)]


@dataclass(frozen=True, slots=True)
class Days:
    """What both sides come to per day, in one currency."""

    currency: str
    days: tuple[DayFigures, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A month of a connection. `facts` are who compared what and when, in words. `certificate` is the sentence that the
    month is complete, "" when it is not. Amounts are in the currency that their row or their table names."""

    title: str
    facts: Sequence[tuple[str, str]]
    certificate: str
    tables: Sequence[Table]
    charts: Sequence[Days] = field(default_factory=tuple)
