"""A customer of the store's list is the buyer that an order of theirs would have."""

import pytest

from connector.flow.customer.account.buyers import address_of
from connector.flow.customer.account.parties import addresses_of, party_of
from connector.flow.customer.both_ways.sides import of_customer
from tests.flow.customer.shop import NUMBER, Shop

pytestmark = pytest.mark.django_db


def test_names_e_mail_number_and_place_are_the_customers() -> None:
    shop = Shop()
    row = shop.customer("7", company="Acme BV", vat_number="0400.000.185", email="Jane@Customers.example")
    row.addresses = [
        {"id": 1, "postcode": "1000", "country": "be", "company": "Other"},
        {"postcode": "1234 AB", "country": "NL"},
    ]
    party = party_of(shop.connection, row)
    assert (party.key, party.registered, party.company, party.person) == ("7", True, "Acme BV", "Jane Doe")
    assert (party.email, party.vat_number) == ("jane@customers.example", NUMBER)
    assert {place.postcode for place in party.places} == {"1000", "1234AB"}


def test_a_customer_without_names_has_those_of_the_first_address() -> None:
    shop = Shop()
    row = shop.customer("7", "")
    row.addresses = [{"first_name": "Bo", "last_name": "Smit", "company": ""}]
    assert party_of(shop.connection, row).person == "Bo Smit"


@pytest.mark.parametrize(("record", "address"), [("n/a", "Acme BV"), ("", "Acme BV"), ("Acme BV", "-")])
def test_the_company_may_stand_in_the_address_and_what_is_none_is_none(record: str, address: str) -> None:
    shop = Shop()
    row = shop.customer("7", company=record)
    row.addresses = [{"company": address}]
    assert (party_of(shop.connection, row).company, party_of(shop.connection, row).person) == ("Acme BV", "Jane Doe")
    assert of_customer(row).names["company"] == "Acme BV"
    assert address_of(row).company == "Acme BV"


def test_a_placeholder_is_no_address() -> None:
    shop = Shop()
    assert party_of(shop.connection, shop.customer("7", email="noemail@shop.example")).email == ""


@pytest.mark.parametrize("book", [[], None, "odd", [None]])
def test_an_odd_address_book_is_empty(book: object) -> None:
    row = Shop().customer("7", phone="020 1234567")
    row.addresses = book
    (only,) = addresses_of(row)
    assert (only.first_name, only.phone, only.postcode) == ("Jane", "020 1234567", "")
