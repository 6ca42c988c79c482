"""The delivery address of an order: on the customer's account, once."""

from connector.models import CustomerLink
from tests.acme import DIVISION, Acme
from tests.flow.customer.ordering import ANNA, accounts_named, post


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
