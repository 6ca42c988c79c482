"""Amounts and days have the form of the reader's language; what is kept has one form."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from connector.domain.document.codes import Code
from connector.domain.document.result import problem
from connector.models.amounts import day, for_reader, written
from connector.models.kept_words import english
from connector.problems.catalogue import sentence


@pytest.mark.parametrize(
    ("amount", "in_english", "in_dutch", "kept"),
    [
        (Decimal("25080.24"), "25,080.24", "25.080,24", "25080.24"),
        ("-1234.5", "-1,234.5", "-1.234,5", "-1234.5"),
        (Decimal("7"), "7", "7", "7"),
        ("", "", "", ""),
        ("one", "one", "one", "one"),
        ("1.2.3", "1.2.3", "1.2.3", "1.2.3"),
    ],
)
def test_an_amount(amount: object, in_english: str, in_dutch: str, kept: str) -> None:
    assert written(amount) == in_english
    with override("nl"):
        assert written(amount) == in_dutch
    with override(None):
        assert written(amount) == kept


def test_a_day() -> None:
    assert day("2026-01-05") == day(date(2026, 1, 5)) == "5 Jan 2026"
    assert day("later") == "later"
    with override(None):
        assert day("2026-01-05") == day(date(2026, 1, 5)) == "2026-01-05"


def test_of_several_values_the_amounts_and_days_are_written() -> None:
    given = {"total": "1234.50", "number": "26700091", "order": 1001, "day": "2026-01-05", "gross": None, "tax": "0.00"}
    with override("nl"):
        assert for_reader(given) == given | {"total": "1.234,50", "day": "5 jan 2026", "tax": "0,00"}


def test_a_sentence_has_them_and_is_kept_without() -> None:
    kept = english("To settle by hand: %(amount)s.") % {"amount": "1234.50"}
    differ = problem(Code.LINES_DO_NOT_ADD_UP, sum="1234.50", total="1234.51", currency="EUR")
    with override("nl"):
        assert kept == "To settle by hand: 1234.50."
        assert kept.translated() == "Handmatig te verrekenen: 1.234,50."
        assert "1.234,51 EUR" in sentence(differ)
