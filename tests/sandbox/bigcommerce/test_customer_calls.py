"""The fake store's calls about customers, over a real socket."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import sleep
from typing import Any

import pytest

from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.bigcommerce.state import READ_SCOPES, Account, Store
from connector.sandbox.catalogue.shops import NLSHOP
from tests.sandbox.bigcommerce.client import Api, call

HOME: dict[str, Any] = {
    "first_name": "Berta",
    "last_name": "Bos",
    "address1": "Kade 1",
    "city": "Delft",
    "postal_code": "2611 AA",
    "country_code": "NL",
}


@pytest.fixture
def stores() -> Iterator[FakeStores]:
    with FakeStores() as service:
        store = service.open(NLSHOP)
        for name in ("berta", "cora", "dora"):
            store.add_customer(email=f"{name}@shopper.example", first_name=name.title(), last_name="Bos")
        yield service


@pytest.fixture
def store(stores: FakeStores) -> Store:
    return stores.store("nlshop1")


@pytest.fixture
def api(stores: FakeStores) -> Api:
    return Api(stores, NLSHOP)


def ids(api: Api, **query: object) -> list[int]:
    return [row["id"] for row in api.get("v3/customers", **query).json["data"]]


def test_customers_are_found_by_id_by_email_and_by_their_last_change(api: Api, store: Store) -> None:
    for number, day in ((1, 3), (2, 1), (3, 2)):
        store.customers[number]["date_modified"] = f"2026-03-0{day}T10:00:00Z"
    assert ids(api) == [1, 2, 3]
    assert ids(api, **{"id:in": "3,1,99"}) == [1, 3]
    assert ids(api, **{"email:in": "CORA@shopper.example"}) == [2]
    assert ids(api, **{"date_modified:min": "2026-03-02T10:00:00", "sort": "date_modified:asc"}) == [3, 1]
    assert ids(api, **{"date_modified:max": "2026-03-02T11:00:00+01:00"}) == [2, 3]
    assert ids(api, sort="date_modified:desc", limit=2, page=2) == [2]


@pytest.mark.parametrize("query", [{"sort": "id:asc"}, {"include": "orders"}, {"id:in": "a"}, {"page": "0"}])
def test_an_unknown_sort_or_part_is_refused(api: Api, query: dict[str, str]) -> None:
    assert api.get("v3/customers", **query).status == 422


def test_addresses_and_form_fields_come_when_they_are_asked_for(api: Api, store: Store) -> None:
    store.add_address(1, **HOME, form_fields={"VAT number": "NL1"})
    store.change_customer(1, form_fields={"Chamber": "123"})
    (plain,) = api.get("v3/customers", **{"id:in": 1}).json["data"]
    assert not {"addresses", "form_fields"} & set(plain)
    (row,) = api.get("v3/customers", **{"id:in": 1, "include": "addresses,formfields"}).json["data"]
    assert row["form_fields"] == [{"name": "Chamber", "value": "123"}]
    assert row["addresses"][0]["form_fields"] == [{"name": "VAT number", "value": "NL1"}]
    (address,) = api.get("v3/customers/addresses", **{"customer_id:in": "1,2"}).json["data"]
    assert (address["city"], address["country"]) == ("Delft", "Netherlands")
    assert "form_fields" not in address


def test_customers_are_changed_and_the_change_is_an_event(api: Api, store: Store) -> None:
    store.customers[1]["date_modified"] = "2026-01-01T00:00:00Z"
    store.take_news()
    rows = [{"id": 1, "phone": "+31 20 555 0199", "form_fields": [{"name": "Chamber", "value": "123"}]}]
    answer = api.send("PUT", "v3/customers", rows)
    assert answer.json["data"][0]["phone"] == "+31 20 555 0199"
    assert store.customers[1]["date_modified"] > "2026-01-01T00:00:00Z"
    assert store.form_fields[1] == {"Chamber": "123"}
    assert [news.scope for news in store.take_news()] == ["store/customer/updated"]


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([{"id": 1}] * 11, 413),
        ([{"phone": "1"}], 422),
        ([{"id": 99, "phone": "1"}], 422),
        ([{"id": 1, "first_name": ""}], 422),
        ([{"id": 1, "first_name": "x" * 101}], 422),
        ([{"id": 1, "email": "nobody"}], 422),
        ([{"id": 1, "email": "Cora@shopper.example"}], 422),
        ([{"id": 1, "email": "x@shopper.example"}, {"id": 2, "email": "X@shopper.example"}], 422),
        ({"id": 1}, 400),
    ],
)
def test_a_refused_call_changes_nothing(api: Api, store: Store, rows: object, status: int) -> None:
    before = {number: dict(row) for number, row in store.customers.items()}
    assert api.send("PUT", "v3/customers", rows).status == status
    assert store.customers == before


def test_an_address_like_another_one_stays_as_it_is_and_is_left_out(api: Api, store: Store) -> None:
    first, second = store.add_address(1, **HOME), store.add_address(1, **HOME | {"city": "Gouda"})
    twin = api.send("PUT", "v3/customers/addresses", [{"id": second["id"], "city": "Delft"}])
    same = api.send("PUT", "v3/customers/addresses", [{"id": first["id"], "city": "Delft"}])
    assert (twin.status, twin.json["data"], same.json["data"]) == (200, [], [])
    assert second["city"] == "Gouda"
    other = api.send("PUT", "v3/customers/addresses", [{"id": second["id"], "city": "Leiden"}])
    assert other.json["data"][0]["city"] == "Leiden"
    assert api.send("PUT", "v3/customers/addresses", [{"id": 99, "city": "Leiden"}]).status == 422


def test_form_fields_are_set_by_the_older_call_too(api: Api, store: Store) -> None:
    address = store.add_address(1, **HOME)
    rows = [{"customer_id": 1, "name": "A", "value": "1"}, {"address_id": address["id"], "name": "B", "value": "2"}]
    assert api.send("PUT", "v3/customers/form-field-values", rows).status == 200
    assert (store.form_fields[1], address["form_fields"]) == ({"A": "1"}, {"B": "2"})
    assert api.send("PUT", "v3/customers/form-field-values", [{"customer_id": 9, "name": "A"}]).status == 422


def test_changing_customers_needs_the_right_to_do_so(stores: FakeStores, api: Api) -> None:
    account = Account(NLSHOP.client_id, NLSHOP.client_secret, NLSHOP.access_token)
    stores.store("nlshop1").add_account(replace(account, scopes=READ_SCOPES))
    assert api.send("PUT", "v3/customers", [{"id": 1, "phone": "1"}]).status == 403
    assert api.get("v3/customers").status == 200


def test_three_changes_may_be_under_way_at_once(stores: FakeStores, api: Api) -> None:
    rows = [{"id": 1, "phone": "1"}]
    with ThreadPoolExecutor(4) as pool:
        with stores.lock:
            sent = [pool.submit(api.send, "PUT", "v3/customers", rows) for _ in range(4)]
            while not any(each.done() for each in sent):
                sleep(0.005)
        assert sorted(each.result().status for each in sent) == [200, 200, 200, 429]
    assert api.send("PUT", "v3/customers", rows).status == 200


def test_the_control_interface_changes_and_deletes_customers(stores: FakeStores, store: Store) -> None:
    address = store.add_address(1, **HOME)

    def change(**body: object) -> int:
        return call(f"{stores.url}/_sandbox/change", method="POST", body={"store_hash": "nlshop1", **body}).status

    assert change(customer_id=1, fields={"phone": "1", "form_fields": {"A": "1"}}) == 200
    assert change(address_id=address["id"], fields={"city": "Gouda"}) == 200
    assert (store.customers[1]["phone"], store.form_fields[1], address["city"]) == ("1", {"A": "1"}, "Gouda")
    assert change(customer_id=2) == 200
    assert 2 not in store.customers
    assert change(customer_id=2) == 400


def test_five_thousand_customers_are_read_in_twenty_pages(api: Api, store: Store) -> None:
    for number in range(4997):
        store.add_customer(email=f"c{number}@shopper.example", first_name="C", last_name=str(number), addresses=[HOME])
    query = {"sort": "date_modified:asc", "limit": 250, "include": "addresses,formfields"}
    pages = [ids(api, page=page, **query) for page in range(1, 22)]
    assert len({number for page in pages for number in page}) == 5000
    assert pages[-1] == []
