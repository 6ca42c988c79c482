"""A sale without VAT inside the EU needs the number of a business in another member state."""

from dataclasses import replace
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.order.model import Address, OrderLine
from connector.domain.rules.chart import VatCode
from connector.domain.rules.context import TranslationContext
from connector.domain.rules.rule_book import read_when
from connector.domain.vat.exemption import check_proof
from tests.domain.basket import BERLIN, GHENT, UTRECHT, ZURICH, charge, order_of
from tests.domain.books import read_books

CODES = read_books({}).chart.vat_codes
FREE, TAXED = CODES["6"], CODES["2"]
LISTED, OSS = replace(FREE, code="7", eu_sales_listing="L"), replace(FREE, code="D0", oss_country="DE")
NUMBERS = {"none": "", "invalid": "BE0123456748", "own_country": "NL823807071B01"}


def problem(
    to: Address,
    code: VatCode | None = FREE,
    *,
    when: dict[str, Any] | None = None,
    key: str = "product:1",
    gross: str = "10.00",
) -> Problem | None:
    return check(charge(key, gross, to=to), code, when or {})


def check(charged: OrderLine, code: VatCode | None, when: dict[str, Any], *others: OrderLine) -> Problem | None:
    books, order = read_books({}), order_of(charged, *others)
    context = TranslationContext(order, books.settings, books.rules, books.chart)
    return check_proof(context, charged, code, read_when(when))


def test_a_business_abroad_with_its_number_is_the_proof() -> None:
    assert problem(GHENT, LISTED) is None
    assert problem(GHENT) is None


def shown(found: Problem | None) -> tuple[Code, object, object]:
    """The code, the proof that is missing, and the number that is none."""
    assert found is not None
    return found.code, found.params["proof"], found.params["vat_number"]


@pytest.mark.parametrize("proof", NUMBERS)
def test_without_a_number_of_another_member_state_it_says_which_is_missing(proof: str) -> None:
    number = NUMBERS[proof]
    place = replace(GHENT, form_fields=(("VAT number", number),))
    assert shown(problem(place, LISTED)) == (Code.VAT_CODE_NEEDS_PROOF, proof, number)
    for code in (FREE, None):
        assert shown(problem(place, code)) == (Code.NO_VAT_NEEDS_PROOF, proof, number)


def test_a_code_on_the_sales_list_is_for_abroad() -> None:
    for place in (UTRECHT, ZURICH):
        assert shown(problem(place, LISTED)) == (Code.VAT_CODE_NEEDS_PROOF, "not_abroad", "")


@pytest.mark.parametrize("place", [UTRECHT, ZURICH])
def test_at_home_and_outside_the_eu_no_vat_needs_no_number(place: Address) -> None:
    assert problem(place) is None


def test_what_is_free_or_no_supply_needs_no_proof() -> None:
    assert problem(BERLIN, gross="0.00") is None
    assert problem(BERLIN, key="gift_certificate:7") is None


def test_a_code_with_vat_or_of_another_country_needs_none() -> None:
    assert problem(BERLIN, TAXED) is None
    assert problem(BERLIN, OSS) is None
    assert problem(BERLIN, FREE) is not None


def test_an_order_with_some_vat_was_not_meant_to_be_without() -> None:
    untaxed, taxed = charge("product:1", "10.00", to=BERLIN), charge("product:2", "11.90", "1.90", to=BERLIN)
    assert check(untaxed, FREE, {}, taxed) is None
    assert check(untaxed, FREE, {}) is not None


@pytest.mark.parametrize(
    ("when", "is_particular"),
    [
        ({"sku": "MUG"}, True),
        ({"tax_class": "3"}, True),
        ({"category": "Books"}, True),
        ({"brand": "Acme"}, True),
        ({"line": "shipping"}, True),
        ({"line": "product"}, False),
        ({"country": "DE"}, False),
        ({}, False),
    ],
)
def test_a_rule_for_particular_goods_is_an_exemption(when: dict[str, Any], is_particular: bool) -> None:
    assert (problem(BERLIN, when=when) is None) == is_particular
