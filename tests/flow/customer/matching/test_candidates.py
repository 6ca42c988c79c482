"""The accounts of many customers are found together, and each customer gets their own."""

import pytest

from connector.flow.customer.account.parties import party_of
from connector.flow.customer.matching import candidates
from tests.flow.customer.shop import NUMBER, Shop

pytestmark = pytest.mark.django_db


def test_each_customer_gets_the_accounts_with_something_in_common() -> None:
    shop = Shop()
    rows = [shop.customer("1", postcode="1234 AB"), shop.customer("2", "Bo Smit", company="Bo", vat_number=NUMBER)]
    parties = [party_of(shop.connection, row) for row in rows]
    accounts = {
        "code": shop.account("A", search_code="NLS-1"),
        "mail": shop.account("B", email="shopper1@customers.example"),
        "place": shop.account("Doe, Jane", postcode="1234AB"),
        "number": shop.account("C", vat_number=NUMBER),
        "linked": shop.account("D"),
    }
    shop.account("Jane Doe", postcode="9999 ZZ")
    shop.account("Other name", postcode="1234 AB")
    pool = candidates.read(shop.connection.division, parties, [accounts["linked"].account_id, ""])
    found = [{each.id for each in pool.of(party, ())} for party in parties]
    wanted = [{accounts[name].account_id for name in names} for names in (("code", "mail", "place"), ("number",))]
    assert found == wanted
    linked = accounts["linked"].account_id
    assert next(each.id for each in pool.of(parties[1], [linked])) == linked


def test_accounts_of_another_division_are_none() -> None:
    shop, other = Shop(), Shop()
    party = party_of(shop.connection, shop.customer("1"))
    other.account(email="shopper1@customers.example")
    assert candidates.read(shop.connection.division, [party], ()).of(party, ()) == []
