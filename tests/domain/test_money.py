"""Amounts: rounding, units and how they are written."""

from decimal import Decimal as D

import pytest

from connector.domain.money import minor_digits, plain, round_half_up, shortest, smallest_unit, tidy, total


def test_currencies_have_their_own_decimals() -> None:
    assert [minor_digits(code) for code in ("EUR", "JPY", "KWD")] == [2, 0, 3]
    assert [smallest_unit(digits) for digits in (2, 0, 3)] == [D("0.01"), D(1), D("0.001")]


@pytest.mark.parametrize(
    ("amount", "digits", "rounded"),
    [("0.005", 2, "0.01"), ("-0.005", 2, "-0.01"), ("-0.001", 2, "0.00"), ("2.5", 0, "3"), ("1.0005", 3, "1.001")],
)
def test_a_half_goes_away_from_zero_and_zero_has_no_sign(amount: str, digits: int, rounded: str) -> None:
    assert str(round_half_up(D(amount), digits)) == rounded


def test_the_sum_of_nothing_is_zero() -> None:
    assert total([]) == 0
    assert total([D("0.10"), D("-0.30")]) == D("-0.20")


def test_numbers_as_text() -> None:
    assert [shortest(D(text)) for text in ("21.0000", "0.00", "100", "5.50", "1E+2")] == [
        "21",
        "0",
        "100",
        "5.5",
        "100",
    ]
    assert [plain(tidy(D(text), least=2)) for text in ("1E+2", "0", "3.3330", "2.5")] == [
        "100.00",
        "0.00",
        "3.333",
        "2.50",
    ]
