"""The VAT of one amount, which has it in it or not."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.vat_arithmetic import Totals, rate_fits_tax, with_known_vat, with_vat


@pytest.mark.parametrize(
    ("amount", "rate", "expected"),
    [
        ("119.95", "3", "119.95 3.60 123.55"),
        ("0.50", "1", "0.50 0.01 0.51"),
        ("-0.50", "1", "-0.50 -0.01 -0.51"),
        ("-10.00", "21", "-10.00 -2.10 -12.10"),
    ],
)
def test_vat_on_a_net_amount_is_rounded_half_up(amount: str, rate: str, expected: str) -> None:
    totals = with_vat(D(amount), D(rate), 2, included=False)
    assert [totals.net, totals.vat, totals.gross] == [D(text) for text in expected.split()]


def test_vat_within_a_gross_amount() -> None:
    assert with_vat(D("2400.00"), D("5.5"), 2, included=True) == Totals(D("2274.88"), D("125.12"), D("2400.00"))


@given(st.integers(-(10**8), 10**8), st.sampled_from(["21", "9", "5.5", "19", "25", "2.1", "0"]), st.booleans())
def test_a_rate_gives_the_tax_that_it_made(cents: int, percentage: str, included: bool) -> None:
    rate = D(percentage)
    totals = with_vat(D(cents).scaleb(-2), rate, 2, included=included)
    assert rate_fits_tax(rate, totals.gross, totals.vat, 2)


def test_a_rate_does_not_give_the_tax_of_another() -> None:
    assert rate_fits_tax(D("5.5"), D("2400.00"), D("125.12"), 2)
    assert not rate_fits_tax(D(20), D("2400.00"), D("125.12"), 2)
    assert not rate_fits_tax(D("5.5"), D("2400.00"), D("125.13"), 2)


def test_a_known_vat_is_in_the_amount_or_comes_to_it() -> None:
    assert with_known_vat(D("12.10"), D("2.11"), included=True) == Totals(D("9.99"), D("2.11"), D("12.10"))
    assert with_known_vat(D("10.00"), D("2.11"), included=False) == Totals(D("10.00"), D("2.11"), D("12.11"))


def test_currencies_without_cents_have_whole_vat() -> None:
    assert with_vat(D(1000), D("8.25"), 0, included=False) == Totals(D(1000), D(83), D(1083))
