"""Documents as an Excel file: days and amounts as such, all texts as texts. Its rows wait on disk, not in memory."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from connector.admin.documents.exported_rows import Cell
from connector.admin.safe_cells import is_formula

WIDTH = 16  # of each column, in characters


class _Formats:
    """How cells look. Excel writes days and amounts in the form of the person who opens the file."""

    def __init__(self, book: Workbook) -> None:
        self.heading: Format = book.add_format({"bold": True})
        self.day: Format = book.add_format({"num_format": 14})
        self.amount: Format = book.add_format({"num_format": 4})
        # Excel keeps such a text as a text also after somebody has edited its cell.
        self.text: Format = book.add_format({"quote_prefix": True})


def write(file: IO[bytes], headings: Iterable[str], rows: Iterable[Iterable[Cell]]) -> None:
    """Write the file. It holds one row in memory, and as many rows as a sheet can have: a million."""
    with Workbook(file, {"constant_memory": True}) as book:
        sheet, formats = book.add_worksheet(_("Ledger")), _Formats(book)
        sheet.freeze_panes(1, 0)
        for at, heading in enumerate(headings):
            sheet.set_column(at, at, WIDTH)
            sheet.write_string(0, at, heading, formats.heading)
        for number, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                _write(sheet, number, at, cell, formats)


def _write(sheet: Worksheet, row: int, at: int, cell: Cell, formats: _Formats) -> None:
    match cell:
        case str() if cell:
            sheet.write_string(row, at, cell, formats.text if is_formula(cell) else None)
        case Decimal():
            sheet.write_number(row, at, float(cell), formats.amount)
        case int():
            sheet.write_number(row, at, cell)
        case date():
            sheet.write_datetime(row, at, datetime.combine(cell, time.min), formats.day)
