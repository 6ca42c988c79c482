"""The fake store's customers: what a shopper or the merchant does to them, and the events of it."""

from datetime import UTC, datetime
from threading import RLock
from typing import Any

import pytest

from connector.sandbox.bigcommerce.customers import News
from connector.sandbox.bigcommerce.state import Store
from connector.sandbox.catalogue import default_orders
from connector.sandbox.catalogue.shops import NLSHOP

BERTA: dict[str, Any] = {"email": "berta@shopper.example", "first_name": "Berta", "last_name": "Bos"}


@pytest.fixture
def store() -> Store:
    return Store(NLSHOP, RLock(), lambda: datetime(2026, 3, 2, 9, 0, 7, 5, tzinfo=UTC))


def test_a_shopper_registers_with_an_address(store: Store) -> None:
    row = store.add_customer(**BERTA, addresses=[{"city": "Delft", "country_code": "NL"}], form_fields={"Size": "L"})
    assert (row["id"], row["date_modified"], row["address_count"]) == (1, "2026-03-02T09:00:07Z", 1)
    (address,) = store.books()[1]
    assert (address["city"], address["country"], address["customer_id"]) == ("Delft", "Netherlands", 1)
    assert store.take_news() == [News("store/customer/created", 1), News("store/customer/address/created", 1, 1)]


def test_each_change_is_one_event(store: Store) -> None:
    store.add_customer(**BERTA, addresses=[{"city": "Delft"}])
    store.take_news()
    store.change_customer(1, phone="+31 20 555 0199")
    store.change_address(1, city="Gouda")
    store.delete_address(1)
    store.delete_customer(1)
    assert [news.scope.removeprefix("store/customer/") for news in store.take_news()] == [
        "updated",
        "address/updated",
        "address/deleted",
        "deleted",
    ]
    assert store.take_news() == []
    assert (store.customers, store.addresses) == ({}, {})


def test_a_change_moves_the_customers_time_and_one_of_an_address_does_not(store: Store) -> None:
    row = store.add_customer(**BERTA, addresses=[{"city": "Delft"}])
    row["date_modified"] = before = "2026-01-01T00:00:00Z"
    store.change_address(1, city="Gouda", form_fields={"VAT number": "NL1"})
    assert row["date_modified"] == before
    store.change_customer(1, form_fields={"VAT number": "NL2"})
    assert row["date_modified"] == "2026-03-02T09:00:07Z"


def test_what_a_customer_does_not_have_cannot_be_changed(store: Store) -> None:
    store.add_customer(**BERTA)
    with pytest.raises(KeyError):
        store.change_customer(1, shoe_size="44")
    with pytest.raises(KeyError):
        store.change_customer(2, phone="1")


def test_an_order_makes_its_customer_known_and_leaves_a_known_one_as_it_is(store: Store) -> None:
    records = [record for record in default_orders() if record.store_hash == "nlshop1" and record.customer]
    first = next(record for record in records if record.customer)
    assert first.customer is not None
    number = first.customer["id"]
    store.place(first)
    store.change_customer(number, first_name="Anna Maria")
    store.take_news()
    store.place(first)
    assert store.customers[number]["first_name"] == "Anna Maria"
    (address,) = store.books()[number]
    assert address["postal_code"] == first.order["billing_address"]["zip"]
    assert store.take_news() == []
