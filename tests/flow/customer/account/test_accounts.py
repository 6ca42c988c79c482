"""The customer's account of an order, from end to end."""

import pytest

from connector.flow.actions.documents import re_post
from connector.flow.customer.copies import directory
from connector.flow.outbound.clients import LaneClients
from connector.models import CustomerLink, CustomerMatch, StoreCustomer
from tests.acme import DIVISION, Acme
from tests.flow.customer.ordering import ANNA, accounts_named, annas, post


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


def orders_of(acme: Acme) -> dict[int, dict[str, object]]:
    return {number: kept.order for number, kept in acme.sandbox.stores.store("nlshop1").orders.items()}


def test_two_orders_of_a_new_customer_that_come_together_get_one_account(acme: Acme) -> None:
    acme.ring(ANNA)
    acme.ring(1013)
    acme.drain()
    assert len(accounts_named(acme, "NLS-201")) == 1
    assert acme.invoice(ANNA)["OrderedBy"] == acme.invoice(1013)["OrderedBy"]


def test_a_guest_who_registers_keeps_the_account_whatever_became_of_it_in_exact(acme: Acme) -> None:
    orders_of(acme)[ANNA]["customer_id"] = 0
    post(acme, ANNA)
    guest = CustomerLink.objects.get()
    assert guest.customer_key.startswith("G")
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", guest.account_id, Name="A. de Wit", Email="wit@other.example")
    directory.pull(acme.connection.division, LaneClients(acme.connection.division).exact)
    post(acme, 1013)
    assert acme.invoice(1013)["OrderedBy"] == guest.account_id
    link = CustomerLink.objects.get(customer_key="201")
    assert (link.account_id, link.matched_by) == (guest.account_id, "email_and_name")


def test_a_known_customers_next_order_costs_no_call_for_the_account(acme: Acme) -> None:
    post(acme, ANNA)
    before = acme.exact_calls("*crm/*")
    post(acme, 1013)
    assert acme.document(1013).state == "posted"
    assert acme.exact_calls("*crm/*") == before


def test_an_account_with_the_name_and_the_postcode_is_the_customers(acme: Acme) -> None:
    billing = orders_of(acme)[ANNA]["billing_address"]
    assert isinstance(billing, dict)
    theirs = acme.sandbox.exact.add_account(
        DIVISION, Name="WIT, Anna de", Postcode=f"nl-{billing['zip']}", Country=billing["country_iso2"]
    )
    post(acme, ANNA)
    assert acme.invoice(ANNA)["OrderedBy"] == theirs
    link = CustomerLink.objects.get()
    assert (link.matched_by, link.score) == ("name_and_postcode", 62)


def test_a_person_who_says_that_the_customer_is_new_gets_a_new_account(acme: Acme) -> None:
    for _ in range(2):
        annas(acme)
    post(acme, ANNA)
    assert acme.document(ANNA).code == "accounts_alike"
    customer, _made = StoreCustomer.objects.get_or_create(store=acme.store, customer_key="201")
    CustomerMatch.objects.update_or_create(
        customer=customer, division=acme.connection.division, defaults={"outcome": "ambiguous", "choice": "new"}
    )
    re_post(acme.document(ANNA), None, "It is another person.")
    acme.drain()
    assert acme.document(ANNA).state == "posted"
    assert len(accounts_named(acme, "NLS-201")) == 1


BAD = [
    # What the order says, and the name of the account that is made; None when the order is held.
    ({"first_name": "", "last_name": "", "company": ""}, "anna@shopper.example"),
    ({"first_name": "", "last_name": "", "company": "Wit BV"}, "Wit BV"),
    ({"first_name": "A" * 500, "last_name": ""}, "A" * 50),
    ({"first_name": "אנה", "last_name": "לבן"}, "אנה לבן"),
    ({"first_name": "Anna 🎉", "last_name": "de Wit"}, "Anna 🎉 de Wit"),
    ({"form_fields": [{"name": "VAT number", "value": "NL000000000B00"}]}, "Anna de Wit"),
    ({"country": "Narnia", "country_iso2": "ZZ"}, "Anna de Wit"),
]


@pytest.mark.parametrize(("fields", "name"), BAD)
def test_odd_details_make_one_account_that_the_next_order_finds(
    acme: Acme, fields: dict[str, object], name: str
) -> None:
    for number in (ANNA, 1013):
        billing = orders_of(acme)[number]["billing_address"]
        assert isinstance(billing, dict)
        billing.update(fields)
        post(acme, number)
    (account,) = accounts_named(acme, "NLS-201")
    assert (account["Name"], str(account["Country"]).strip()) == (name, "NL")  # the division's, where there is none
    assert CustomerLink.objects.count() == 1
    assert acme.invoice(1013)["OrderedBy"] == account["ID"]
