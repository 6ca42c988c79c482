"""Both sides' rows as details."""

from typing import Any

import pytest

from connector.domain.choices import CustomerDirection, FieldGroup, FieldOwner
from connector.flow.customer.both_ways import sides
from connector.models import Connection, DirectoryAccount, StoreCustomer

HOME = {"id": 1, "street_1": "Kade 1", "city": "Utrecht", "country": "NL", "state": None}


@pytest.mark.parametrize(
    ("book", "street"), [([HOME, {"street_1": "Gracht 2"}], "Kade 1"), ([], ""), (None, ""), (["?"], "")]
)
def test_the_first_address_is_the_customers_own(book: Any, street: str) -> None:
    details = sides.of_customer(StoreCustomer(last_name="Dijk", addresses=book), "14")
    assert details.addresses["street_1"] == street
    assert details.addresses["state"] == ""
    assert (details.names["last_name"], details.payment_condition) == ("Dijk", {"payment_condition": "14"})


def test_the_visiting_address_is_the_accounts_own() -> None:
    row = DirectoryAccount(name="Dijk", address_line1="Kade 1", country="NL", payment_condition="14")
    details = sides.of_account(row)
    assert (details.addresses["street_1"], details.country) == ("Kade 1", "NL")
    assert (details.names, details.payment_condition) == ({"name": "Dijk"}, {"payment_condition": "14"})


def test_the_connection_says_who_decides() -> None:
    connection = Connection(mode="live", names_owner="exact")
    assert sides.rules_of(connection, FieldGroup.NAMES).owner == FieldOwner.EXACT
    assert sides.rules_of(connection, FieldGroup.CONTACT).owner == FieldOwner.NEWEST
    assert sides.rules_of(connection, FieldGroup.NAMES).direction == CustomerDirection.BOTH


@pytest.mark.parametrize("mode", ["off", "shadow"])
def test_a_connection_that_posts_nothing_has_no_direction(mode: str) -> None:
    assert sides.rules_of(Connection(mode=mode), FieldGroup.NAMES).direction == CustomerDirection.NONE


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ({"country": ["NL"]}, "14"),
        ({"country": ["BE"]}, ""),
        ({"b2b": True}, "14"),
        ({"customer_group": ["3"]}, "14"),
        ({"customer_group": ["4"]}, ""),
    ],
)
def test_the_rules_give_a_customer_the_payment_condition(when: dict[str, Any], found: str) -> None:
    rule = {"when": when, "then": {"payment_condition": "14"}}
    customer = StoreCustomer(addresses=[HOME], vat_number="NL123456782B90", group_id=3)
    assert sides.payment_condition_of(Connection(account_rules=[rule]), customer) == found
    assert sides.payment_condition_of(Connection(), customer) == ""
