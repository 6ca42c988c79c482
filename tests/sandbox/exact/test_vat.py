"""Exact's VAT on the lines of an invoice, rounded on each line or once per code."""

from decimal import Decimal

import pytest

from connector.sandbox.exact.vat import VatLine, calculate, cents


def line(price: str, basis: str = "E", rate: str = "0.21", **more: Decimal) -> VatLine:
    return VatLine(Decimal(1), Decimal(price), "2", basis, Decimal(rate), **more)


@pytest.mark.parametrize(
    ("basis", "net", "vat"), [("E", "10.00", "2.10"), ("I", "8.26", "1.74"), ("N", "10.00", "0.00"), ("", "10.00", "0")]
)
def test_the_type_of_the_code_says_whether_a_price_includes_vat(basis: str, net: str, vat: str) -> None:
    one = line("10.00", basis)
    calculate([one], "line")
    assert (one.net, one.vat) == (Decimal(net), Decimal(vat))


@pytest.mark.parametrize(("rounding", "vat"), [("line", ["0.01"] * 3), ("code", ["0.01", "0.01", "0.00"])])
def test_once_per_code_the_last_line_gets_the_difference(rounding: str, vat: list[str]) -> None:
    lines = [line("0.03") for _number in range(3)]
    calculate(lines, rounding)
    assert [each.vat for each in lines] == list(map(Decimal, vat))


def test_vat_that_is_forced_changes_the_net_amount_of_a_line_that_includes_it() -> None:
    with_vat, without = line("10.00", "I"), line("10.00", "E")
    for each in (with_vat, without):
        each.force(Decimal("1.75"))
    assert (with_vat.net, without.net) == (Decimal("8.25"), Decimal("10.00"))


def test_half_a_cent_is_rounded_up_and_so_is_half_of_another_unit() -> None:
    assert cents(Decimal("0.005")) == Decimal("0.01")
    assert cents(Decimal("100.5"), Decimal(1)) == Decimal(101)
