"""Goods that are not in the warehouse: held with what is there, looked at once a day, at most two errors."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.flow.actions.documents import re_post
from connector.flow.clock import database_now
from connector.models import Connection, MappingRule, MasterData, OrderSync
from connector.sandbox.exact.invoice_checks import ITEMS
from connector.sandbox.exact.state import Division
from connector.sandbox.exact.stock import check_stock
from tests.acme import DIVISION, STORE, Acme

INVOICES, POSITIONS = "*/salesinvoice/SalesInvoices", "*/inventory/ItemWarehouses"
SOUTH = ("3", "WEBSHOP")


@pytest.fixture
def direct(acme: Acme) -> Acme:
    """Acme makes direct invoices; all its goods are the item WEBSHOP and lie in the warehouse South."""
    Connection.objects.update(document="direct_invoice", item_strategy="default")
    MappingRule.objects.update(warehouse="3")
    return acme


def division(acme: Acme) -> Division:
    return acme.sandbox.exact.divisions[DIVISION]


def sold(acme: Acme, order: int) -> Decimal:
    rows = acme.sandbox.stores.store(STORE).orders[order].products
    return sum((Decimal(row["quantity"]) for row in rows if row["type"] == "physical"), Decimal(0))


def post(acme: Acme, order: int) -> OrderSync:
    acme.ring(order)
    acme.drain()
    return acme.document(order)


def next_day(acme: Acme) -> None:
    """Let a day pass for what is held, and do what is due then."""
    OrderSync.objects.filter(state="blocked").exclude(recheck_at=None).update(recheck_at=database_now())
    OrderSync.objects.exclude(sent_at=None).update(sent_at=database_now() - timedelta(days=1))
    acme.drain()


def posts(acme: Acme) -> int:
    return acme.sandbox.exact.calls.count("POST", INVOICES)


def test_an_order_is_held_with_the_item_the_warehouse_and_what_is_there(direct: Acme) -> None:
    division(direct).stock[SOUTH] = Decimal("0.5")
    held = post(direct, 1001)
    assert (held.state, held.code, held.reason) == ("blocked", "stock_not_there", "item"), held.message
    pieces = f"{sold(direct, 1001):.0f}"
    assert held.params == {"item": "WEBSHOP", "warehouse": "3", "quantity": pieces, "there": "0.5", "refusals": 1}
    assert held.message == f"Warehouse 3 has 0.5 of item WEBSHOP, and the order takes {pieces}."
    assert held.recheck_at is not None
    assert database_now() < held.recheck_at <= database_now() + timedelta(days=1)
    assert direct.invoices(1001) == []


def test_goods_in_another_warehouse_are_not_there(direct: Acme) -> None:
    division(direct).stock |= {("2", "WEBSHOP"): Decimal(50), SOUTH: Decimal(0)}
    assert post(direct, 1001).params["there"] == "0"


def test_without_a_rule_it_is_the_main_warehouse(direct: Acme) -> None:
    MappingRule.objects.update(warehouse="")
    division(direct).stock |= {("1", "WEBSHOP"): Decimal(0), SOUTH: Decimal(50)}
    assert (post(direct, 1001).code, direct.document(1001).params["warehouse"]) == ("stock_not_there", "1")


def test_two_orders_for_the_last_piece(direct: Acme) -> None:
    division(direct).stock[SOUTH] = sold(direct, 1001)
    assert post(direct, 1001).state == "posted"
    second = post(direct, 1012)
    assert (second.code, second.params["there"]) == ("stock_not_there", "0")
    division(direct).stock[SOUTH] += sold(direct, 1012)
    next_day(direct)
    assert direct.document(1012).state == "posted", direct.document(1012).message
    assert direct.invoice(1012)["AmountFC"] == direct.total(1012)
    assert posts(direct) == 3


def test_what_is_missing_is_read_once_for_all_orders_and_refused_once(direct: Acme) -> None:
    division(direct).stock[SOUTH] = Decimal(0)
    for order in (1001, 1002, 1012):
        direct.ring(order)
    direct.drain()
    held = [direct.document(order) for order in (1001, 1002, 1012)]
    assert [each.code for each in held] == ["stock_not_there"] * 3
    assert [each.params["refusals"] for each in held] == [1, 0, 0]
    assert (posts(direct), direct.sandbox.exact.calls.count("GET", POSITIONS)) == (1, 1)


def test_an_order_is_not_sent_while_another_waits_for_the_same_item(direct: Acme) -> None:
    division(direct).stock[SOUTH] = Decimal(0)
    post(direct, 1001)
    assert post(direct, 1012).params["refusals"] == 0
    assert posts(direct) == 1


def test_a_smaller_order_goes_before_one_that_waits(direct: Acme) -> None:
    order, other = sorted((1001, 1012), key=lambda each: sold(direct, each))
    assert sold(direct, order) < sold(direct, other)
    division(direct).stock[SOUTH] = Decimal(0)
    post(direct, other)
    division(direct).stock[SOUTH] = sold(direct, order)
    assert post(direct, order).state == "posted"


def test_what_the_first_order_of_a_turn_takes_is_not_there_for_the_second(direct: Acme) -> None:
    division(direct).stock[SOUTH] = Decimal(0)
    held = [post(direct, order) for order in (1001, 1012)]
    division(direct).stock[SOUTH] = max(sold(direct, order) for order in (1001, 1012))
    next_day(direct)
    assert sorted(direct.document(each.order_id).state for each in held) == ["blocked", "posted"]
    assert posts(direct) == 2


def test_nothing_is_sent_while_it_is_not_there(direct: Acme) -> None:
    division(direct).stock[SOUTH] = Decimal(0)
    post(direct, 1001)
    for _day in range(3):
        next_day(direct)
    held = direct.document(1001)
    assert (held.code, held.params["refusals"], posts(direct)) == ("stock_not_there", 1, 1)
    assert held.recheck_at is not None


def test_after_the_second_refusal_only_a_person_sends_it_again(direct: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    division(direct).stock[SOUTH] = Decimal(0)
    post(direct, 1001)
    division(direct).stock[SOUTH] = Decimal(100)

    def somebody_was_faster(at: Division, *rest: Any) -> None:
        at.stock[SOUTH] = Decimal(0)
        check_stock(at, *rest)

    monkeypatch.setattr("connector.sandbox.exact.invoices.check_stock", somebody_was_faster)
    next_day(direct)
    held = direct.document(1001)
    assert (held.code, held.params["refusals"], held.recheck_at) == ("stock_not_there", 2, None)
    monkeypatch.undo()
    division(direct).stock[SOUTH] = Decimal(100)
    direct.settle()
    direct.ring(1001)  # the store tells of the order again, and the goods are there
    direct.drain()
    assert (direct.document(1001).state, posts(direct)) == ("blocked", 2)
    re_post(direct.document(1001), None, "The goods are there.")
    direct.drain()
    assert (direct.document(1001).state, posts(direct)) == ("posted", 3)


def test_goods_that_are_missed_at_printing_leave_the_invoice_open_until_they_are_there(direct: Acme) -> None:
    direct.sandbox.exact.set(stock_at_printing=True)
    division(direct).stock[SOUTH] = Decimal(0)
    held = post(direct, 1001)
    assert (held.code, held.params["refusals"], direct.invoice(1001)["Status"]) == ("stock_not_there", 1, 20)
    next_day(direct)
    assert direct.document(1001).params["refusals"] == 1
    division(direct).stock[SOUTH] = Decimal(100)
    next_day(direct)
    assert direct.document(1001).state == "posted", direct.document(1001).message
    assert (direct.invoice(1001)["Status"], posts(direct)) == (50, 1)
    assert direct.sandbox.exact.calls.count("POST", "*/salesinvoice/PrintedSalesInvoices") == 2


def test_a_change_while_the_open_invoice_waits_for_goods_is_looked_at_when_it_is_posted(direct: Acme) -> None:
    direct.sandbox.exact.set(stock_at_printing=True)
    Connection.objects.update(cancellations="credit")
    division(direct).stock[SOUTH] = Decimal(0)
    post(direct, 1001)
    division(direct).stock[SOUTH] = Decimal(100)
    direct.sandbox.stores.store(STORE).change(1001, status_id=5)
    direct.ring(1001)
    direct.settle()
    assert [note.state for note in direct.credits(1001)] == ["posted"]
    assert sum(row["AmountFC"] for row in direct.in_exact(1001).values()) == 0


def test_a_refusal_that_names_something_else_reads_no_stock(direct: Acme) -> None:
    division(direct).stock[SOUTH] = Decimal(0)
    direct.sandbox.exact.faults.add("400:Ongeldig: Grootboekrekening", "POST", INVOICES)
    post(direct, 1001)
    assert direct.sandbox.exact.calls.count("GET", POSITIONS) == 0


def test_a_refusal_without_missing_goods_is_held_in_exacts_own_words(direct: Acme) -> None:
    division(direct).stock[SOUTH] = Decimal(100)
    direct.sandbox.exact.faults.add("400:Ongeldig: Artikel (Verpakking)", "POST", INVOICES)
    held = post(direct, 1001)
    assert (held.code, held.recheck_at) == ("refused", None)
    assert "Verpakking" in held.message


@pytest.mark.parametrize("mark", [{"IsSerialItem": True}, {"IsBatchItem": 1}])
def test_an_item_with_numbers_is_held_for_a_person_after_one_refusal(direct: Acme, mark: dict[str, object]) -> None:
    exact = direct.sandbox.exact
    exact.change(DIVISION, ITEMS, exact.id_of(DIVISION, ITEMS, "WEBSHOP"), **mark)
    held = post(direct, 1001)
    assert (held.code, held.params["item"], held.recheck_at) == ("item_numbered", "WEBSHOP", None), held.message
    next_day(direct)
    post(direct, 1012)
    assert (direct.document(1012).code, posts(direct)) == ("item_numbered", 1)


def test_other_documents_take_items_with_numbers(acme: Acme) -> None:
    MasterData.objects.filter(kind="item").update(data={"is_sales": True, "serial": True})
    assert post(acme, 1001).state == "posted"
