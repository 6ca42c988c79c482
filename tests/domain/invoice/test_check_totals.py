from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.choices import VatRounding
from connector.domain.document.codes import Code
from connector.domain.document.result import Held
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.invoice.lines import unit_price
from connector.domain.invoice.predict import predict
from connector.domain.money import minor_digits, plain, round_half_up, shortest, tidy
from connector.domain.vat_arithmetic import Totals, rate_fits_tax, with_vat
from tests.domain.basket import charge, order_of, taxed
from tests.domain.books import HERE, read_books, read_json


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


def draft_lines() -> tuple[DraftLine, ...]:
    draft = read_books({}).translate(read_json(HERE / "cases" / "sixty_lines" / "order.json"))
    assert isinstance(draft, Draft)
    return draft.lines


def test_vat_by_line_and_by_code_differ_where_rounding_adds_up() -> None:
    cents = [replace(line, net=D("0.02"), vat=D("0.00"), gross=D("0.02")) for line in draft_lines()[:3]]
    assert predict(cents, VatRounding.LINE).vat == D("0.00")
    assert predict(cents, VatRounding.CODE).vat == D("0.01")  # 21 % of 0.06 is 0.0126
    assert predict(cents, VatRounding.CODE).gross == D("0.07")


@pytest.mark.parametrize(
    ("amount", "quantity", "expected"),
    [
        ("10.00", "3", ("3", "3.3333")),
        ("25.00", "2", ("2", "12.50")),
        ("100.00", "300", ("1", "100.00")),
        ("0.00", "5", ("5", "0.00")),
        ("-0.01", "1", ("1", "-0.01")),
    ],
)
def test_quantity_times_price_is_the_amount(amount: str, quantity: str, expected: tuple[str, str]) -> None:
    assert tuple(map(plain, unit_price(D(amount), D(quantity), 2))) == expected


def test_currencies_without_cents() -> None:
    assert [minor_digits(code) for code in ("EUR", "JPY", "KWD")] == [2, 0, 3]


def test_numbers_as_text() -> None:
    assert [shortest(D(text)) for text in ("21.0000", "0.00", "100", "5.50")] == ["21", "0", "100", "5.5"]
    assert plain(tidy(D("1E+2"), least=2)) == "100.00"
    assert str(round_half_up(D("-0.001"), 2)) == "0.00"


ROUNDING = {"rounding_limit": "0.05", "rounding_gl_account": "4900"}


def test_where_exact_rounds_once_per_code_two_cents_on_one_line_are_no_rounding() -> None:
    """10.00 with 2.12: within the limit, and yet more than rounding of one line explains."""
    folder = HERE / "cases" / "two_cents_of_tax_off_are_not_forced"
    code_0 = {"vat_codes": [{"code": "0", "percentage": "0", "type": "N"}]}
    books = read_books({"settings": {"vat_rounding": "code", **ROUNDING}, "more": code_0})
    held = books.translate(read_json(folder / "order.json"))
    assert isinstance(held, Held)
    assert [problem.code for problem in held.problems] == [Code.VAT_OF_RATE_DIFFERS]


def test_a_tax_that_is_not_its_rates_is_not_divided_over_the_lines() -> None:
    """At 21 % three cents too much and at 9 % three too few: together the order's tax, and nobody's rounding."""
    high = charge("product:1", "12.13", "2.13", charged_tax=D("2.1312"), charged=D("12.1312"))
    low = charge("product:2", "10.87", "0.87", charged_tax=D("0.8688"), charged=D("10.8688"))
    order = order_of(high, low, taxes=[taxed("product:1", "21", "2.13"), taxed("product:2", "9", "0.87")])
    held = read_books({"settings": {"force_vat": True}}).translate_order(replace(order, tax_inclusive=False))
    assert isinstance(held, Held)
    assert {problem.code for problem in held.problems} == {Code.VAT_OF_RATE_DIFFERS}
