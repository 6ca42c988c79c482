"""A month as a CSV file, which a spreadsheet opens without running anything in it."""

import csv
import io

from connector.admin.months.report import Report
from connector.admin.safe_cells import safe


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
