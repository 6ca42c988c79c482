"""How Exact adds up an invoice, whose VAT it rounds on each line or once per code."""

from dataclasses import replace
from decimal import Decimal as D

from connector.domain.choices import VatRounding
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.invoice.predict import add_up, predict
from connector.domain.vat_arithmetic import Totals
from tests.domain.books import HERE, read_books, read_json
from tests.domain.credit.sale import booked


def draft_lines() -> tuple[DraftLine, ...]:
    draft = read_books({}).translate(read_json(HERE / "cases" / "sixty_lines" / "order.json"))
    assert isinstance(draft, Draft)
    return draft.lines


def test_vat_by_line_and_by_code_differ_where_rounding_adds_up() -> None:
    cents = [replace(line, net=D("0.02"), vat=D("0.00"), gross=D("0.02")) for line in draft_lines()[:3]]
    assert predict(cents, VatRounding.LINE).vat == D("0.00")
    assert predict(cents, VatRounding.CODE).vat == D("0.01")  # 21 % of 0.06 is 0.0126
    assert predict(cents, VatRounding.CODE).gross == D("0.07")


def test_each_code_is_rounded_by_itself_and_by_its_own_basis() -> None:
    """Three times 0.02 without VAT is 0.01 of VAT; three times 0.03 with it in the price is 0.02."""
    without = [booked(f"product:{number}", "0.02") for number in (1, 2, 3)]
    within = [replace(booked(f"product:{number}", "0.03"), vat_code="2I", vat_type="I") for number in (4, 5, 6)]
    mixed = [line for pair in zip(without, within, strict=True) for line in pair]
    assert predict(mixed, VatRounding.CODE) == Totals(D("0.13"), D("0.03"), D("0.16"))
    assert predict([], VatRounding.CODE) == Totals(D(0), D(0), D(0))


def test_the_currencys_decimals_count() -> None:
    yen = [replace(booked("product:1", "1100"), net=D(1005), vat=D(211), gross=D(1216))]
    assert predict(yen, VatRounding.CODE, 0).vat == D(211)
    assert predict(yen, VatRounding.CODE, 2).vat == D("211.05")


def test_sums_are_of_net_vat_and_gross() -> None:
    assert add_up([booked("product:1", "12.10"), Totals(D(1), D(2), D(3))]) == Totals(D("11.00"), D("4.10"), D("15.10"))
