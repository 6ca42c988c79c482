from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.invoice.line_vat import apportion, settle_vat
from connector.domain.money import total
from connector.domain.order.model import Order
from connector.domain.rules.chart import VatCode
from connector.domain.rules.context import TranslationContext
from connector.domain.vat.codes import VatChoice
from tests.domain.basket import charge, order_of
from tests.domain.books import read_books

CENT = D("0.01")


def shares(exact: Iterable[str], whole: str, unit: D = CENT) -> list[str] | None:
    found = apportion(dict(enumerate(map(D, exact))), D(whole), unit)
    return None if found is None else [str(share) for share in found.values()]


def test_the_largest_remainders_are_rounded_up() -> None:
    assert shares(["0.2079", "0.2079", "0.2079"], "0.62") == ["0.21", "0.21", "0.20"]
    assert shares(["1.2361", "0.4439"], "1.68") == ["1.24", "0.44"]
    assert shares(["2254.46", "100.9"], "2355", D(1)) == ["2254", "101"]


def test_an_amount_below_zero_is_rounded_like_any_other() -> None:
    assert shares(["4.2000", "-0.8678"], "3.33") == ["4.20", "-0.87"]
    assert shares(["4.2000", "-0.8678"], "3.34") == ["4.20", "-0.86"]


def test_what_is_more_than_rounding_has_no_shares() -> None:
    assert shares(["0.2079", "0.2079"], "0.43") is None
    assert shares(["0.2079", "0.2079"], "0.39") is None
    assert shares(["0.21", "0.00"], "0.22") is None  # whole cents are not rounded


@given(st.lists(st.integers(-(10**7), 10**7), max_size=9), st.data())
def test_each_share_is_less_than_a_cent_off_and_their_sum_is_right(units: list[int], data: st.DataObject) -> None:
    exact = {place: D(each).scaleb(-4) for place, each in enumerate(units)}
    floors = [each // 100 for each in units]
    up = data.draw(st.integers(0, sum(bool(each % 100) for each in units)))
    found = apportion(exact, (sum(floors) + up) * CENT, CENT)
    assert found is not None
    assert total(found.values()) == (sum(floors) + up) * CENT
    assert all(abs(found[place] - each) < CENT for place, each in exact.items())


HIGH, NONE = (VatCode(code, "", D(rate)) for code, rate in (("2", "21"), ("6", "0")))


def settled(order: Order, choice: VatChoice | None = None) -> list[tuple[str, str, str]]:
    """Net, VAT and gross of each line, after the order's tax is divided over them."""
    books = read_books({})
    choices = {line.key: choice or VatChoice(HIGH, "a rule") for line in order.lines}
    found = settle_vat(TranslationContext(order, books.settings, books.rules, books.chart), choices).order
    return [(str(line.net), str(line.tax), str(line.gross)) for line in found.lines]


def cups(count: int, total_tax: str, **changes: Any) -> Order:
    """Cups of 0.99 in a shop whose prices are without VAT: 0.2079 each, which it shows as 0.21."""
    lines = [charge(f"product:{number}", "1.20", "0.21", **changes) for number in range(count)]
    return order_of(*lines, total_tax=D(total_tax), tax_inclusive=False)


def test_an_order_whose_tax_is_the_sum_of_its_lines_is_left_as_it_is() -> None:
    assert settled(cups(3, "0.63")) == [("0.99", "0.21", "1.20")] * 3


def test_a_tax_that_was_rounded_once_is_divided_over_the_lines() -> None:
    """The prices are without VAT, so they stay, and the gross amounts change."""
    assert settled(cups(3, "0.62")) == [("0.99", "0.21", "1.20"), ("0.99", "0.21", "1.20"), ("0.99", "0.20", "1.19")]
    unrounded = cups(3, "0.62", charged=D("1.1979"), charged_tax=D("0.2079"))
    assert [vat for _, vat, _ in settled(unrounded)] == ["0.21", "0.21", "0.20"]


def test_where_prices_have_vat_in_them_the_gross_amounts_stay() -> None:
    order = replace(cups(3, "0.62"), tax_inclusive=True)
    assert settled(order) == [("0.99", "0.21", "1.20"), ("0.99", "0.21", "1.20"), ("1.00", "0.20", "1.20")]


def test_a_line_whose_tax_is_whole_takes_no_cents_of_others() -> None:
    """21 % of 10.00 is 2.10, and of 0.05 it is 0.0105. The cent that is missing goes on the second line."""
    whole = charge("product:1", "12.11", "2.11", charged=D("12.1050"), charged_tax=D("2.1050"))
    order = order_of(whole, charge("product:2", "0.06", "0.01"), total_tax=D("2.12"), tax_inclusive=False)
    assert settled(order) == [("10.00", "2.10", "12.10"), ("0.05", "0.02", "0.07")]


def test_a_tax_that_is_no_vat_is_what_the_shop_wrote() -> None:
    apart = VatChoice(NONE, "VAT rule 1, version 3", tax_apart=True)
    order = cups(2, "0.41", charged=D("1.1979"), charged_tax=D("0.2079"))
    assert [tax for _, tax, _ in settled(order, apart)] == ["0.21", "0.20"]


@pytest.mark.parametrize(("shown", "taxes"), [("2.11", ["2.10", "2.10"]), ("2.12", ["2.12", "2.10"])])
def test_a_line_may_be_a_cent_off_and_no_more(shown: str, taxes: list[str]) -> None:
    lines = charge("product:1", "12.10", shown), charge("product:2", "12.10", "2.10")
    order = order_of(*lines, total_tax=D("4.20"), tax_inclusive=True)
    assert [tax for _, tax, _ in settled(order)] == taxes


def test_an_order_whose_tax_is_more_than_rounding_off_is_left_as_it_is() -> None:
    assert [vat for _, vat, _ in settled(cups(3, "0.64"))] == ["0.21"] * 3
