"""The six pairs of a shop that rounds its tax and an Exact that rounds VAT, for prices with and without VAT.

Baskets of 1 to 8 lines at three rates, some with shipping. `make rounding` shows the shares of docs/mapping-rules.md.
"""

import logging
import os
from collections import Counter
from dataclasses import replace
from decimal import Decimal as D
from itertools import product
from random import Random
from typing import Any

import pytest

from connector.domain.choices import PostingSettings, VatRounding
from connector.domain.credit.credit_note import EarlierCredit, Invoiced, NotToBeCredited, credit
from connector.domain.document.result import Held
from connector.domain.invoice.draft import Draft
from connector.domain.invoice.translate import translate
from connector.domain.money import round_half_up, total
from connector.domain.order.model import LineKind
from connector.domain.order.read import read_order
from connector.domain.rules.chart import Currency
from connector.problems.catalogue import sentence
from tests.domain.books import Books, read_books
from tests.domain.credit.test_properties import by_rate, heading, item_of, refund_of
from tests.domain.rounding_shop import ShopRounds, basket
from tests.domain.test_properties import as_posted, assert_right, outcome, vat_by_rate

SHOP: dict[str, Any] = {
    "settings": {"rounding_limit": "0.05", "rounding_gl_account": "4900"},
    "more": {"vat_codes": [{"code": "0", "percentage": "0", "type": "N"}]},
}
UNTAXED = {"when": {"rate": "0"}, "code": "0"}
OWN_BASIS = read_books(SHOP | {"vat": [UNTAXED]})
WITHOUT_VAT, WITH_VAT = [
    read_books(SHOP | {"vat": [UNTAXED, *({"when": {"rate": rate}, "code": code} for rate, code in codes.items())]})
    for codes in ({"21": "2", "9": "1"}, {"21": "2I", "9": "1I"})
]
BOOKS = (OWN_BASIS, WITHOUT_VAT, WITH_VAT)

LOG = logging.getLogger(__name__)
BASKETS = int(os.environ.get("BASKETS", "50"))
PAIRS = [
    pytest.param(rounds, inclusive, id=f"{rounds}, prices {'with' if inclusive else 'without'} VAT")
    for rounds, inclusive in product(ShopRounds, (True, False))
]
BY_LINE: dict[str, Any] = {"vat_rounding": "line", "force_vat": True}
BY_CODE: dict[str, Any] = {"vat_rounding": "code", "force_vat": True}


def is_charged(draft: Draft, raw: dict[str, Any], vat_rounding: str) -> bool:
    """Whether Exact computes the total, and at each rate the VAT, that the shop charged."""
    made = vat_by_rate(draft, as_posted(draft, vat_rounding))
    charged = {rate: tax for rate, tax in raw["by_rate"].items() if rate}
    return made == charged and draft.gross == D(raw["order"]["total_inc_tax"])


def invoice(raw: dict[str, Any], number: int, vat_rounding: str) -> tuple[Invoiced, PostingSettings]:
    """The invoice of a basket, with codes of each basis in turn, and the terms of its credit notes."""
    books = BOOKS[number % 3]
    terms = replace(books.settings, force_vat=True, vat_rounding=VatRounding(vat_rounding))
    order = read_order(raw)
    found = translate(order, terms, books.rules, books.chart)
    assert isinstance(found, Draft), found
    return Invoiced(found, order, ()), terms


@pytest.mark.parametrize(("rounds", "inclusive"), PAIRS)
def test_where_exact_rounds_each_line_every_basket_is_posted_as_it_was_charged(
    rounds: ShopRounds, inclusive: bool
) -> None:
    fates: Counter[bool] = Counter()
    random = Random(f"{rounds} {inclusive}")
    for number in range(BASKETS):
        raw = basket(random, rounds, inclusive=inclusive)
        found = outcome(raw, BOOKS[number % 3], **BY_LINE)
        fates[isinstance(found, Draft)] += 1
        if isinstance(found, Draft):
            assert_right(found, raw)
            assert is_charged(found, raw, "line"), raw
    LOG.info("Shop rounds %s, Exact on each line: %s of %s posted", rounds, fates[True], BASKETS)
    assert fates[True] >= D("0.98") * BASKETS


@pytest.mark.parametrize(("rounds", "inclusive"), PAIRS)
def test_where_exact_rounds_once_per_code_the_rounding_line_has_the_cents(rounds: ShopRounds, inclusive: bool) -> None:
    """The total is right; the VAT is what Exact computes of the amount at each rate."""
    fates: Counter[bool] = Counter()
    charged = 0
    random = Random(f"{rounds} {inclusive}")
    for number in range(BASKETS):
        raw = basket(random, rounds, inclusive=inclusive)
        found = outcome(raw, BOOKS[number % 3], **BY_CODE)
        fates[isinstance(found, Draft)] += 1
        if isinstance(found, Draft):
            assert_right(found, raw, "code")
            charged += is_charged(found, raw, "code")
    LOG.info("Shop rounds %s, Exact per code: %s of %s posted, %s with its VAT", rounds, fates[True], BASKETS, charged)
    assert fates[True] >= D("0.95") * BASKETS


@pytest.mark.parametrize("settings", [BY_LINE, BY_CODE | {"rounding_limit": D(5)}], ids=["line", "code"])
@pytest.mark.parametrize("shown_digits", [4, 0])
@pytest.mark.parametrize(("rounds", "inclusive"), PAIRS)
def test_a_shop_of_whole_forints_has_its_orders_posted(
    rounds: ShopRounds, inclusive: bool, shown_digits: int, settings: dict[str, Any]
) -> None:
    """Its totals are whole, and so is the tax of its lines, or it is shown as it is before rounding."""
    random = Random(f"{rounds} {inclusive}")
    for number in range(BASKETS // 2):
        raw = basket(random, rounds, inclusive=inclusive, shown_digits=shown_digits, currency="HUF")
        found = outcome(raw, in_forints(BOOKS[number % 3]), **settings)
        assert isinstance(found, Draft), [sentence(each) for each in found.problems]
        if shown_digits and settings["vat_rounding"] == "line":
            assert is_charged(found, raw, "line")


@pytest.mark.parametrize("settings", [BY_LINE | {"force_vat": False}, BY_CODE], ids=["line", "code"])
def test_a_forint_that_is_held_says_what_would_have_it_posted(settings: dict[str, Any]) -> None:
    random = Random("forints")
    fates: Counter[bool] = Counter()
    for number in range(BASKETS):
        raw = basket(random, ShopRounds.NOT_AT_ALL, inclusive=True, currency="HUF")
        found = outcome(raw, in_forints(BOOKS[number % 3]), **settings)
        fates[isinstance(found, Held)] += 1
        if isinstance(found, Held):
            assert all(each.params["helps"] for each in found.problems), found
    assert fates[True] > BASKETS // 2


def in_forints(books: Books) -> Books:
    """The books of a division that has forints, with the hundredths that Exact keeps of them."""
    currencies = {**books.chart.currencies, "HUF": Currency("HUF", decimals=2)}
    return replace(books, chart=replace(books.chart, currencies=currencies))


@pytest.mark.parametrize("vat_rounding", ["line", "code"])
@pytest.mark.parametrize(("rounds", "inclusive"), PAIRS)
def test_a_credit_of_the_whole_is_the_invoice(rounds: ShopRounds, inclusive: bool, vat_rounding: str) -> None:
    random = Random(f"{rounds} {inclusive}")
    for number in range(BASKETS // 4):
        raw = basket(random, rounds, inclusive=inclusive)
        invoiced, terms = invoice(raw, number, vat_rounding)
        note = credit(invoiced, None, terms, heading(0))
        assert (-note.net, -note.vat, -note.gross) == (invoiced.draft.net, invoiced.draft.vat, invoiced.draft.gross)
        made, of_invoice = (vat_by_rate(each, as_posted(each, vat_rounding)) for each in (note, invoiced.draft))
        assert {rate: -vat for rate, vat in made.items()} == of_invoice


@pytest.mark.parametrize("vat_rounding", ["line", "code"])
@pytest.mark.parametrize(("rounds", "inclusive"), PAIRS)
def test_most_lines_in_whole_forints_come_back_one_by_one(
    rounds: ShopRounds, inclusive: bool, vat_rounding: str
) -> None:
    """The shop gives back a line's price in units. By code, Exact makes hundredths of its VAT, seldom a cent off."""
    random = Random(f"{rounds} {inclusive}")
    fates: Counter[bool] = Counter()
    for number in range(BASKETS // 4):
        raw = basket(random, rounds, inclusive=inclusive, currency="HUF")
        books = in_forints(BOOKS[number % 3])
        terms = replace(books.settings, **(BY_LINE if vat_rounding == "line" else BY_CODE | {"rounding_limit": D(5)}))
        order = read_order(raw)
        found = translate(order, terms, books.rules, books.chart)
        assert isinstance(found, Draft)
        for line in order.lines[:-1]:
            item = item_of(line.key, int(line.quantity) if line.kind is LineKind.PRODUCT else 0, None)
            refund = refund_of(1, round_half_up(line.charged, 0), [item], 2)
            try:
                note = credit(Invoiced(found, order, ()), refund, terms, heading(1))
            except NotToBeCredited:
                fates[False] += 1
            else:
                fates[True] += -note.gross == refund.total
    assert fates[True] >= D("0.8") * sum(fates.values()), fates


@pytest.mark.parametrize(("rounds", "inclusive"), PAIRS)
def test_credits_line_by_line_are_the_invoice_in_the_end(rounds: ShopRounds, inclusive: bool) -> None:
    """The shop gives back each line's own price in cents, then the rest. What a rate lacks a cent of is held."""
    random = Random(f"{rounds} {inclusive}")
    held = 0
    for number in range(BASKETS // 4):
        raw = basket(random, rounds, inclusive=inclusive)
        invoiced, terms = invoice(raw, number, "line")
        for place, line in enumerate(invoiced.order.lines[:-1], 1):
            item = item_of(line.key, int(line.quantity) if line.kind is LineKind.PRODUCT else 0, None)
            refund = refund_of(place, min(line.gross, invoiced.rest), [item], 2)
            try:
                note = credit(invoiced, refund, terms, heading(place))
            except NotToBeCredited:
                held += 1
                continue
            assert -note.gross == refund.total
            invoiced = replace(invoiced, earlier=(*invoiced.earlier, EarlierCredit(refund, note, note.gross)))
        notes = [each.draft for each in invoiced.earlier if each.draft]
        if invoiced.rest:
            notes.append(credit(invoiced, None, terms, heading(0)))
        assert -total(note.gross for note in notes) == invoiced.draft.gross
        made = by_rate(notes)
        assert {rate: -vat for rate, vat in made.items() if vat} == {
            rate: vat for rate, vat in by_rate([invoiced.draft]).items() if vat
        }
    assert held <= BASKETS // 16
