"""The copy of the store's customers: whole or what changed, page by page, by id, and those that are gone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.errors import ClientError
from connector.flow.clock import database_now
from connector.flow.customer.copies import store_copy
from connector.flow.outbound.clients import store_client
from connector.models import Alert, CustomerLink, StoreCustomer
from connector.sandbox.bigcommerce.state import Store as FakeStore
from tests.acme import STORE, Acme

HOME: dict[str, Any] = {
    "first_name": "Jo",
    "last_name": "Bos",
    "address1": "Kade 1",
    "city": "Delft",
    "country_code": "NL",
}


@pytest.fixture
def shop(acme: Acme) -> FakeStore:
    """Acme's shop with three customers besides those of the orders."""
    store = acme.sandbox.stores.store(STORE)
    store.customers.clear()
    store.addresses.clear()
    for name in ("berta", "cora", "dora"):
        fields = {"VAT number": "NL123456782B90"} if name == "cora" else {}
        email = f"{name}@shopper.example"
        store.add_customer(email=email, first_name=name, last_name="Bos", addresses=[HOME], form_fields=fields)
    return store


@pytest.fixture
def api(acme: Acme) -> BigCommerceClient:
    return store_client(acme.store)


def key_of(shop: FakeStore, name: str) -> str:
    return str(next(number for number, row in shop.customers.items() if row["first_name"] == name))


def many(shop: FakeStore, count: int, at: datetime) -> None:
    """Further customers, each changed a second after the one before."""
    for number in range(count):
        row = shop.add_customer(email=f"c{number}@shopper.example", first_name="C", last_name=str(number))
        row["date_modified"] = f"{at + timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}"


def test_all_customers_are_read_with_their_addresses_and_numbers(
    acme: Acme, shop: FakeStore, api: BigCommerceClient
) -> None:
    read = store_copy.read_store_customers(acme.store, api)
    cora = StoreCustomer.objects.get(customer_key=key_of(shop, "cora"))
    assert (read.customers, read.cursor) == (3, "")
    assert read.changed == {str(number) for number in shop.customers}
    assert (cora.vat_number, cora.vat_number_field) == ("NL123456782B90", "VAT number")
    assert (cora.addresses[0]["city"], cora.addresses[0]["country"]) == ("Delft", "NL")
    assert cora.read_at is not None
    acme.store.refresh_from_db()
    assert acme.store.customers_read_at is not None
    assert acme.store.customers_read_until == cora.modified_at


def test_a_second_read_asks_for_changes_and_finds_none(acme: Acme, shop: FakeStore, api: BigCommerceClient) -> None:
    store_copy.read_store_customers(acme.store, api)
    before = acme.store_calls("*/v3/customers")
    read = store_copy.read_store_customers(acme.store, api)
    assert read.changed == frozenset()
    assert acme.store_calls("*/v3/customers") == before + 1
    assert "date_modified" in acme.sandbox.stores.calls[-1].query


def test_only_what_changed_is_read_again_and_its_link_is_due(
    acme: Acme, shop: FakeStore, api: BigCommerceClient
) -> None:
    store_copy.read_store_customers(acme.store, api)
    for row in shop.customers.values():
        row["date_modified"] = "2026-01-01T00:00:00Z"
    links = {name: link_of(acme, key_of(shop, name)) for name in ("berta", "cora")}
    shop.change_customer(int(key_of(shop, "cora")), email="cora@new.example")
    read = store_copy.read_store_customers(acme.store, api)
    assert (read.customers, read.changed) == (1, frozenset({key_of(shop, "cora")}))
    for name, link in links.items():
        link.refresh_from_db()
        assert (link.due_at is not None) == (name == "cora")
    assert StoreCustomer.objects.get(customer_key=key_of(shop, "cora")).email == "cora@new.example"


def link_of(acme: Acme, key: str) -> CustomerLink:
    division = acme.connection.division
    return CustomerLink.objects.create(store=acme.store, division=division, customer_key=key, account_id=f"an-id-{key}")


def test_the_whole_list_is_read_once_a_day_and_says_who_is_gone(
    acme: Acme, shop: FakeStore, api: BigCommerceClient
) -> None:
    store_copy.read_store_customers(acme.store, api)
    berta, cora = key_of(shop, "berta"), key_of(shop, "cora")
    shop.change_address(shop.books()[int(cora)][0]["id"], city="Gouda")
    link = link_of(acme, berta)
    shop.delete_customer(int(berta))
    assert store_copy.read_store_customers(acme.store, api).changed <= {cora}
    assert StoreCustomer.objects.get(customer_key=berta).deleted_at is None
    acme.store.customers_read_at = database_now() - timedelta(days=1)
    StoreCustomer.objects.update(read_at=database_now() - timedelta(days=1))
    assert berta in store_copy.read_store_customers(acme.store, api).changed
    gone = StoreCustomer.objects.get(customer_key=berta)
    assert gone.deleted_at is not None
    assert gone.email == "berta@shopper.example"
    link.refresh_from_db()
    assert link.due_at is not None
    assert StoreCustomer.objects.get(customer_key=cora).addresses[0]["city"] == "Gouda"
    assert StoreCustomer.objects.filter(deleted_at=None).count() == 2


def test_an_interrupted_read_goes_on_where_it_stopped(acme: Acme, shop: FakeStore, api: BigCommerceClient) -> None:
    many(shop, 600, datetime(2026, 1, 1, tzinfo=UTC))
    first = store_copy.read_page(acme.store, api)
    acme.sandbox.stores.faults.add("503_html", path="*/v3/customers")
    with pytest.raises(ClientError):
        store_copy.read_page(acme.store, api, first.cursor)
    calls, cursor, read = acme.store_calls("*/v3/customers"), first.cursor, first.customers
    while cursor:
        turn = store_copy.read_page(acme.store, api, cursor)
        cursor, read = turn.cursor, read + turn.customers
    assert StoreCustomer.objects.count() == 603
    assert acme.store_calls("*/v3/customers") - calls == 2
    assert read < 620  # a few come twice, at the seams of the pages


def test_a_page_takes_few_statements_for_many_customers(acme: Acme, shop: FakeStore, api: BigCommerceClient) -> None:
    many(shop, 500, datetime(2026, 1, 1, tzinfo=UTC))
    cursor = ""
    sizes: list[int] = []
    statements: list[int] = []
    while not cursor or "null" in cursor:  # until it asks for those that were not in the list
        with CaptureQueriesContext(connection) as done:
            turn = store_copy.read_page(acme.store, api, cursor)
        cursor = turn.cursor
        sizes.append(turn.customers)
        statements.append(len(done))
    assert (sizes[0], sizes[-1] < 20) == (250, True)
    assert max(statements) <= 25  # SQLite takes fifty rows at once


def test_customers_are_read_by_id_and_are_no_longer_due(acme: Acme, shop: FakeStore, api: BigCommerceClient) -> None:
    berta, cora = key_of(shop, "berta"), key_of(shop, "cora")
    for key in (berta, cora, "777"):
        StoreCustomer.objects.create(store=acme.store, customer_key=key, due_at=database_now())
    read = store_copy.read_with_ids(acme.store, api, [berta, cora, "777", "Gabc"])
    assert (read.customers, read.changed) == (2, frozenset({berta, cora, "777"}))
    assert acme.store_calls("*/v3/customers") == 1
    gone = StoreCustomer.objects.get(customer_key="777")
    assert gone.deleted_at is not None
    assert not StoreCustomer.objects.exclude(due_at=None).exists()


def test_who_becomes_due_during_the_call_stays_due(
    acme: Acme, shop: FakeStore, api: BigCommerceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    berta = key_of(shop, "berta")
    StoreCustomer.objects.create(store=acme.store, customer_key=berta, due_at=database_now() + timedelta(seconds=1))
    store_copy.read_with_ids(acme.store, api, [berta])
    assert StoreCustomer.objects.get(customer_key=berta).due_at is not None


def test_a_later_change_that_another_process_has_read_is_kept(
    acme: Acme, shop: FakeStore, api: BigCommerceClient
) -> None:
    berta = key_of(shop, "berta")
    later = database_now() + timedelta(hours=1)
    StoreCustomer.objects.create(store=acme.store, customer_key=berta, email="new@new.example", modified_at=later)
    store_copy.read_with_ids(acme.store, api, [berta])
    assert StoreCustomer.objects.get(customer_key=berta).email == "new@new.example"


def test_a_customer_that_cannot_be_read_is_named_and_is_not_gone(
    acme: Acme, shop: FakeStore, api: BigCommerceClient
) -> None:
    store_copy.read_store_customers(acme.store, api)
    cora = shop.customers[int(key_of(shop, "cora"))]
    shop.customers[999] = {**cora, "id": 0}
    read = store_copy.read_store_customers(acme.store, api, whole=True)
    assert read.customers == 3
    alert = Alert.objects.get(cause__endswith="odd_customers")
    assert alert.closed_at is None
    del shop.customers[999]
    store_copy.read_store_customers(acme.store, api, whole=True)
    alert.refresh_from_db()
    assert alert.closed_at is not None


def test_a_customer_that_came_and_could_not_be_read_is_not_gone(
    acme: Acme, shop: FakeStore, api: BigCommerceClient
) -> None:
    cora = key_of(shop, "cora")
    StoreCustomer.objects.create(store=acme.store, customer_key=cora)
    shop.customers[int(cora)] = shop.customers[int(cora)] | {"id": 0}
    assert store_copy.read_with_ids(acme.store, api, [cora]).changed == frozenset()
    assert StoreCustomer.objects.get(customer_key=cora).deleted_at is None
