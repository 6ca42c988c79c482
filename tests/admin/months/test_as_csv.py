"""The month as a CSV file: a spreadsheet runs nothing in it, and adds its numbers up."""

import csv
import io
from decimal import Decimal

from connector.admin.months.as_csv import render
from tests.admin.months.examples import a_month


def test_every_cell_is_quoted() -> None:
    lines = render(a_month("PayPal", Decimal("-1.50"))).decode("utf-8-sig").splitlines()
    assert '"PayPal","-1.50"' in lines
    assert all(line.startswith('"') and line.endswith('"') for line in lines if line)


def test_every_cell_of_the_file_is_safe() -> None:
    file = render(a_month('=HYPERLINK("https://thief.example")', Decimal("-1234.50")))
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert ['\'=HYPERLINK("https://thief.example")', "-1234.50"] in rows
    assert ["Compared by", "Robin <robin@atelier.example>"] in rows


def test_a_spreadsheet_reads_it_as_utf_8() -> None:
    assert render(a_month()).startswith(b'\xef\xbb\xbf"October 2026, Sie\xc4\x87')
