"""A document that moves stock has one warehouse, and as many pieces as were sold."""

from dataclasses import replace
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Held
from connector.domain.invoice.draft import Draft
from connector.domain.order.model import OrderLine
from tests.domain.basket import UTRECHT, charge, order_of
from tests.domain.books import read_books

MUG = charge("product:1", "12.10", "2.10", sku="MUG")
GIFT = charge("product:2", "12.10", "2.10", sku="GIFT")
SHIPPING = charge("shipping:3", "6.05", "1.05")
DIRECT: dict[str, Any] = {"settings": {"document": "direct_invoice"}}


def translated(*lines: OrderLine, document: str = "direct_invoice", rules: list[Any] | None = None) -> Draft | Held:
    by_sku = [
        {"priority": 1, "when": {"pickup_location": "utr"}, "then": {"gl_account": "8000", "warehouse": "3"}},
        {"priority": 2, "when": {"sku": "MUG"}, "then": {"gl_account": "8000", "warehouse": "1"}},
        {"priority": 9, "when": {}, "then": {"gl_account": "8000", "warehouse": "2"}},
    ]
    books = read_books({"settings": {"document": document}, "rules": by_sku if rules is None else rules})
    books = replace(books, chart=replace(books.chart, warehouses={"1": "id-1", "2": "id-2", "3": "id-3"}))
    outcome = books.translate_order(order_of(*lines))
    assert isinstance(outcome, Draft | Held), outcome
    return outcome


def test_the_warehouse_of_the_goods_stands_in_the_header_and_shipping_goes_along() -> None:
    draft = translated(MUG, SHIPPING)
    assert isinstance(draft, Draft), draft
    assert (draft.type, draft.form, draft.warehouse, draft.warehouse_id) == (8023, "direct_invoice", "1", "id-1")
    assert [line.warehouse for line in draft.lines] == ["1", ""]
    assert Draft.from_json(draft.to_json()) == draft


def test_goods_from_two_warehouses_hold_the_order_and_both_are_named() -> None:
    held = translated(MUG, GIFT)
    assert isinstance(held, Held)
    (found,) = held.problems
    assert found.code is Code.TWO_WAREHOUSES
    assert [name in str(found.params["warehouses"]) for name in ("1 (", "2 (")] == [True, True]


def test_the_place_of_pick_up_chooses_the_warehouse() -> None:
    fetched = replace(MUG, ship_to=replace(UTRECHT, pickup_location=("UTR", "7", "Shop in Utrecht")))
    draft = translated(fetched)
    assert isinstance(draft, Draft)
    assert draft.warehouse == "3"


@pytest.mark.parametrize(("document", "kind"), [("sales_invoice", 8020), ("sales_entry", 20)])
def test_other_documents_have_no_warehouse(document: str, kind: int) -> None:
    draft = translated(MUG, GIFT, document=document)
    assert isinstance(draft, Draft), draft
    assert (draft.type, draft.warehouse, draft.warehouse_id) == (kind, "", "")


def test_downloads_ask_for_none() -> None:
    draft = translated(MUG, replace(GIFT, digital=True))
    assert isinstance(draft, Draft)
    assert draft.warehouse == "1"


def test_a_warehouse_that_is_gone_holds_the_order() -> None:
    held = translated(MUG, rules=[{"priority": 1, "when": {}, "then": {"gl_account": "8000", "warehouse": "77"}}])
    assert isinstance(held, Held)
    assert [each.code for each in held.problems] == [Code.WAREHOUSE_MISSING]


def test_pieces_that_no_price_keeps_hold_the_order() -> None:
    many = replace(charge("product:1", "121.33", "21.06", sku="MUG"), quantity=MUG.quantity * 997)
    held = translated(many)
    assert isinstance(held, Held)
    assert [each.code for each in held.problems] == [Code.PIECES_LOST]
    assert isinstance(translated(many, document="sales_invoice"), Draft)


def test_without_any_warehouse_nothing_is_posted() -> None:
    books = read_books(DIRECT)
    held = books.translate_order(order_of(MUG))
    assert isinstance(held, Held)
    assert [each.code for each in held.problems] == [Code.NO_WAREHOUSES]
