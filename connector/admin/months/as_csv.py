"""A month as a CSV file, which a spreadsheet opens without running anything in it."""

import csv
import io
import re

from connector.admin.months.report import Cell, Report

# A cell that begins with one of these is a formula to a spreadsheet, with or without blanks before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# So is what follows one of these, where a spreadsheet separates cells by it, as Dutch ones do by a semicolon.
_INSIDE = re.compile(r"(;|(?<=.)[\t\r\n])(\s*[=+\-@])", re.DOTALL)


def safe(cell: Cell) -> str:
    """Return a cell's text. A text that a spreadsheet would run as a formula begins with an apostrophe; a number that
    is a number stays one."""
    if not isinstance(cell, str):
        return str(cell)
    text = _INSIDE.sub(r"\1'\2", cell)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def render(report: Report) -> bytes:
    """Return the file in UTF-8, with the mark that spreadsheets know it by. Amounts have a point and no grouping."""
    file = io.StringIO()
    out = csv.writer(file, quoting=csv.QUOTE_ALL)
    out.writerow([safe(report.title)])
    out.writerows([safe(name), safe(value)] for name, value in report.facts)
    out.writerow([safe(report.certificate)] if report.certificate else [])
    for table in report.tables:
        out.writerow([])
        out.writerow([safe(table.title)])
        out.writerow(map(safe, table.columns))
        out.writerows(map(safe, row.cells) for row in table.rows)
    return file.getvalue().encode("utf-8-sig")
