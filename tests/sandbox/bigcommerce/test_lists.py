"""Customer groups, products and categories of the fake stores."""

from collections.abc import Iterator

import pytest

from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.catalogue import default_orders
from connector.sandbox.catalogue.shops import NLSHOP
from tests.sandbox.bigcommerce.client import Api


@pytest.fixture
def stores() -> Iterator[FakeStores]:
    with FakeStores() as service:
        store = service.open(NLSHOP)
        for record in default_orders():
            if record.store_hash == NLSHOP.store_hash:
                store.place(record)
        yield service


def test_every_customer_is_in_a_group_that_there_is_or_in_none(stores: FakeStores) -> None:
    api = Api(stores, NLSHOP)
    groups = {row["id"]: row["name"] for row in api.get("v2/customer_groups").json}
    assert groups == {1: "Friends", 2: "Trade"}
    assert {row["customer_group_id"] for row in api.get("v3/customers").json["data"]} == {0, 2}
    assert api.get("v2/customer_groups/2").json["name"] == "Trade"
    assert api.get("v2/customer_groups/9").status == 404


def test_a_store_without_groups_has_no_body(stores: FakeStores) -> None:
    stores.store("nlshop1").customer_groups.clear()
    answer = Api(stores, NLSHOP).get("v2/customer_groups")
    assert (answer.status, answer.body) == (204, b"")


def test_every_product_that_was_ordered_is_in_the_catalogue(stores: FakeStores) -> None:
    api = Api(stores, NLSHOP)
    ordered = {line["product_id"] for record in default_orders() for line in record.products}
    products = api.get("v3/catalog/products", limit=250).json["data"]
    assert ordered - {0} <= {row["id"] for row in products}
    categories = {row["category_id"] for row in api.get("v3/catalog/trees/categories").json["data"]}
    assert {number for row in products for number in row["categories"]} <= categories


def test_ids_and_fields_can_be_asked_for(stores: FakeStores) -> None:
    api = Api(stores, NLSHOP)
    answer = api.get("v3/catalog/products", **{"id:in": "11,15,99"}, include_fields="categories")
    assert answer.json["data"] == [{"id": 11, "categories": [41, 43]}, {"id": 15, "categories": []}]
    assert answer.json["meta"]["pagination"]["total_pages"] == 1
    found = api.get("v3/catalog/trees/categories", **{"category_id:in": "44"}).json["data"]
    assert [(row["name"], row["parent_id"]) for row in found] == [("Downloads", 42)]
    assert api.get("v3/catalog/products", **{"id:in": "x"}).status == 422
    assert api.get("v3/catalog/products", include_fields="colour").status == 422
