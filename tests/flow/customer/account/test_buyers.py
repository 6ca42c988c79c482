"""Who an account is made for."""

from dataclasses import replace
from typing import Any

import pytest

from connector.domain.customer.customer import Customer
from connector.domain.order.model import Address, Order
from connector.flow.customer.account.buyers import address_of, buyer_in_store, buyer_of
from connector.flow.order.fetch import read
from connector.models import Connection, StoreCustomer
from tests.acme import Acme
from tests.flow.customer.ordering import ANNA

CUSTOMER = Customer(prefix="NLS", key="201", registered=True, person="Anna", company="", email="", vat_number="")
ASKS = [{"when": {"customer_group": ["7"]}, "then": {}}]


def order_of(acme: Acme, **billing: Any) -> Order:
    order = acme.sandbox.stores.store("nlshop1").orders[ANNA].order
    found = read({"order": {**order, "customer_locale": "nl"}})
    return replace(found.order, billing=replace(found.order.billing, **billing))


def test_an_order_says_the_language_and_what_its_form_fields_answer(acme: Acme) -> None:
    connection = Connection(vat_number_fields=["BTW"], chamber_fields=["KvK"], peppol_fields=["Peppol"])
    fields = (("btw", " NL1 "), ("KVK", "12345678"), ("Peppol", ""), ("Other", "x"))
    buyer = buyer_of(connection, CUSTOMER, order_of(acme, form_fields=fields))
    assert (buyer.language, buyer.vat_number, buyer.chamber_of_commerce, buyer.peppol_id) == (
        "nl",
        "NL1",
        "12345678",
        "",
    )


def test_a_customer_of_the_store_has_the_first_address_and_the_own_name() -> None:
    first = {"id": 1, "first_name": "A", "last_name": "B", "company": "Acme", "street_1": "Kade 1", "phone": "1"}
    row = StoreCustomer(first_name="Anna", last_name="de Wit", addresses=[first, {"street_1": "Elsewhere"}], group_id=7)
    assert address_of(row) == Address(
        first_name="Anna", last_name="de Wit", company="Acme", street_1="Kade 1", phone="1"
    )
    assert buyer_in_store(CUSTOMER, row).groups == ("7",)
    assert address_of(StoreCustomer(phone="2")) == Address(phone="2")


@pytest.mark.parametrize(("rules", "groups"), [(ASKS, ("7",)), ([], ())])
def test_the_group_is_looked_up_only_when_a_rule_asks(
    rules: list[dict[str, object]], groups: tuple[str, ...], acme: Acme
) -> None:
    StoreCustomer.objects.create(store=acme.store, customer_key="201", group_id=7)
    connection = acme.connection
    connection.account_rules = rules
    assert buyer_of(connection, CUSTOMER, order_of(acme)).groups == groups
