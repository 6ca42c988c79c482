"""The month as a CSV file: a spreadsheet runs nothing in it, and adds its numbers up."""

import csv
import io
from decimal import Decimal

import pytest

from connector.admin.months.as_csv import render, safe
from tests.admin.months.examples import a_month


@pytest.mark.parametrize(
    "text", ["=1+1", "+31 20 123", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\tcmd", "\rcmd", "  =1+1"]
)
def test_a_text_that_a_spreadsheet_would_run_is_marked_as_a_text(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("ok;=1+1", "ok;'=1+1"),
        ("ok; =1+1;@x", "ok;' =1+1;'@x"),
        (";=1", ";'=1"),
        ("ok\n=1", "ok\n'=1"),
        ("ok; fine", "ok; fine"),
    ],
)
def test_so_is_one_behind_what_separates_cells_elsewhere(text: str, marked: str) -> None:
    assert safe(text) == marked


def test_every_cell_is_quoted() -> None:
    lines = render(a_month("PayPal", Decimal("-1.50"))).decode("utf-8-sig").splitlines()
    assert '"PayPal","-1.50"' in lines
    assert all(line.startswith('"') and line.endswith('"') for line in lines if line)


def test_a_negative_amount_stays_a_number() -> None:
    assert safe(Decimal("-12.50")) == "-12.50"
    assert safe(-3) == "-3"
    assert safe("PayPal") == "PayPal"


def test_every_cell_of_the_file_is_safe() -> None:
    file = render(a_month('=HYPERLINK("https://thief.example")', Decimal("-1234.50")))
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert ['\'=HYPERLINK("https://thief.example")', "-1234.50"] in rows
    assert ["Compared by", "Robin <robin@atelier.example>"] in rows


def test_a_spreadsheet_reads_it_as_utf_8() -> None:
    assert render(a_month()).startswith(b'\xef\xbb\xbf"October 2026, Sie\xc4\x87')
