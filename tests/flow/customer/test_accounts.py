"""The customer's account of an order, from end to end."""

from connector.models import CustomerLink
from tests.acme import Acme
from tests.flow.customer.ordering import post


def test_a_guest_is_known_again_by_the_e_mail_address(acme: Acme) -> None:
    post(acme, acme.order_of_kind("guest"))
    post(acme, acme.order_of_kind("guest again"))
    link = CustomerLink.objects.get()
    assert link.customer_key.startswith("G")
    assert len(link.customer_key) == 13
    assert acme.invoice(1021)["OrderedBy"] == acme.invoice(1022)["OrderedBy"]


def test_a_guest_without_an_e_mail_address_is_held(acme: Acme) -> None:
    order = acme.sandbox.stores.store("nlshop1").orders[1021].order
    order["billing_address"]["email"] = ""
    post(acme, 1021)
    assert (acme.document(1021).state, acme.document(1021).reason) == ("blocked", "customer")
