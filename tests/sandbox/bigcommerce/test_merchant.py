"""What a merchant does to an order of a fake store, as the API shows it afterwards."""

from collections.abc import Iterator
from decimal import Decimal as D
from typing import Any

import pytest

from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.bigcommerce.webhook_sender import REFUNDED, body_of
from connector.sandbox.catalogue import default_orders
from connector.sandbox.catalogue.shops import NLSHOP, NLTRADE
from tests.sandbox.bigcommerce.client import Api

ORDER = 1001


@pytest.fixture
def stores() -> Iterator[FakeStores]:
    with FakeStores() as service:
        for shop in (NLSHOP, NLTRADE):
            service.open(shop)
        for record in default_orders():
            if record.store_hash in service.stores:
                service.store(record.store_hash).place(record)
        yield service


@pytest.fixture
def shop(stores: FakeStores) -> Store:
    return stores.store("nlshop1")


@pytest.fixture
def api(stores: FakeStores) -> Api:
    return Api(stores, NLSHOP)


def refunds(api: Api, order_id: int = ORDER) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"v3/orders/{order_id}/payment_actions/refunds").json["data"]
    return found


def order(api: Api, order_id: int = ORDER) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"v2/orders/{order_id}").json
    return found


def test_a_refund_changes_the_status_and_the_lines_and_no_total(shop: Store, api: Api) -> None:
    before = order(api)
    shop.refund(ORDER)
    after = order(api)
    assert (after["status_id"], after["status"]) == (4, "Refunded")
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"refunded_amount", "status_id", "status", "custom_status", "date_modified"}
    lines = api.get(f"v2/orders/{ORDER}/products").json
    assert all(line["quantity_refunded"] == line["quantity"] and line["is_refunded"] for line in lines)
    (refund,) = refunds(api)
    assert (refund["total_amount"], refund["total_tax"]) == (17.9, 3.11)
    assert [item["item_type"] for item in refund["items"]] == ["PRODUCT", "SHIPPING"]
    assert [item["requested_amount"] for item in refund["items"]] == [None, "4.9500"]


def test_parts_make_it_partially_refunded(shop: Store, api: Api) -> None:
    shop.refund(ORDER, shipping=D("1.00"))
    shop.refund(ORDER, whole=D("2.00"), reason="Late")
    assert order(api)["status_id"] == 14
    first, second = refunds(api)
    assert (first["total_amount"], first["total_tax"]) == (1.0, 0.17)
    assert (second["total_amount"], second["total_tax"], second["reason"]) == (2.0, 0.0, "Late")
    assert second["items"][0] | {"item_type": "ORDER", "item_id": ORDER} == second["items"][0]


def test_a_declined_refund_leaves_the_order_as_it_was(shop: Store, api: Api) -> None:
    shop.refund(ORDER, declined=D("17.90"))
    assert order(api)["status_id"] == 11
    assert [payment["is_declined"] for payment in refunds(api)[0]["payments"]] == [True]


def test_a_correction_of_tax_has_no_items_and_an_override_says_so(shop: Store, api: Api) -> None:
    shop.refund(ORDER, tax=D("1.10"))
    line = shop.orders[ORDER].products[0]["id"]
    shop.refund(ORDER, {line: 1}, override=(D("5.00"), D("0.00")))
    tax, own = refunds(api)
    assert (tax["items"], tax["total_amount"], tax["total_tax"]) == ([], 1.1, 1.1)
    assert (own["uses_merchant_override_values"], own["total_amount"]) == (True, 5.0)


def test_amounts_are_without_tax_where_the_prices_are(stores: FakeStores) -> None:
    trade = stores.store("nltrade1")
    number = next(number for number, record in trade.orders.items() if record.kind == "plain" or number)
    row = next(row for row in trade.orders[number].shipping_addresses)
    trade.refund(number, shipping=D(row["cost_ex_tax"]))
    (refund,) = refunds(Api(stores, NLTRADE), number)
    assert D(refund["items"][0]["requested_amount"]) == D(row["cost_ex_tax"])
    assert D(str(refund["total_amount"])) == D(row["cost_inc_tax"])


@pytest.mark.parametrize("what", ["quantity", "price", "line"])
def test_an_edited_order_still_adds_up(shop: Store, api: Api, what: str) -> None:
    line = shop.orders[ORDER].products[0]
    before = D(order(api)["total_inc_tax"])
    if what == "quantity":
        shop.edit(ORDER, line["id"], quantity=4)
    elif what == "price":
        shop.edit(ORDER, line["id"], price=D("20.00"))
    else:
        shop.add_line(ORDER, line["id"], quantity=2)
    now = order(api)
    lines = api.get(f"v2/orders/{ORDER}/products").json
    assert D(now["total_inc_tax"]) > before
    assert D(now["total_inc_tax"]) == D(now["total_ex_tax"]) + D(now["total_tax"])
    assert D(now["total_tax"]) == D(now["subtotal_tax"]) + D(now["shipping_cost_tax"])
    assert D(now["total_inc_tax"]) == sum(D(each["discounted_total_inc_tax"]) for each in lines) + D(
        now["shipping_cost_inc_tax"]
    )
    assert now["items_total"] == sum(each["quantity"] for each in lines)


def test_an_archived_order_is_not_listed_and_can_be_read(shop: Store, api: Api) -> None:
    shop.archive(ORDER)
    assert order(api)["is_deleted"] is True
    listed = api.get("v2/orders", limit=250).json
    assert ORDER not in [row["id"] for row in listed]


def test_a_deleted_order_cannot_be_read_any_more(shop: Store, api: Api) -> None:
    shop.delete(ORDER)
    assert api.get(f"v2/orders/{ORDER}").status == 404


def test_a_total_that_was_set_by_hand_is_not_that_of_the_lines(shop: Store, api: Api) -> None:
    shop.override(ORDER, D("17.88"))
    now = order(api)
    assert (D(now["total_inc_tax"]), D(now["total_ex_tax"]), D(now["total_tax"])) == (D("17.88"), D("14.77"), D("3.11"))
    line = api.get(f"v2/orders/{ORDER}/products").json[0]
    assert D(line["discounted_total_inc_tax"]) + D(now["shipping_cost_inc_tax"]) == D("17.90")


def test_handling_wrapping_and_fees_come_back_each_as_an_item_of_its_own(stores: FakeStores) -> None:
    trade, api = stores.store("nltrade1"), Api(stores, NLTRADE)
    wrapped = next(number for number, record in trade.orders.items() if "gift wrapping" in record.kind)
    trade.refund(wrapped, handling=True, wrapping=True)
    with_fee = next(number for number, record in trade.orders.items() if record.fees)
    trade.refund(with_fee, fees=True)
    (first,), (second,) = refunds(api, wrapped), refunds(api, with_fee)
    assert [(item["item_type"], item["requested_amount"]) for item in first["items"]] == [
        ("HANDLING", "4.4000"),
        ("GIFT_WRAPPING", "3.1000"),
    ]
    assert (first["total_amount"], first["total_tax"]) == (9.07, 1.57)  # 4.40 + 0.92 and 3.10 + 0.65
    assert [(item["item_type"], item["requested_amount"]) for item in second["items"]] == [("FEE", "7.5000")]
    assert (second["total_amount"], second["total_tax"]) == (9.08, 1.58)


def test_some_orders_of_the_catalogue_were_refunded_before_anybody_read_them(shop: Store, api: Api) -> None:
    found = {record.kind: number for number, record in shop.orders.items()}
    status = {
        kind: order(api, found[kind])["status_id"] for kind in found if "first seen" in kind or "declined" in kind
    }
    assert status == {
        "refunded when first seen": 4,
        "refunded twice in part when first seen": 14,
        "a refund that was declined": 11,
    }
    assert [len(refunds(api, found[kind])) for kind in status] == [1, 2, 1]


def test_a_cancelled_order(shop: Store, api: Api) -> None:
    shop.cancel(ORDER)
    assert order(api)["status"] == "Cancelled"


def test_the_delivery_of_a_refund_names_it() -> None:
    assert b'"refund":{"refund_id":33}' in body_of("nlshop1", "1", ORDER, REFUNDED, at=1, refund_id=33)


def test_the_refunds_of_all_orders_are_listed_by_the_time_at_which_they_were_made(
    stores: FakeStores, shop: Store, api: Api
) -> None:
    path = "v3/orders/payment_actions/refunds"
    known = {row["id"] for row in api.get(path).json["data"]}
    first = shop.refund(1001, whole=D("1.00"))
    stores.advance(3600)
    second = shop.refund(1002, whole=D("1.00"))
    assert {row["id"] for row in api.get(path).json["data"]} == {*known, first["id"], second["id"]}
    later = api.get(path, **{"created:min": second["created"]}).json["data"]
    assert [row["id"] for row in later] == [second["id"]]
    earlier = api.get(path, **{"created:max": first["created"]}).json["data"]
    assert second["id"] not in {row["id"] for row in earlier}
    assert api.get(path, **{"created:min": "yesterday"}).status == 422
