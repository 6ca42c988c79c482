"""Where a line is booked, and what is missing for it."""

from dataclasses import replace
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.domain.order.model import OrderLine
from connector.domain.rules.booking import Booking, book, book_tax
from connector.domain.rules.context import TranslationContext
from connector.domain.rules.rule_book import TaxAsLine
from tests.domain.basket import charge, order_of
from tests.domain.books import read_books

MUG = charge("product:1", "12.10", "2.10", sku="MUG")
ALL: dict[str, Any] = {"priority": 10, "when": {}}
COSTS = {"cost_center": "EU-WEST"}


def context(then: dict[str, Any] | None = None, **books: Any) -> TranslationContext:
    """One rule for all lines; none when it is None."""
    rules = {"rules": [] if then is None else [ALL | {"then": then}]}
    found = read_books(rules | books)
    return TranslationContext(order_of(MUG), found.settings, found.rules, found.chart)


def booked(line: OrderLine, then: dict[str, Any] | None, **books: Any) -> Booking:
    found = book(context(then, **books), line)
    assert isinstance(found, Booking), found
    return found


def codes(line: OrderLine, then: dict[str, Any] | None, **books: Any) -> list[Code]:
    found = book(context(then, **books), line)
    assert isinstance(found, list), found
    return [each.code for each in found]


def account(use_cost_center: int, **fields: Any) -> dict[str, Any]:
    own = {"code": "8888", "use_cost_center": use_cost_center, **fields}
    return {"more": {"gl_accounts": [own]}}


def test_the_rule_and_its_version_are_named() -> None:
    found = booked(MUG, {"gl_account": "8000"})
    assert (found.account.code, found.item.code, found.rule) == ("8000", "MUG", "rule 10, version 3")


def test_everything_that_is_missing_is_named_at_once() -> None:
    wrong = {"gl_account": "9999", "item": "GONE"}
    assert codes(MUG, wrong) == [Code.GL_ACCOUNT_MISSING, Code.ITEM_MISSING]
    assert codes(MUG, {"gl_account": "8000", "item": "GONE", "cost_center": "MARS"}) == [
        Code.ITEM_MISSING,
        Code.COST_CODE_MISSING,
    ]
    assert codes(MUG, None) == [Code.NO_GL_ACCOUNT_RULE]
    assert codes(MUG, {"gl_account": "8888"}, **account(0, blocked=True)) == [Code.GL_ACCOUNT_BLOCKED]


@pytest.mark.parametrize(
    ("use", "given", "kept"), [(0, "EU-WEST", "EU-WEST"), (0, "", ""), (1, "EU-WEST", "EU-WEST"), (2, "EU-WEST", "")]
)
def test_an_account_keeps_the_cost_centre_that_it_uses(use: int, given: str, kept: str) -> None:
    assert booked(MUG, {"gl_account": "8888", "cost_center": given}, **account(use)).cost_center == kept


def test_an_account_that_needs_a_cost_centre_gets_one_that_exists() -> None:
    assert codes(MUG, {"gl_account": "8888"}, **account(1)) == [Code.COST_CODE_NEEDED]
    assert codes(MUG, {"gl_account": "8888", "cost_center": "MARS"}, **account(1)) == [Code.COST_CODE_MISSING]
    assert booked(MUG, {"gl_account": "8888", "cost_center": "MARS"}, **account(2)).cost_center == ""


def test_the_cost_unit_is_kept_where_the_account_uses_it() -> None:
    unit = {"gl_account": "8888", "cost_unit": "U1"}
    assert codes(MUG, unit, **account(0)) == [Code.COST_CODE_MISSING]
    assert codes(MUG, {"gl_account": "8888"}, **account(0, use_cost_unit=1)) == [Code.COST_CODE_NEEDED]
    assert booked(MUG, unit, **account(0, use_cost_unit=2)).cost_unit == ""
    known = context(unit, **account(0))
    known = replace(known, chart=replace(known.chart, cost_units={"U1": "U1"}))
    found = book(known, MUG)
    assert isinstance(found, Booking)
    assert found.cost_unit == "U1"


@pytest.mark.parametrize(
    ("strategy", "sku", "item"),
    [
        ("sku_then_default", "MUG", "MUG"),
        ("sku_then_default", "TEA", "WEBSHOP"),
        ("sku_then_default", "", "WEBSHOP"),
        ("sku_then_default", "ENDED", "WEBSHOP"),
        ("sku", "MUG", "MUG"),
        ("sku", "TEA", Code.ITEM_MISSING),
        ("sku", "ENDED", Code.ITEM_NOT_SOLD),
        ("sku", "", Code.NO_ITEM),
        ("default", "MUG", "WEBSHOP"),
    ],
)
def test_a_product_is_the_item_of_its_sku_or_the_default(strategy: str, sku: str, item: str | Code) -> None:
    books = {
        "settings": {"items": {"strategy": strategy}},
        "more": {"items": [{"code": "ENDED", "ended": True}]},
    }
    line = replace(MUG, sku=sku)
    if isinstance(item, Code):
        assert codes(line, {"gl_account": "8000"}, **books) == [item]
    else:
        assert booked(line, {"gl_account": "8000"}, **books).item.code == item
        assert booked(line, {"gl_account": "8000", "item": "SHIP"}, **books).item.code == "SHIP"


def test_the_table_of_skus_comes_before_the_rule_and_before_the_strategy() -> None:
    table: dict[str, Any] = {"sku_items": [{"sku": " mug", "item": "GIFT"}, {"sku": "GONE", "item": "NOPE"}]}
    for strategy in ("sku_then_default", "sku", "default", "sku_then_create"):
        found = booked(MUG, {"gl_account": "8000", "item": "SHIP"}, settings={"items": {"strategy": strategy}}, **table)
        assert (found.item.code, found.item_rule) == ("GIFT", "the table of SKUs")
    other = booked(replace(MUG, sku="TEA"), {"gl_account": "8000", "item": "SHIP"}, **table)
    assert (other.item.code, other.item_rule) == ("SHIP", "")
    assert codes(replace(MUG, sku="GONE"), {"gl_account": "8000"}, **table) == [Code.ITEM_MISSING]
    entry = booked(MUG, {"gl_account": "8000"}, settings={"document": "sales_entry"}, **table)
    assert (entry.item.code, entry.item_rule) == ("", "")
    assert booked(charge("shipping:51", "5.00"), {"gl_account": "8000"}, **table).item.code == "SHIP"


def test_other_lines_have_the_item_of_their_kind() -> None:
    assert booked(charge("shipping:51", "5.00"), {"gl_account": "8000"}).item.code == "SHIP"
    bare = {"settings": {"items": {"gift_certificate": "", "fee": ""}}}
    assert codes(charge("gift_certificate:7", "5.00"), None, **bare) == [
        Code.NO_GL_ACCOUNT_RULE,
        Code.NO_GIFT_CERTIFICATE_ITEM,
    ]
    assert codes(charge("fee:9", "5.00"), {"gl_account": "8000"}, **bare) == [Code.NO_ITEM]


def test_an_entry_has_no_items() -> None:
    found = booked(replace(MUG, sku="TEA"), {"gl_account": "8000"}, settings={"document": "sales_entry"})
    assert (found.item.id, found.item.code) == ("", "")


def test_a_rounding_is_booked_by_the_settings() -> None:
    found = booked(charge("rounding:0", "0.05"), None, settings={"rounding_gl_account": "4900"})
    assert (found.account.code, found.item.code, found.rule) == ("4900", "ROUND", "the rounding settings")


def test_a_tax_of_its_own_is_booked_as_its_vat_rule_says() -> None:
    own = TaxAsLine(item="MUG", gl_account="4900")
    rule = {"priority": 5, "when": {"line": "tax"}, "then": {"gl_account": "8000", **COSTS}}
    found = book_tax(context(rules=[rule]), charge("tax:1", "1.60"), own, "VAT rule 1")
    assert isinstance(found, Booking)
    assert (found.account.code, found.item.code, found.cost_center, found.rule) == (
        "4900",
        "MUG",
        "EU-WEST",
        "VAT rule 1",
    )
    plain = book_tax(context(), charge("tax:1", "1.60"), own, "VAT rule 1")
    assert isinstance(plain, Booking)
    assert plain.cost_center == ""


CREATE = {"settings": {"items": {"strategy": "sku_then_create"}}}
GOODS = {"gl_account": "8000"}


def of_skus(*skus: str, **books: Any) -> tuple[TranslationContext, list[OrderLine]]:
    """An order with a product for each SKU, whose items are made."""
    lines = [charge(f"product:{place}", "12.10", "2.10", sku=sku) for place, sku in enumerate(skus, 1)]
    known = context(GOODS, **CREATE | books)
    return replace(known, order=order_of(*lines)), lines


@pytest.mark.parametrize(
    ("sku", "code"), [("CUP-01", "CUP-01"), ("'0123", "'0123"), ("قميص", "قميص"), ("  a  b ", "a b"), ("mug", "mug")]
)
def test_an_item_that_the_division_lacks_is_new(sku: str, code: str) -> None:
    found, (line,) = of_skus(sku)
    made = book(found, line)
    assert isinstance(made, Booking)
    assert (made.item.id, made.item.code, made.item.name, made.item.new) == ("", code, line.name, True)


def test_a_known_sku_has_its_item_and_a_product_without_one_the_item_for_others() -> None:
    for sku, code in (("MUG", "MUG"), ("", "WEBSHOP"), ("   ", "WEBSHOP"), ("\u200b", "WEBSHOP")):
        found, (line,) = of_skus(sku)
        made = book(found, line)
        assert isinstance(made, Booking)
        assert (made.item.code, made.item.new) == (code, False)


def test_an_item_that_is_not_sold_any_more_is_not_made_again_and_not_replaced() -> None:
    only_bought = {"more": {"items": [{"code": "BOUGHT", "is_sales": False}]}}
    for sku in ("OLD", "BOUGHT"):
        found, (line,) = of_skus(sku, **only_bought)
        problems = book(found, line)
        assert isinstance(problems, list)
        assert [(each.code, each.params["item"]) for each in problems] == [(Code.ITEM_NOT_SOLD, sku)]


def test_two_skus_of_an_order_that_would_be_one_code_are_both_named() -> None:
    found, (one, other) = of_skus("Cup", "CUP")
    for line, sku, another in ((one, "Cup", "CUP"), (other, "CUP", "Cup")):
        problems = book(found, line)
        assert isinstance(problems, list)
        (problem,) = problems
        assert (problem.code, problem.params["sku"], problem.params["other"]) == (Code.ITEM_CODE_SHARED, sku, another)
    found, lines = of_skus("Cup", "Cup")
    assert all(isinstance(book(found, line), Booking) for line in lines)


def test_a_rule_that_names_an_item_comes_before_the_sku() -> None:
    found, (line,) = of_skus("CUP")
    ruled = replace(found, rules=context({"gl_account": "8000", "item": "SHIP"}).rules)
    made = book(ruled, line)
    assert isinstance(made, Booking)
    assert (made.item.code, made.item.new) == ("SHIP", False)
