"""Cells that a spreadsheet would run are marked as texts; numbers stay numbers."""

from decimal import Decimal

import pytest

from connector.admin.safe_cells import safe


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


def test_a_negative_amount_stays_a_number() -> None:
    assert safe(Decimal("-12.50")) == "-12.50"
    assert safe(-3) == "-3"
    assert safe("PayPal") == "PayPal"
