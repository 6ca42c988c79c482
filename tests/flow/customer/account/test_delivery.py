"""The delivery address of an order: on the customer's account, once."""

import pytest

from connector.models import CustomerLink
from tests.acme import DIVISION, Acme
from tests.flow.customer.ordering import ANNA, accounts_named, annas, post


def test_a_new_customer_is_made_once_as_a_customer_with_the_delivery_address(acme: Acme) -> None:
    post(acme, ANNA)
    post(acme, 1013)
    (account,) = accounts_named(acme, "NLS-201")
    assert account["Status"] == "C"
    assert account["Email"] == "anna@shopper.example"
    invoice = acme.invoice(ANNA)
    assert invoice["OrderedBy"] == invoice["InvoiceTo"] == account["ID"]
    with acme.sandbox.exact.lock:
        address = acme.sandbox.exact.divisions[DIVISION].table("crm/Addresses")[invoice["DeliverToAddress"]]
    assert (address["Account"], address["Type"]) == (account["ID"], 4)


def move_to(acme: Acme, order_id: int, street: str) -> None:
    """Let the order go to another street."""
    for address in acme.sandbox.stores.store("nlshop1").orders[order_id].shipping_addresses:
        address["street_1"] = street


def test_a_refused_address_of_an_account_that_exact_has_forgets_nothing(acme: Acme) -> None:
    post(acme, ANNA)
    known = CustomerLink.objects.get().account_id
    move_to(acme, 1013, "Nieuwe Gracht 8")
    acme.sandbox.exact.faults.add("500:Ongeldige referentie: Relatie", "POST", "*crm/Addresses*")
    post(acme, 1013)
    assert (acme.document(1013).state, acme.document(1013).code) == ("blocked", "address_refused")
    assert CustomerLink.objects.get().account_id == known


@pytest.mark.parametrize(
    ("typed", "own"),
    [
        ({}, True),
        ({"street_2": "apt. 4"}, True),
        ({"street_2": "Apt 5"}, False),
        ({"first_name": "Piet", "last_name": "Jansen"}, False),
        ({"company": "Jansen BV"}, False),
    ],
)
def test_a_delivery_to_another_flat_or_person_gets_an_address_of_its_own(
    acme: Acme, typed: dict[str, str], own: bool
) -> None:
    order = acme.sandbox.stores.store("nlshop1").orders[ANNA]
    (place,) = order.shipping_addresses
    there = {"Postcode": place["zip"], "City": place["city"], "Country": place["country_iso2"]}
    account = annas(acme, AddressLine1="Kade 12", AddressLine2="Apt 4", **there)
    place.update({"street_1": "kade 12", "street_2": "", **typed})
    post(acme, ANNA)
    delivered = acme.invoice(ANNA)["DeliverToAddress"]
    with acme.sandbox.exact.lock:
        address = acme.sandbox.exact.divisions[DIVISION].table("crm/Addresses").get(delivered)
    assert acme.invoice(ANNA)["OrderedBy"] == account
    assert (address is None or address["Type"] != 4) is own
