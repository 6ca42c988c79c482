"""An item that Exact does not have is made exactly once, whatever Exact answers, and nobody's item is changed."""

from datetime import datetime, timedelta

import pytest

from connector.flow.actions.documents import re_post
from connector.flow.clock import database_now
from connector.flow.invoice.post import draft_of
from connector.models import ItemLink, MasterData
from tests.acme import DIVISION, STORE, Acme
from tests.flow.invoice.new_goods import (
    ITEMS,
    create_items,
    items_in_exact,
    place,
    post,
    posts_of_items,
)

LONG = "L" * 300
ARABIC = "قميص أزرق"


@pytest.fixture
def shop(acme: Acme) -> Acme:
    """Acme, whose connection makes the items of unknown SKUs."""
    create_items(acme)
    return acme


def test_an_unknown_item_is_made_and_the_invoice_has_it(shop: Acme) -> None:
    order = place(shop, "CUP-01", "CUP-02")
    assert post(shop, order) == "posted"
    made = items_in_exact(shop)
    (cup,), (other,) = made["cup-01"], made["cup-02"]
    assert (cup["Code"], cup["Description"], cup["IsSalesItem"], cup["IsStockItem"]) == (
        "CUP-01",
        "Thing CUP-01",
        True,
        False,
    )
    assert {cup["ID"], other["ID"]} <= {line["Item"] for line in shop.invoice(order)["SalesInvoiceLines"]}
    assert [(link.sku, link.made, link.order_id) for link in ItemLink.objects.order_by("pk")] == [
        ("CUP-01", True, order),
        ("CUP-02", True, order),
    ]
    assert shop.sandbox.exact.ignored == []


def test_a_repeat_order_costs_two_calls(shop: Acme) -> None:
    post(shop, place(shop, "CUP-01", LONG))
    before = shop.exact_calls()
    assert post(shop, place(shop, "CUP-01", LONG, order_id=7002)) == "posted"
    assert shop.exact_calls() == before + 2


def test_several_unknown_items_are_looked_for_in_one_call(shop: Acme) -> None:
    post(shop, place(shop, "CUP-01", "CUP-02", "CUP-03"))
    assert shop.sandbox.exact.calls.count("GET", f"*/{ITEMS}") == 1
    assert posts_of_items(shop) == 3


def test_a_new_item_gets_what_the_settings_say(acme: Acme) -> None:
    create_items(acme, item_new_group="BOOKS", item_new_unit="box", item_new_vat_code="4", item_new_stock=True)
    post(acme, place(acme, "BOOK-99"))
    (made,) = items_in_exact(acme)["book-99"]
    assert (made["ItemGroupCode"], made["GLRevenueCode"], made["Unit"]) == ("BOOKS", "8010", "box")
    assert (made["SalesVatCode"], made["IsStockItem"]) == ("4", True)


@pytest.mark.parametrize(
    ("column", "listed"),
    [("item_new_group", "item group"), ("item_new_unit", "unit"), ("item_new_vat_code", "VAT code")],
)
def test_a_code_that_the_division_does_not_have_is_not_sent(acme: Acme, column: str, listed: str) -> None:
    create_items(acme, **{column: "GONE"})
    order = place(acme, "CUP-01")
    assert post(acme, order) == "blocked"
    held = acme.document(order)
    assert (held.reason, held.code) == ("item", "new_item_code_missing")
    assert f"the {listed} GONE" in held.message
    assert posts_of_items(acme) == 0


@pytest.mark.parametrize("kind", ["close_after", "500_after", "garbage_201", "close_before", "500_before"])
def test_an_item_whose_making_got_no_clear_answer_is_made_once(shop: Acme, kind: str) -> None:
    shop.sandbox.exact.faults.add(kind, "POST", f"*/{ITEMS}")
    order = place(shop, "CUP-01")
    assert post(shop, order) == "waiting"
    age_links()
    shop.make_due()
    shop.drain()
    assert shop.document(order).state == "posted"
    assert len(items_in_exact(shop)["cup-01"]) == 1
    assert ItemLink.objects.get().made


def test_nothing_is_sent_again_before_the_answer_must_have_come(shop: Acme) -> None:
    shop.sandbox.exact.faults.add("500_before", "POST", f"*/{ITEMS}")
    order = place(shop, "CUP-01")
    post(shop, order)
    ItemLink.objects.update(sent_at=database_now() + timedelta(hours=1))
    shop.make_due()
    shop.drain()
    assert (shop.document(order).state, posts_of_items(shop)) == ("waiting", 1)


def test_two_orders_that_bring_an_item_together_make_it_once(shop: Acme) -> None:
    for order in (place(shop, "CUP-01"), place(shop, "CUP-01", order_id=7002)):
        shop.ring(order)
    shop.drain()
    assert [shop.document(order).state for order in (7001, 7002)] == ["posted", "posted"]
    assert (len(items_in_exact(shop)["cup-01"]), posts_of_items(shop)) == (1, 1)


def test_an_item_that_a_person_has_made_since_the_last_pull_is_taken_and_not_changed(shop: Acme) -> None:
    theirs = shop.sandbox.exact.create(DIVISION, ITEMS, Code="CUP-01", Description="Our cup", IsSalesItem=True)
    before = items_in_exact(shop)["cup-01"]
    order = place(shop, "CUP-01")
    assert post(shop, order) == "posted"
    assert theirs["ID"] in {line["Item"] for line in shop.invoice(order)["SalesInvoiceLines"]}
    assert (items_in_exact(shop)["cup-01"], posts_of_items(shop)) == (before, 0)
    assert not ItemLink.objects.get().made


def test_an_item_that_a_person_makes_in_the_same_moment_is_taken(shop: Acme) -> None:
    """Exact did not show it yet when it was looked for."""
    shop.sandbox.exact.create(DIVISION, ITEMS, Code="CUP-01", Description="Our cup", IsSalesItem=True)
    shop.sandbox.exact.faults.add("stale_read", "GET", f"*/{ITEMS}", seconds=600)
    assert post(shop, place(shop, "CUP-01")) == "posted"
    assert (len(items_in_exact(shop)["cup-01"]), ItemLink.objects.get().made) == (1, False)


@pytest.mark.parametrize(
    "fields",
    [{"IsSalesItem": False, "IsPurchaseItem": True}, {"EndDate": datetime.fromisoformat("2025-01-01")}],
)
def test_an_item_that_is_not_sold_holds_the_order_and_stays_as_it_is(shop: Acme, fields: dict[str, object]) -> None:
    item = shop.sandbox.exact.create(DIVISION, ITEMS, Code="CUP-01", Description="Our cup", IsSalesItem=True)
    shop.sandbox.exact.change(DIVISION, ITEMS, item["ID"], **fields)
    order = place(shop, "CUP-01")
    for _ in range(2):  # the second time it is known without a call
        assert post(shop, order) == "blocked"
        held = shop.document(order)
        assert (held.code, held.params["item"]) == ("item_not_sold", "CUP-01")
        re_post(held, None, "again")
    assert (shop.sandbox.exact.calls.count("GET", f"*/{ITEMS}"), posts_of_items(shop)) == (1, 0)
    assert items_in_exact(shop)["cup-01"][0].items() >= fields.items()


def test_an_item_that_is_blocked_is_refused_by_exact_in_its_own_words(shop: Acme) -> None:
    item = shop.sandbox.exact.create(DIVISION, ITEMS, Code="CUP-01", Description="Our cup", IsSalesItem=True)
    shop.sandbox.exact.change(DIVISION, ITEMS, item["ID"], Blocked=True)
    order = place(shop, "CUP-01")
    assert post(shop, order) == "blocked"
    assert "Ongeldig: Artikel (Geblokkeerd)" in shop.document(order).message


def test_two_skus_of_two_orders_that_would_be_one_code_are_both_named(shop: Acme) -> None:
    post(shop, place(shop, "Cup-01"))
    order = place(shop, "CUP-01", order_id=7002)
    assert post(shop, order) == "blocked"
    held = shop.document(order)
    assert (held.code, held.params["sku"], held.params["other"]) == ("item_code_shared", "CUP-01", "Cup-01")
    assert len(items_in_exact(shop)["cup-01"]) == 1


@pytest.mark.parametrize(
    ("sku", "code"), [(LONG, f"{'L' * 23}-"), (ARABIC, ARABIC), ("'0123", "'0123"), ("a" * 29 + "👕", "a" * 23 + "-")]
)
def test_odd_skus_get_items(shop: Acme, sku: str, code: str) -> None:
    order = place(shop, sku)
    assert post(shop, order) == "posted"
    assert ItemLink.objects.get().sku == sku
    assert ItemLink.objects.get().code.startswith(code)
    assert post(shop, place(shop, sku, order_id=7002)) == "posted"
    assert posts_of_items(shop) == 1


def test_a_sku_of_spaces_is_none(shop: Acme) -> None:
    order = place(shop, "   ")
    assert post(shop, order) == "posted"
    webshop = shop.sandbox.exact.id_of(DIVISION, ITEMS, "WEBSHOP")
    assert webshop in {line["Item"] for line in shop.invoice(order)["SalesInvoiceLines"]}
    assert posts_of_items(shop) == 0


def test_an_item_that_exact_refuses_holds_the_order_with_both_names(shop: Acme) -> None:
    shop.sandbox.exact.faults.add("400:Ongeldig: Artikel (Naam)", "POST", f"*/{ITEMS}")
    order = place(shop, "CUP-01")
    assert post(shop, order) == "blocked"
    held = shop.document(order)
    assert (held.reason, held.code) == ("item", "item_refused")
    assert "item CUP-01 for SKU CUP-01" in held.message
    re_post(held, None, "again")
    shop.drain()
    assert shop.document(order).state == "posted"


def test_an_item_that_a_person_deleted_is_made_again_after_the_next_pull(shop: Acme) -> None:
    post(shop, place(shop, "CUP-01", LONG))
    for row in [*items_in_exact(shop)["cup-01"], *items_in_exact(shop)[ItemLink.objects.get(sku=LONG).code_key]]:
        shop.sandbox.exact.remove(DIVISION, ITEMS, row["ID"])
    MasterData.objects.filter(kind="item", code__in=ItemLink.objects.values("code")).delete()
    shop.connection.division.master_data_at = database_now()
    shop.connection.division.save(update_fields=["master_data_at"])
    assert post(shop, place(shop, "CUP-01", LONG, order_id=7002)) == "posted"
    assert len(items_in_exact(shop)["cup-01"]) == 1


def test_nothing_is_made_for_an_order_that_is_only_looked_at(acme: Acme) -> None:
    create_items(acme, mode="shadow")
    order = place(acme, "CUP-01")
    assert post(acme, order) == "skipped"
    (line,) = [line for line in draft_of(acme.document(order)).new_lines]
    assert (line.item_code, line.item_id) == ("CUP-01", "")
    assert (posts_of_items(acme), ItemLink.objects.count()) == (0, 0)


def test_other_strategies_make_nothing(acme: Acme) -> None:
    assert post(acme, place(acme, "CUP-01")) == "posted"
    assert (posts_of_items(acme), ItemLink.objects.count()) == (0, 0)


def age_links() -> None:
    """Let the time pass in which an item must have landed."""
    ItemLink.objects.exclude(sent_at=None).update(sent_at=database_now() - timedelta(hours=1))


def test_the_parts_of_a_bundle_get_items_and_the_money_stays_on_the_bundle(acme: Acme) -> None:
    create_items(acme, item_bundles="parts", refunds="credit")
    order = place(acme, "SET-1", bundle=("PART-1", "PART-2"))
    assert post(acme, order) == "posted"
    lines = {line["ItemCode"]: line for line in acme.invoice(order)["SalesInvoiceLines"]}
    assert {"SET-1", "PART-1", "PART-2"} == set(lines)
    assert (lines["PART-1"]["AmountFC"], lines["PART-2"]["AmountFC"]) == (0, 0)
    assert acme.invoice(order)["AmountFC"] == acme.total(order)
    acme.sandbox.stores.store(STORE).refund(order)
    acme.ring(order, "store/order/refund/created")
    acme.drain()
    (credit,) = acme.credits(order)
    assert (credit.state, draft_of(credit).gross) == ("posted", -acme.total(order))


def test_an_edited_order_is_credited_only_when_the_items_of_the_next_invoice_are_there(acme: Acme) -> None:
    create_items(acme, edits="credit_and_repost")
    order = place(acme, "CUP-01")
    post(acme, order)
    place(acme, "CUP-01", "CUP-02", order_id=order)
    acme.sandbox.exact.faults.add("400:Ongeldig: Artikel (Naam)", "POST", f"*/{ITEMS}")
    acme.ring(order, "store/order/updated")
    acme.settle()
    assert [credit.state for credit in acme.credits(order)] == ["blocked"]
    assert "CUP-02" in acme.credits(order)[0].message
    assert len(acme.invoices()) == 1
