"""What a division's master data say of a code."""

from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.rules.chart import (
    MANDATORY,
    NOT_USED,
    OPTIONAL,
    RECEIPT_JOURNALS,
    SALES_JOURNAL,
    GLAccount,
    Item,
    Journal,
    VatCode,
    decimals_of,
)


def code(percentage: str = "21", **fields: Any) -> VatCode:
    return VatCode("2", "", D(percentage), **fields)


def test_the_numbers_are_those_of_exacts_reference() -> None:
    assert (OPTIONAL, MANDATORY, NOT_USED) == (0, 1, 2)
    assert (20, {12, 16}) == (SALES_JOURNAL, RECEIPT_JOURNALS)
    assert Journal("70").type == SALES_JOURNAL
    assert GLAccount("id", "8000", "").use_cost_center == GLAccount("id", "8000", "").use_cost_unit == OPTIONAL


@pytest.mark.parametrize(
    ("kind", "rate", "within"), [("E", 21, False), ("I", 21, True), ("B", 0, False), ("N", 0, False)]
)
def test_the_type_says_what_a_code_adds_and_whether_prices_have_it(kind: str, rate: int, within: bool) -> None:
    found = code(type=kind)
    assert (found.rate, found.includes_vat, found.adds_within) == (D(rate), within, within)


def test_a_code_of_nothing_adds_nothing_within_prices() -> None:
    assert code("0", type="I").includes_vat
    assert not code("0", type="I").adds_within


@pytest.mark.parametrize(("listing", "listed"), [("", False), ("N", False), ("L", True), ("S", True), ("T", True)])
def test_a_code_on_the_sales_list_is_for_goods_services_or_triangles(listing: str, listed: bool) -> None:
    assert code(eu_sales_listing=listing).is_listed == listed


@pytest.mark.parametrize(
    ("kind", "blocked", "usable"), [("B", False, True), ("S", False, True), ("P", False, False), ("S", True, False)]
)
def test_a_sale_takes_a_code_that_is_open_and_not_for_purchases(kind: str, blocked: bool, usable: bool) -> None:
    assert code(transaction_type=kind, blocked=blocked).usable == usable
    assert code().usable


@pytest.mark.parametrize(
    ("is_sales", "ended", "sellable"), [(True, False, True), (False, False, False), (True, True, False)]
)
def test_an_item_is_sold_until_it_ends(is_sales: bool, ended: bool, sellable: bool) -> None:
    assert Item("id", "MUG", "", is_sales, ended).sellable == sellable
    assert Item("id", "MUG", "").sellable


def test_a_gl_account_and_a_journal_are_open_unless_they_say_otherwise() -> None:
    assert not GLAccount("id", "8000", "").blocked
    assert not Journal("70").blocked
    assert not code().blocked


@pytest.mark.parametrize(
    ("precision", "decimals"),
    [
        ("", None),
        ("0.01", 2),
        ("2", 2),
        ("3", 3),
        ("1", 0),
        ("1.0", 0),
        ("0.001", 3),
        ("0.0100", 2),
        ("0", 0),
        ("10", 10),
        ("1.5", 1),
    ],
)
def test_the_precision_of_a_currency_may_be_a_step_or_a_count(precision: str, decimals: int | None) -> None:
    assert decimals_of(precision) == decimals
