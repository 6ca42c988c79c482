"""Direct invoices: from the warehouse that the rules choose, back into the same one, with two calls to Exact."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.models import Connection, MappingRule, MasterData
from connector.sandbox.catalogue.cart import Cart, Item
from connector.sandbox.catalogue.nlshop import ANNA
from connector.sandbox.exact.stock import taken
from tests.acme import DIVISION, STORE, Acme
from tests.flow.invoice.new_goods import (
    ITEMS,
    create_items,
    items_in_exact,
    place,
    place_cart,
    post,
    posts_of_items,
    product,
)


@pytest.fixture
def direct(acme: Acme) -> Acme:
    """Acme makes direct invoices; all its goods lie in the warehouse South."""
    Connection.objects.update(document="direct_invoice")
    MappingRule.objects.update(warehouse="3")
    return acme


def warehouse(acme: Acme, code: str) -> Any:
    rows = acme.sandbox.exact.divisions[DIVISION].table("inventory/Warehouses").values()
    return next(row["ID"] for row in rows if row["Code"] == code)


def test_the_goods_leave_the_warehouse_of_the_rules(direct: Acme) -> None:
    assert MasterData.objects.filter(kind="warehouse").count() == 5
    direct.ring(1001)
    direct.drain()
    document = direct.document(1001)
    assert (document.state, document.form) == ("posted", "direct_invoice"), document.message
    invoice = direct.invoice(1001)
    assert (invoice["Type"], invoice["Warehouse"]) == (8023, warehouse(direct, "3"))
    assert invoice["AmountFC"] == direct.total(1001)


def test_other_documents_ask_for_no_warehouse(acme: Acme) -> None:
    MappingRule.objects.update(warehouse="3")
    acme.ring(1001)
    acme.drain()
    assert (acme.invoice(1001)["Type"], acme.invoice(1001).get("Warehouse")) == (8020, None)


def test_a_warehouse_that_was_removed_holds_the_order_and_is_named(direct: Acme) -> None:
    MasterData.objects.filter(kind="warehouse", code="3").delete()
    direct.ring(1001)
    direct.drain()
    assert (direct.document(1001).state, direct.document(1001).code) == ("blocked", "warehouse_missing")
    assert direct.invoices(1001) == []


def products(acme: Acme, order: int) -> list[dict[str, Any]]:
    return [row for row in acme.sandbox.stores.store(STORE).orders[order].products if row["type"] == "physical"]


def test_a_known_customers_next_order_costs_two_calls(direct: Acme) -> None:
    first, second = place(direct, "MUG-01"), place(direct, "MUG-01", order_id=7002)
    assert post(direct, first) == "posted"
    before = direct.exact_calls()
    assert post(direct, second) == "posted"
    assert direct.exact_calls() == before + 2
    assert direct.invoice(second)["Type"] == 8023


def test_a_refund_of_several_pieces_of_a_line_returns_the_pieces(direct: Acme) -> None:
    Connection.objects.update(refunds="credit")
    cart = Cart("pens", ANNA, (Item(product("PEN-01"), 7, price=Decimal("1.33")), Item(product("MUG-01"))))
    order = place_cart(direct, cart)
    assert post(direct, order) == "posted"
    pens = products(direct, order)[0]
    direct.sandbox.stores.store(STORE).refund(order, {pens["id"]: 3})
    direct.ring(order)
    direct.settle()
    (note,) = direct.credits(order)
    back = next(row for row in direct.in_exact(order).values() if row["YourRef"] == note.reference)
    assert (note.state, back["Type"], back["AmountFC"]) == ("posted", 8024, Decimal("-3.99")), note.message
    left = taken(direct.sandbox.exact.divisions[DIVISION])
    assert {item: pieces for (_at, item), pieces in left.items() if pieces} == {"PEN-01": 4, "MUG-01": 1}


def test_a_warehouse_that_was_removed_in_exact_since_the_pull_is_named_and_costs_one_refusal(direct: Acme) -> None:
    direct.sandbox.exact.remove(DIVISION, "inventory/Warehouses", warehouse(direct, "3"))
    direct.ring(1001)
    direct.drain()
    held = direct.document(1001)
    assert (held.state, held.code, held.params["warehouse"]) == ("blocked", "warehouse_missing", "3"), held.message
    assert direct.sandbox.exact.calls.count("POST", "*/salesinvoice/SalesInvoices") == 1


def test_stock_is_what_was_sold_less_what_came_back(direct: Acme) -> None:
    Connection.objects.update(item_strategy="default", refunds="credit")
    MappingRule.objects.update(warehouse="2")
    version = MappingRule.objects.earliest("pk").version
    MappingRule.objects.create(
        version=version, priority=1, when={"country": "NL", "line": "product"}, gl_account="8000", warehouse="4"
    )
    sold: dict[str, Decimal] = defaultdict(Decimal)
    posted = []
    for order in (1001, 1002, 1003, 1005, 1012):
        direct.ring(order)
        direct.drain()
        document = direct.document(order)
        if document.state == "posted":
            assert document.draft is not None
            posted.append(order)
            sold[document.draft["warehouse"]] += sum(
                (Decimal(row["quantity"]) for row in products(direct, order)), Decimal(0)
            )
    assert len(posted) >= 3
    line = products(direct, 1001)[0]
    direct.sandbox.stores.store(STORE).refund(1001, {line["id"]: 1})
    direct.ring(1001)
    direct.settle()
    (note,) = direct.credits(1001)
    back = next(row for row in direct.in_exact(1001).values() if row["YourRef"] == note.reference)
    assert (note.state, back["Type"], back["Warehouse"]) == ("posted", 8024, direct.invoice(1001)["Warehouse"])
    sold[str((note.draft or {})["warehouse"])] -= 1
    goods: dict[str, Decimal] = defaultdict(Decimal)
    for (code, item), pieces in taken(direct.sandbox.exact.divisions[DIVISION]).items():
        if item == "WEBSHOP":
            goods[code] += pieces
    assert goods == sold


@pytest.mark.parametrize("sku", ["L" * 300, "قميص أزرق", "'0123", "   "])
def test_odd_skus_of_a_direct_invoice(direct: Acme, sku: str) -> None:
    """By strategy: the default item; a hold that names the SKU; an item of its own. A SKU of blanks is none."""
    blank = not sku.strip()
    create_items(direct, document="direct_invoice")
    found = {}
    for at, strategy in enumerate(("sku_then_default", "sku", "sku_then_create")):
        Connection.objects.update(item_strategy=strategy)
        order = place(direct, sku, order_id=7001 + at)
        post(direct, order)
        document = direct.document(order)
        found[strategy] = (document.state, document.code, document.params.get("item"))
    assert found["sku_then_default"] == found["sku_then_create"] == ("posted", "", None)
    assert found["sku"] == ("blocked", "no_item" if blank else "item_missing", None if blank else sku)
    names = {item for (_at, item), pieces in taken(direct.sandbox.exact.divisions[DIVISION]).items() if pieces}
    assert "WEBSHOP" in names
    assert posts_of_items(direct) == (0 if blank else 1)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"IsSalesItem": False, "IsPurchaseItem": True}, "item_not_sold"),
        ({"EndDate": datetime.fromisoformat("2025-01-01")}, "item_not_sold"),
        ({"Blocked": True}, "refused"),
    ],
)
def test_an_item_that_cannot_be_sold_since_the_pull_costs_one_refusal(
    direct: Acme, fields: dict[str, object], code: str
) -> None:
    Connection.objects.update(item_strategy="sku")  # sku_then_default goes on with the default item
    exact = direct.sandbox.exact
    exact.change(DIVISION, ITEMS, exact.id_of(DIVISION, ITEMS, "MUG-01"), **fields)
    order = place(direct, "MUG-01")
    assert post(direct, order) == "blocked"
    held = direct.document(order)
    assert (held.code, held.recheck_at) == (code, None), held.message
    assert ("MUG-01" if code == "item_not_sold" else "Geblokkeerd") in held.message
    assert exact.calls.count("POST", "*/salesinvoice/SalesInvoices") == 1


def test_a_unit_that_is_gone_since_the_pull_refuses_the_new_item_and_posts_nothing(direct: Acme) -> None:
    create_items(direct, document="direct_invoice", item_new_unit="box")
    exact = direct.sandbox.exact
    exact.remove(DIVISION, "logistics/Units", exact.id_of(DIVISION, "logistics/Units", "box"))
    order = place(direct, "CUP-01")
    assert post(direct, order) == "blocked"
    held = direct.document(order)
    assert (held.code, held.params["sku"]) == ("item_refused", "CUP-01")
    assert "Eenheid" in held.message
    assert (direct.invoices(order), items_in_exact(direct).get("cup-01")) == ([], None)
