"""Orders as the fake stores answer them: whole, in parts, in lists, fresh and stale."""

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.catalogue import SHOPS, default_orders, odd_orders
from connector.sandbox.catalogue.shops import NLSHOP, NLTRADE
from tests.sandbox.bigcommerce.client import Api, call

ONE_CALL = {"include": "consignments.line_items,fees", "consignment_structure": "object"}


@pytest.fixture(scope="module")
def stores() -> Iterator[FakeStores]:
    with FakeStores() as service:
        for shop in SHOPS:
            service.open(shop)
        for record in default_orders():
            service.store(record.store_hash).place(record)
        yield service


@pytest.fixture
def api(stores: FakeStores) -> Api:
    return Api(stores, NLSHOP)


def order_id(stores: FakeStores, kind: str) -> int:
    orders = stores.store("nlshop1").orders
    return next(number for number, record in orders.items() if record.kind == kind)


def all_pages(api: Api, path: str, **query: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    page = 1
    while (answer := api.get(path, page=page, **query)).status == 200:
        rows += answer.json
        page += 1
    assert (answer.status, answer.body) == (204, b"")
    return rows


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.store_hash)
def test_one_call_gives_what_the_parts_give(stores: FakeStores, shop: Any) -> None:
    api = Api(stores, shop)
    for number, record in stores.store(shop.store_hash).orders.items():
        whole = api.get(f"v2/orders/{number}", **ONE_CALL).json
        embedded = whole["consignments"]
        groups = [*embedded["shipping"], *embedded["pickups"], *embedded["downloads"]]
        lines = [line for group in groups for line in group["line_items"]]
        products = all_pages(api, f"v2/orders/{number}/products")
        if record.consignments_empty:
            assert lines == []
        else:
            assert sorted(lines, key=lambda line: line["id"]) == products
        assert sum(line["quantity"] for line in products) == whole["items_total"]

        addresses = api.get(f"v2/orders/{number}/shipping_addresses")
        rows = addresses.json if addresses.status == 200 else []
        assert len(rows) == whole["shipping_address_count"]
        for row, group in zip(rows, embedded["shipping"], strict=True):
            assert row["country_iso2"] == group["country_iso2"]
            assert float(row["cost_inc_tax"]) == group["cost_inc_tax"]
            assert isinstance(row["cost_inc_tax"], str)
        fees = api.get(f"v2/orders/{number}/fees")
        assert (fees.json["fees"] if fees.status == 200 else []) == whole["fees"]


def test_without_include_the_parts_are_links(stores: FakeStores, api: Api) -> None:
    order = api.get("v2/orders/1001").json
    for name in ("products", "shipping_addresses", "coupons", "consignments", "fees"):
        assert order[name]["resource"] == f"/orders/1001/{name}"
        assert order[name]["url"].startswith("https://api.bigcommerce.com/stores/nlshop1/v2/")
    with_links = api.get("v2/orders/1001", include="consignments", consignment_structure="object").json
    (line,) = with_links["consignments"]["shipping"][0]["line_items"]
    assert line["resource"] == "/orders/1001/products/100101"
    assert api.get(f"v2{line['resource']}").json["sku"] == "MUG-01"
    assert isinstance(api.get("v2/orders/1001", include="consignments").json["consignments"], list)


def test_products_come_fifty_a_page(stores: FakeStores, api: Api) -> None:
    number = order_id(stores, "sixty lines")
    pages = [api.get(f"v2/orders/{number}/products", page=page) for page in (1, 2, 3)]
    assert [page.status for page in pages] == [200, 200, 204]
    assert [len(page.json) for page in pages[:2]] == [50, 10]
    assert len(api.get(f"v2/orders/{number}/products", limit=250).json) == 60
    assert api.get(f"v2/orders/{number}/products", page="0").status == 400


def test_an_empty_part_is_204_without_a_body(stores: FakeStores, api: Api) -> None:
    for part in ("coupons", "fees", "shipments"):
        answer = api.get(f"v2/orders/1001/{part}")
        assert (answer.status, answer.body) == (204, b"")
    digital = order_id(stores, "digital only")
    assert api.get(f"v2/orders/{digital}/shipping_addresses").status == 204
    assert api.get("v2/orders/1001/nonsense").status == 404


def test_taxes_name_their_lines_only_with_details(stores: FakeStores, api: Api) -> None:
    number = order_id(stores, "two VAT rates")
    rows = api.get(f"v2/orders/{number}/taxes", details="true").json
    assert {(row["line_item_type"], row["rate"]) for row in rows} == {
        ("item", "21.0000"),
        ("item", "9.0000"),
        ("shipping", "21.0000"),
    }
    assert "line_item_type" not in api.get(f"v2/orders/{number}/taxes").json[0]


def test_coupons_fees_and_the_misspelt_field(stores: FakeStores, api: Api) -> None:
    (coupon,) = api.get(f"v2/orders/{order_id(stores, 'coupon')}/coupons").json
    assert (coupon["code"], coupon["discount"]) == ("WELCOME", 10.0)
    fees = api.get(f"v2/orders/{order_id(stores, 'two fees, one misspelt by the API')}/fees").json["fees"]
    assert ["cost_exc_tax" in fee for fee in fees] == [True, False]


def test_pickups_and_downloads_have_their_own_place(stores: FakeStores, api: Api) -> None:
    number = order_id(stores, "collected in store")
    order = api.get(f"v2/orders/{number}", **ONE_CALL).json
    (pickup,) = order["consignments"]["pickups"]
    assert pickup["location"]["country_alpha2"] == "NL"
    assert pickup["line_items"][0]["sku"] == "SCARF-RED-M"
    number = order_id(stores, "digital and physical")
    whole = api.get(f"v2/orders/{number}", **ONE_CALL).json["consignments"]
    assert [line["sku"] for line in whole["downloads"][0]["line_items"]] == ["EBOOK-01"]
    assert [line["sku"] for line in whole["shipping"][0]["line_items"]] == ["MUG-01"]


def test_lists_filter_sort_and_page(stores: FakeStores) -> None:
    api = Api(stores, NLTRADE)
    everything = all_pages(api, "v2/orders", limit=7)
    numbers = [order["id"] for order in everything]
    assert numbers == sorted(stores.store("nltrade1").orders)

    def ids(**query: object) -> list[int]:
        answer = api.get("v2/orders", **query)
        return [order["id"] for order in answer.json] if answer.status == 200 else []

    assert ids(min_id=1003, max_id=1005) == [1003, 1004, 1005]
    assert ids(status_id=9) == [order["id"] for order in everything if order["status_id"] == 9]
    assert ids(sort="date_modified:desc")[0] == max(everything, key=when)["id"]
    assert ids(customer_id=301, limit=2) == [o["id"] for o in everything if o["customer_id"] == 301][:2]
    assert ids(min_id=999999) == []
    pivot = when(everything[5])
    assert set(ids(min_date_modified=pivot.isoformat())) == {o["id"] for o in everything if when(o) >= pivot}
    assert set(ids(max_date_modified=everything[5]["date_modified"])) == {
        order["id"] for order in everything if when(order) <= pivot
    }
    assert api.get("v2/orders", sort="total").status == 400
    unescaped = call(f"{api.base}/v2/orders?min_date_modified=2026-01-06T00:00:00+00:00", token=NLTRADE.access_token)
    assert unescaped.status == 400
    assert api.get("v2/orders/count", status_id=9).json["count"] == len(ids(status_id=9))


def when(order: dict[str, Any]) -> Any:
    return parsedate_to_datetime(order["date_modified"])


def test_a_change_moves_date_modified_and_a_stale_read_misses_it(stores: FakeStores, api: Api) -> None:
    store = stores.store("nlshop1")
    old = api.get("v2/orders/1002").json
    store.change(1002, status_id=10, customer_message="Thanks")
    stores.faults.add("stale_read", path="*/v2/orders/1002")
    stale, fresh = api.get("v2/orders/1002").json, api.get("v2/orders/1002").json
    assert stale == old
    assert (fresh["status_id"], fresh["status"], fresh["custom_status"]) == (10, "Completed", "Done")
    assert fresh["customer_message"] == "Thanks"
    assert when(fresh) > when(old)
    assert abs(when(fresh) - stores.now()) < timedelta(seconds=5)
    with pytest.raises(KeyError, match="no such_field"):
        store.change(1002, such_field=1)


def test_a_new_order_can_be_unseen_and_an_archived_one_leaves_the_list(stores: FakeStores, api: Api) -> None:
    store = stores.store("nlshop1")
    record = store.place(odd_orders()[1])
    stores.faults.add("stale_read", path=f"*/orders/{record.order_id}")
    assert api.get(f"v2/orders/{record.order_id}").status == 404
    assert api.get(f"v2/orders/{record.order_id}").json["status_id"] == 7
    store.change(record.order_id, is_deleted=True)
    assert api.get(f"v2/orders/{record.order_id}").json["is_deleted"] is True
    assert api.get("v2/orders", min_id=record.order_id).status == 204


def test_the_control_address_changes_an_order_too(stores: FakeStores, api: Api) -> None:
    change = {"store_hash": "nlshop1", "order_id": 1003, "fields": {"status_id": 2}}
    answer = call(f"{stores.url}/_sandbox/change", method="POST", body=change)
    assert answer.status == 200
    assert api.get("v2/orders/1003").json["status"] == "Shipped"
    assert call(f"{stores.url}/_sandbox/change", method="POST", body={"store_hash": "no"}).status == 400


def test_transactions_refunds_and_customers(stores: FakeStores, api: Api) -> None:
    (payment,) = api.get("v3/orders/1001/transactions").json["data"]
    assert (payment["order_id"], payment["event"], payment["status"]) == ("1001", "purchase", "ok")
    assert payment["amount"] == float(stores.store("nlshop1").orders[1001].order["total_inc_tax"])
    offline = order_id(stores, "cash on delivery")
    assert api.get(f"v3/orders/{offline}/transactions").json["data"] == []
    refunds = api.get("v3/orders/1001/payment_actions/refunds").json
    assert (refunds["data"], refunds["meta"]["pagination"]["total"]) == ([], 0)
    customers = api.get("v3/customers", **{"id:in": "201,204"}).json
    assert {row["email"] for row in customers["data"]} == {"anna@shopper.example", "greta@shopper.example"}
    assert customers["meta"]["pagination"]["total"] == 2
