"""Who may call the fake stores, how they refuse, and what they say about limits."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.bigcommerce.state import READ_SCOPES, Account
from connector.sandbox.catalogue import default_orders
from connector.sandbox.catalogue.shops import FRSHOP, NLSHOP
from tests.sandbox.bigcommerce.client import Api, call


@pytest.fixture
def stores() -> Iterator[FakeStores]:
    with FakeStores() as service:
        service.open(FRSHOP)
        store = service.open(NLSHOP)
        for record in default_orders():
            if record.store_hash == NLSHOP.store_hash:
                store.place(record)
        yield service


def test_a_missing_token_is_refused_with_plain_text(stores: FakeStores) -> None:
    answer = call(f"{stores.url}/stores/nlshop1/v2/time")
    assert (answer.status, answer.body) == (401, b"X-Auth-Token header is required")


@pytest.mark.parametrize("store_hash", ["frshop1", "unknown1"])
def test_a_token_opens_its_own_store_only(stores: FakeStores, store_hash: str) -> None:
    answer = call(f"{stores.url}/stores/{store_hash}/v2/store", token=NLSHOP.access_token)
    assert answer.status == 401
    assert answer.json["status"] == 401
    assert "not a valid combination for this store" in answer.json["title"]


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("v2/orders", "store_v2_orders_read_only"),
        ("v2/orders/1001/products", "store_v2_orders_read_only"),
        ("v3/orders/1001/transactions", "store_v2_transactions_read_only"),
        ("v3/customers", "store_v2_customers_read_only"),
        ("v2/customer_groups", "store_v2_customers_read_only"),
        ("v3/catalog/products", "store_v2_products_read_only"),
        ("v3/catalog/trees/categories", "store_v2_products_read_only"),
        ("v2/store", "store_v2_information_read_only"),
    ],
)
def test_each_resource_needs_its_scope(stores: FakeStores, path: str, scope: str) -> None:
    account = Account(NLSHOP.client_id, NLSHOP.client_secret, NLSHOP.access_token)
    stores.store("nlshop1").add_account(replace(account, scopes=READ_SCOPES - {scope}))
    answer = Api(stores, NLSHOP).get(path)
    assert answer.status == 403
    assert answer.json["title"] == "You don't have a required scope to access the endpoint"
    assert answer.json["errors"] == {}

    stores.store("nlshop1").add_account(replace(account, scopes=frozenset({scope})))
    assert Api(stores, NLSHOP).get(path).status == 200


def test_hooks_need_no_scope(stores: FakeStores) -> None:
    account = Account(NLSHOP.client_id, NLSHOP.client_secret, NLSHOP.access_token, frozenset())
    stores.store("nlshop1").add_account(account)
    assert Api(stores, NLSHOP).get("v3/hooks").status == 200


def test_v2_errors_are_arrays_and_v3_errors_are_objects(stores: FakeStores) -> None:
    api = Api(stores, NLSHOP)
    missing = api.get("v2/orders/77")
    assert (missing.status, missing.json) == (
        404,
        [{"status": 404, "message": "The requested resource was not found."}],
    )
    assert api.get("v3/nothing").json["status"] == 404
    assert api.get("v2/orders", min_id="x").json[0]["status"] == 400
    assert api.get("v3/customers", **{"id:in": "x"}).status == 422
    assert api.send("PUT", "v2/orders/1001", {"status_id": 2}).status == 405


def test_every_answer_tells_the_limits(stores: FakeStores) -> None:
    api = Api(stores, NLSHOP)
    left = [int(api.get(path).headers["x-rate-limit-requests-left"]) for path in ("v2/time", "v2/orders/77")]
    assert left == [449, 448]
    headers = api.get("v3/hooks").headers
    assert headers["x-rate-limit-requests-quota"] == "450"
    assert headers["x-rate-limit-time-window-ms"] == "30000"
    assert 0 < int(headers["x-rate-limit-time-reset-ms"]) <= 30000


def test_too_many_calls_are_refused_when_asked_for(stores: FakeStores) -> None:
    stores.quota, stores.enforce_quota = 2, True
    api = Api(stores, NLSHOP)
    assert [api.get("v2/time").status for _ in range(3)] == [200, 200, 429]
    assert Api(stores, FRSHOP).get("v2/time").status == 200
    stores.advance(31)
    assert api.get("v2/time").status == 200


def test_a_429_comes_with_headers_or_without(stores: FakeStores) -> None:
    stores.faults.add("429_minute", path="*/time")
    stores.faults.add("429_day", path="*/time")
    api = Api(stores, NLSHOP)
    known, unknown = api.get("v2/time"), api.get("v2/time")
    assert (known.status, known.headers["x-rate-limit-time-reset-ms"]) == (429, "30000")
    assert unknown.status == 429
    assert "x-rate-limit-time-reset-ms" not in unknown.headers
    assert api.get("v2/time").status == 200


def test_the_store_tells_what_it_is(stores: FakeStores) -> None:
    store = Api(stores, FRSHOP).get("v2/store").json
    assert (store["id"], store["country_code"], store["currency"]) == ("frshop1", "FR", "EUR")
    assert store["is_price_entered_with_tax"] is True
    assert store["timezone"]["name"] == "Europe/Paris"
    assert Api(stores, FRSHOP).get("v2/time").json == {"time": pytest.approx(stores.now().timestamp(), abs=5)}
    statuses = Api(stores, FRSHOP).get("v2/order_statuses").json
    assert {row["id"] for row in statuses} == set(range(15))
    assert any(row["custom_label"] != row["name"] for row in statuses)


def test_a_removed_account_loses_its_hooks(stores: FakeStores) -> None:
    store = stores.store("nlshop1")
    api = Api(stores, NLSHOP)
    api.send("POST", "v3/hooks", {"scope": "store/order/created", "destination": "http://127.0.0.1/x"})
    assert len(store.hooks) == 1
    store.remove_account(NLSHOP.client_id)
    assert api.get("v2/time").status == 401
    assert store.hooks == {}
