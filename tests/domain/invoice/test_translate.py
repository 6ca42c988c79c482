"""From an order to its invoice: what is read first, what holds it, and what the draft has."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.domain.document.codes import Code
from connector.domain.document.result import Detail, Held, Needs
from connector.domain.invoice.draft import SALES_ENTRY, SALES_INVOICE, Draft
from tests.domain.basket import charge, order_of
from tests.domain.books import plain_order, read_books
from tests.domain.shop import PLAIN

MUG = charge("product:1", "12.10", "2.10")


def test_details_are_asked_for_together_and_before_any_problem() -> None:
    by_group = {"priority": 10, "when": {"customer_group": "Trade"}, "then": {"gl_account": "8000"}}
    paying = [{"when": {"customer_group": "Trade"}, "code": "30"}]
    odd = charge("product:2", "10.00", "0.05")  # a tax of no rate
    books = read_books({"rules": [by_group], "payment_conditions": paying, "chart": {"journals": []}})
    assert books.translate_order(order_of(MUG, customer_group=None)) == Needs(frozenset({Detail.CUSTOMER_GROUP}))
    every = read_books({"payment_conditions": paying})
    found = every.translate_order(order_of(MUG, odd, customer_group=None))
    assert found == Needs(frozenset({Detail.CUSTOMER_GROUP, Detail.TAXES}))


def test_every_problem_of_header_and_lines_is_named_at_once() -> None:
    rule = {"priority": 10, "when": {}, "then": {"gl_account": "9999"}}
    found = read_books({"rules": [rule], "chart": {"journals": []}}).translate_order(order_of(MUG))
    assert isinstance(found, Held)
    assert [each.code for each in found.problems] == [Code.JOURNAL_MISSING, Code.GL_ACCOUNT_MISSING]


def test_the_draft_has_the_form_and_the_totals() -> None:
    draft, entry = (
        read_books({"settings": {"document": document}}).translate_order(order_of(MUG))
        for document in ("sales_invoice", "sales_entry")
    )
    assert isinstance(draft, Draft)
    assert isinstance(entry, Draft)
    assert (draft.type, entry.type) == (SALES_INVOICE, SALES_ENTRY)
    assert (draft.net, draft.vat, draft.gross, draft.order_total) == (D("10.00"), D("2.10"), D("12.10"), D("12.10"))
    assert draft.redeemed == 0


def test_a_rounding_line_closes_the_difference_or_its_codes_hold_the_order() -> None:
    plain = plain_order()
    order = replace(plain, total_inc=plain.total_inc + D("0.03"), total_ex=plain.total_ex + D("0.03"))
    code = {"vat_codes": [{"code": "0", "percentage": "0", "type": "N"}]}
    limit = {"rounding_limit": "0.05", "rounding_gl_account": "4900"}
    draft = read_books({"settings": limit, "more": code}).translate_order(order)
    assert isinstance(draft, Draft)
    assert [(line.key, line.gross) for line in draft.lines[1:]] == [("rounding:0", D("0.03"))]
    held = read_books({"settings": limit | {"rounding_gl_account": "4999"}, "more": code}).translate_order(order)
    assert isinstance(held, Held)
    assert [each.code for each in held.problems] == [Code.GL_ACCOUNT_MISSING]


def test_the_draft_notes_a_tax_that_is_a_cent_off() -> None:
    """Three cups of 0.99 have 0.63 of VAT; of 2.97 Exact makes 0.62, and a rounding line has the cent."""
    cups = order_of(*(charge(f"product:{number}", "1.20", "0.21") for number in (1, 2, 3)))
    code = {"vat_codes": [{"code": "0", "percentage": "0", "type": "N"}]}
    limit = {"rounding_limit": "0.05", "rounding_gl_account": "4900", "vat_rounding": "code"}
    draft = read_books({"settings": limit, "more": code}).translate_order(cups)
    assert isinstance(draft, Draft)
    assert (draft.vat, draft.gross) == (D("0.62"), D("3.60"))
    assert "Exact makes 0.62 VAT of this order, the shop charged 0.63." in draft.notes


CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "line": st.sampled_from(["product", "shipping"]),
        "country": st.sampled_from(["NL", "DE"]),
        "customer_group": st.sampled_from(["Trade", "1"]),
        "category": st.sampled_from(["Mugs", "5"]),
    },
)
DETAILS = {
    "customer_group": st.sampled_from([[], ["1", "Friends"], ["2", "Trade"]]),
    "category": st.sampled_from([{"965": []}, {"965": ["5", "Mugs"]}, {"965": ["6", "Cups"]}]),
}


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(CONDITIONS, max_size=4), st.fixed_dictionaries(DETAILS))
def test_reading_the_details_changes_no_decision(conditions: list[dict[str, str]], details: dict[str, Any]) -> None:
    """Each detail is asked for once: an order with all its details needs nothing more."""
    then = {"cost_center": "EU-WEST"}
    rules = [
        {"priority": place, "when": when, "then": {**then, "gl_account": ["8000", "8200"][place % 2]}}
        for place, when in enumerate([*conditions, {}])
    ]
    books = read_books({"rules": rules})
    without, detailed = books.translate(PLAIN), books.translate({**PLAIN, "details": details})
    assert isinstance(detailed, Draft)
    if isinstance(without, Needs):
        known = {key: value for key, value in details.items() if key in without.what}
        assert known
        assert books.translate({**PLAIN, "details": known}) != without
    else:
        assert without == detailed


def test_the_parts_of_a_bundle_are_free_lines_with_their_own_items_where_that_is_set() -> None:
    lock, lamp = (charge(f"product:{at}", "0.00", sku=sku) for at, sku in ((2, "MUG"), (3, "GONE")))
    bundle = order_of(replace(MUG, parts=(replace(lock, quantity=D(2)), lamp)))
    alone, apart = (
        read_books(
            {
                "settings": {"items": {"strategy": "sku_then_default", "bundles": bundles}},
                "vat": [{"when": {"rate": "21"}, "code": "2"}],
            }
        ).translate_order(bundle)
        for bundles in ("parent", "parts")
    )
    assert isinstance(alone, Draft)
    assert isinstance(apart, Draft)
    assert [line.key for line in alone.lines] == ["product:1"]
    assert [(line.key, line.item_code, line.quantity, line.gross) for line in apart.lines] == [
        ("product:1", "WEBSHOP", D(1), D("12.10")),
        ("product:2", "MUG", D(2), D("0.00")),
        ("product:3", "WEBSHOP", D(1), D("0.00")),
    ]
    assert (apart.net, apart.vat, apart.gross) == (alone.net, alone.vat, alone.gross)


def test_a_new_item_has_the_products_name_and_sku_until_its_id_is_known() -> None:
    items = {"items": {"strategy": "sku_then_create"}}
    books = read_books({"settings": items, "vat": [{"when": {"rate": "21"}, "code": "2"}]})
    order = order_of(replace(MUG, sku="CUP", quantity=D(300), name="A bead"), charge("product:2", "12.10", "2.10"))
    draft = books.translate_order(order)
    assert isinstance(draft, Draft)
    (new,) = draft.new_lines
    assert (new.item_id, new.item_code, new.new_sku, new.new_name) == ("", "CUP", "CUP", "A bead")
    assert new.description == "300 x A bead"
    assert Draft.from_json(draft.to_json()) == draft
    found = draft.with_items({"CUP": "id-cup", "OTHER": "id-other"})
    assert (found.lines[0].item_id, found.lines[1].item_id) == ("id-cup", "id-WEBSHOP")
    assert found.new_lines == ()
