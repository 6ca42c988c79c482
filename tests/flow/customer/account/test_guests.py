"""A guest gets an account of their own once their orders come to enough."""

from decimal import Decimal
from typing import Any

import pytest

from connector.domain.customer.customer import customer_of
from connector.flow.customer.account.guests import is_below_threshold
from connector.models import Connection, CustomerLink, DirectoryAccount
from tests.acme import Acme
from tests.cases.shop import line, order, read
from tests.factories import ConnectionFactory, OrderSyncFactory
from tests.flow.customer.ordering import post

EMAIL = "vera@shopper.example"


@pytest.fixture
def connection(db: None) -> Connection:
    found: Connection = ConnectionFactory.create(store__currency="EUR")
    return found


def earlier(connection: Connection, **fields: Any) -> None:
    """An order of the guest that was posted."""
    kept = {"email": EMAIL, "customer": "Vera Dijk", "total": Decimal("30.00"), "currency": "EUR", **fields}
    OrderSyncFactory.create(connection=connection, posted=True, **kept)


def is_below(connection: Connection, customer_id: int = 0, email: str = EMAIL, **address: Any) -> bool:
    """Whether an order of 12.10 is one of a guest who has ordered too little so far."""
    who = {"first_name": "Vera", "last_name": "Dijk", **address}
    placed = read(order(line("12.10"), email=email, address=who, customer_id=customer_id))
    return is_below_threshold(connection, customer_of(placed, "SHOP", ("VAT number",), ()), placed)


def test_without_a_threshold_each_guest_has_an_account(connection: Connection) -> None:
    assert not is_below(connection)


def test_the_amount_counts_this_order_and_those_before(connection: Connection) -> None:
    connection.guest_amount = Decimal("42.10")
    assert is_below(connection)
    earlier(connection)
    assert not is_below(connection)
    connection.guest_amount = Decimal("42.11")
    assert is_below(connection)


def test_the_number_counts_orders_and_not_their_documents(connection: Connection) -> None:
    connection.guest_orders = 3
    for sequence in (1, 2):
        earlier(connection, order_id=501, sequence=sequence)
    assert is_below(connection)
    earlier(connection, order_id=502, currency="USD")
    assert not is_below(connection)


def test_either_threshold_is_enough(connection: Connection) -> None:
    connection.guest_amount, connection.guest_orders = Decimal(1000), 2
    earlier(connection)
    assert not is_below(connection)


@pytest.mark.parametrize(
    "other",
    [{"customer": "Bob Visser"}, {"email": "bob@shopper.example"}, {"currency": "USD"}, {"total": None}],
)
def test_what_is_not_the_guests_own_or_in_another_currency_adds_nothing(
    connection: Connection, other: dict[str, Any]
) -> None:
    connection.guest_amount = Decimal(40)
    earlier(connection, **other)
    assert is_below(connection)


def test_case_and_order_of_the_name_and_the_address_do_not_matter(connection: Connection) -> None:
    connection.guest_orders = 2
    earlier(connection, customer="DIJK, Vera")
    assert not is_below(connection, email="Vera@Shopper.example")


def test_who_is_registered_has_a_number_or_an_account_is_never_below(connection: Connection) -> None:
    connection.guest_orders = 5
    assert not is_below(connection, customer_id=5)
    assert not is_below(connection, form_fields=[{"name": "VAT number", "value": "BE 0123.456.749"}])
    assert is_below(connection)
    placed = customer_of(read(order(line(), email=EMAIL)), "SHOP", (), ())
    CustomerLink.objects.create(
        store=connection.store, division=connection.division, customer_key=placed.key, account_id="id-1"
    )
    assert not is_below(connection)


def test_the_first_order_goes_to_the_collective_account_and_the_second_to_an_own_one(acme: Acme) -> None:
    collective = DirectoryAccount.objects.get(name="Webshop particulieren")
    acme.connection.collective_account, acme.connection.guest_orders = collective.code, 2
    acme.connection.save()
    post(acme, acme.order_of_kind("guest"))
    assert acme.invoice(1021)["OrderedBy"] == collective.account_id
    assert not CustomerLink.objects.exists()
    post(acme, acme.order_of_kind("guest again"))
    assert acme.invoice(1022)["OrderedBy"] == CustomerLink.objects.get().account_id != collective.account_id
