"""The kind of document that is proposed, its journal and its template."""

from dataclasses import replace

import pytest

from connector.domain.choices import DocumentForm
from connector.domain.order.model import LineKind
from connector.domain.rules.chart import Item, Journal
from connector.domain.rules.propose.document import form_of, propose_document
from connector.domain.rules.propose.facts import Facts, Place, Sale
from tests.domain.rules.propose.division import facts_of

DUTCH = facts_of("nl_with_items")
MUG = Sale(LineKind.PRODUCT, "NL", Place.HOME, None, sku="MUG")


def proposed(facts: Facts) -> dict[str, object]:
    return {each.key: each.value for each in propose_document(facts)}


@pytest.mark.parametrize(
    ("unknown", "form"),
    [(0, DocumentForm.SALES_INVOICE), (1, DocumentForm.SALES_INVOICE), (2, DocumentForm.SALES_ENTRY)],
)
def test_without_an_item_for_any_goods_19_products_in_20_must_be_items(unknown: int, form: DocumentForm) -> None:
    chart = replace(DUTCH.chart, items={"MUG": Item("id-MUG", "MUG", "Mok")})
    sales = (*[MUG] * (20 - unknown), *[replace(MUG, sku="BOOK")] * unknown)
    assert form_of(replace(DUTCH, chart=chart, sales=sales)) == form


def test_a_charge_without_an_item_makes_it_an_entry() -> None:
    chart = replace(DUTCH.chart, items={"MUG": Item("id-MUG", "MUG", "Mok")})
    assert (
        form_of(replace(DUTCH, chart=chart, sales=(MUG, replace(MUG, kind=LineKind.FEE)))) == DocumentForm.SALES_ENTRY
    )


def test_an_entry_is_not_printed() -> None:
    assert set(proposed(DUTCH)) == {"document", "journal", "invoice_template", "finalize"}
    assert set(proposed(replace(DUTCH, chart=replace(DUTCH.chart, items={})))) == {"document", "journal"}


@pytest.mark.parametrize("odd", [Journal("71", currency="USD"), Journal("71", blocked=True), Journal("71", type=21)])
def test_the_journal_is_one_of_sales_that_takes_the_stores_currency(odd: Journal) -> None:
    assert proposed(DUTCH)["journal"] == "71"
    chart = replace(DUTCH.chart, journals={"70": Journal("70"), "71": odd})
    assert proposed(replace(DUTCH, chart=chart))["journal"] == "70"
