"""Each side's details by group in a person's words, and which groups differ."""

import pytest

from connector.admin.customers.sides import differing, groups, lines
from connector.domain.choices import FieldGroup
from connector.models import Connection
from tests.admin.customers import scene
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    made: Connection = ConnectionFactory.create()
    return made


def test_a_value_in_the_spelling_of_either_side_is_the_same(connection: Connection) -> None:
    customer = scene.customer(connection, vat_number="nl 0000.99998 b57", company="Bakery  BV")
    assert not differing(customer, scene.account(connection, vat_number="NL000099998B57", name="BAKERY BV"))


@pytest.mark.parametrize(
    ("theirs", "group"),
    [
        ({"name": "Butcher"}, FieldGroup.NAMES),
        ({"email": ""}, FieldGroup.CONTACT),
        ({"postcode": "1016 AA"}, FieldGroup.ADDRESSES),
        ({"vat_number": "NL000099998B57"}, FieldGroup.VAT_NUMBER),
    ],
)
def test_what_does_not_say_the_same_differs(connection: Connection, theirs: dict[str, str], group: FieldGroup) -> None:
    assert differing(scene.customer(connection), scene.account(connection, **theirs)) == {group}


def test_the_store_has_no_payment_condition_so_it_never_differs(connection: Connection) -> None:
    assert not differing(scene.customer(connection), scene.account(connection, payment_condition="30"))


def test_a_side_that_is_not_known_differs_from_nothing(connection: Connection) -> None:
    assert not differing(scene.customer(connection), None)
    shown = {group.key: group for group in groups(None, scene.account(connection), None)}
    assert (shown[FieldGroup.NAMES].store, shown[FieldGroup.NAMES].owner) == ([], "")


@pytest.mark.parametrize("addresses", [[], {"a": 1}, ["x"], [{"street_1": None}]])
def test_an_address_book_without_an_address_shows_none(connection: Connection, addresses: object) -> None:
    customer = scene.customer(connection, addresses=addresses)
    assert {group.key: group.store for group in groups(customer, None, connection)}[FieldGroup.ADDRESSES] == []


def test_values_come_in_the_order_of_the_page_and_unknown_ones_not_at_all() -> None:
    assert lines({"phone": "1", "odd": "2", "email": "a@b.example"}) == [("E-mail", "a@b.example"), ("Phone", "1")]
