"""Somebody who registered twice gets no second account."""

import pytest

from connector.domain.customer.ladder import Create, Found, Several
from connector.domain.document.codes import Code
from tests.flow.customer.shop import NUMBER, Shop

pytestmark = pytest.mark.django_db
HERE = "1234 AB"


def test_of_two_new_customers_who_are_alike_the_later_one_is_for_a_person() -> None:
    shop = Shop()
    shop.customer("1", postcode=HERE)
    shop.customer("2", postcode=HERE)
    first, second = shop.match().others
    assert isinstance(first.choice, Create)
    assert isinstance(second.choice, Several)
    assert second.choice.candidates[0].account.id == "new:1"


def test_two_new_registrations_of_a_company_get_one_account() -> None:
    shop = Shop()
    for key in ("1", "2"):
        shop.customer(key, company="Acme BV", vat_number=NUMBER)
    first, second = shop.match().others
    assert isinstance(first.choice, Create)
    assert isinstance(second.choice, Create)
    assert (first.waits, second.waits) == (False, True)


def test_a_second_registration_is_known_by_what_the_store_says_of_the_first() -> None:
    """The account has another address and e-mail address, and only its SearchCode leads to it."""
    shop = Shop()
    shop.customer("1", postcode=HERE)
    shop.customer("2", postcode=HERE)
    account = shop.account(search_code="NLS-1", email="old@accounts.example", postcode="9999 ZZ", code="42")
    first, second = shop.match().others
    assert isinstance(first.choice, Found)
    assert isinstance(second.choice, Several)
    (only,) = second.choice.candidates
    assert (only.account.id, only.account.code, second.choice.problem.code) == (
        account.account_id,
        "42",
        Code.ACCOUNT_OF_ANOTHER_CUSTOMER,
    )


def test_a_second_registration_of_a_company_gets_the_account_of_the_first() -> None:
    shop = Shop()
    for key in ("1", "2"):
        shop.customer(key, company="Acme BV", vat_number=NUMBER)
    account = shop.account("Acme BV", email="shopper1@customers.example")
    shop.keep()
    assert shop.links() == {"1": account.account_id, "2": account.account_id}


def test_who_is_linked_already_is_looked_at_too() -> None:
    shop = Shop()
    shop.customer("1", postcode=HERE)
    shop.account(email="shopper1@customers.example")
    shop.keep()
    shop.customer("2", postcode=HERE)
    assert [type(each.choice).__name__ for each in shop.match().others] == ["Several"]


def test_a_second_registration_of_somebody_ambiguous_gets_no_account() -> None:
    shop = Shop()
    shop.customer("1", postcode=HERE, company="Acme BV", vat_number=NUMBER)
    for _each in range(2):
        shop.account(vat_number=NUMBER)
    shop.customer("2", "Bo Smit", postcode=HERE, company="Acme BV")
    assert [type(each.choice).__name__ for each in shop.match().others] == ["Several", "Several"]


def test_namesakes_at_other_places_get_an_account_each() -> None:
    shop = Shop()
    shop.customer("1", postcode=HERE)
    shop.customer("2", postcode="9999 ZZ")
    assert [type(each.choice).__name__ for each in shop.match().others] == ["Create", "Create"]
