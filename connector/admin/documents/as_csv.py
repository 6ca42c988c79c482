"""Documents as a CSV file, row by row: a spreadsheet of the reader's language opens it, and runs nothing in it."""

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.formats import get_format

from connector.admin.documents.exported_rows import Cell
from connector.admin.safe_cells import safe
from connector.domain.money import tidy

MARK = "\ufeff"  # by which spreadsheets know UTF-8


def lines(rows: Iterable[Iterable[Cell]]) -> str:
    """Return rows as text. Amounts have the active language's decimal mark, and cells a semicolon between where that
    is a comma, as spreadsheets have it. Days are in ISO 8601."""
    mark = get_format("DECIMAL_SEPARATOR")
    file = io.StringIO()
    out = csv.writer(file, delimiter=";" if mark == "," else ",", quoting=csv.QUOTE_ALL)
    out.writerows(_texts(row, mark) for row in rows)
    return file.getvalue()


def _texts(row: Iterable[Cell], mark: str) -> Iterator[str]:
    for cell in row:
        if isinstance(cell, Decimal):
            yield str(tidy(cell, 2)).replace(".", mark)
        else:
            yield "" if cell is None else safe(cell)
