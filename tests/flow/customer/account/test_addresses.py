"""The addresses of an account: what Exact has is used, what is new is made once, what is known costs no call."""

from typing import Any

import pytest

from connector.models import CustomerEvent, CustomerLink
from connector.sandbox.exact.accounts import create_address
from tests.acme import DIVISION, Acme
from tests.flow.customer.ordering import ANNA, annas, post

HOME = {"AddressLine1": "Prinsengracht 1", "Postcode": "1015 DV", "City": "Amsterdam", "Country": "NL"}
ADDRESSES = "*crm/Addresses*"
INVOICE, DELIVERY = 3, 4


def addresses(acme: Acme, account_id: str) -> list[dict[str, Any]]:
    with acme.sandbox.exact.lock:
        rows = acme.sandbox.exact.divisions[DIVISION].table("crm/Addresses").values()
        return [row for row in rows if row["Account"] == account_id]


def of_type(acme: Acme, account_id: str, type_: int) -> list[dict[str, Any]]:
    return [row for row in addresses(acme, account_id) if row["Type"] == type_]


def add_address(acme: Acme, account_id: str, type_: int, **values: str) -> str:
    """Make an address by hand in Exact, and return its id."""
    with acme.sandbox.exact.lock:
        division = acme.sandbox.exact.divisions[DIVISION]
        return str(create_address(division, {"Account": account_id, "Type": type_, **values})["ID"])


def in_exact(billing: dict[str, Any]) -> dict[str, str]:
    """An order's address as somebody typed it in Exact: other case, other blanks."""
    return {
        "AddressLine1": billing["street_1"].upper(),
        "Postcode": billing["zip"].replace(" ", ""),
        "City": f" {billing['city']}",
        "Country": billing["country_iso2"],
    }


def test_an_account_of_ours_has_the_billing_address_as_its_visiting_address(acme: Acme) -> None:
    post(acme, ANNA)
    account_id = CustomerLink.objects.get().account_id
    assert [row["Type"] for row in addresses(acme, account_id)].count(1) == 1
    assert of_type(acme, account_id, INVOICE) == []


def test_another_billing_address_becomes_an_invoice_address_once(acme: Acme) -> None:
    account_id = annas(acme, **HOME)
    post(acme, ANNA)
    (made,) = of_type(acme, account_id, INVOICE)
    assert made["AddressLine1"] == acme.order(ANNA)["billing_address"]["street_1"]
    before = acme.exact_calls(ADDRESSES)
    post(acme, 1013)
    assert acme.exact_calls(ADDRESSES) == before
    assert len(of_type(acme, account_id, INVOICE)) == 1


def test_addresses_that_exact_has_are_used_and_not_made_again(acme: Acme) -> None:
    account_id = annas(acme, **HOME)
    order = acme.order(ANNA)
    add_address(acme, account_id, INVOICE, **in_exact(dict(order["billing_address"])))
    to = dict(acme.sandbox.stores.store("nlshop1").orders[ANNA].shipping_addresses[0])
    delivery = add_address(acme, account_id, DELIVERY, **in_exact(to))
    post(acme, ANNA)
    assert acme.invoice(ANNA)["DeliverToAddress"] == delivery
    assert len(addresses(acme, account_id)) == 3
    assert acme.exact_calls(ADDRESSES) == 1


def test_a_delivery_address_for_somebody_else_is_not_taken(acme: Acme) -> None:
    account_id = annas(acme, **HOME)
    to = dict(acme.sandbox.stores.store("nlshop1").orders[ANNA].shipping_addresses[0])
    theirs = add_address(acme, account_id, DELIVERY, **in_exact(to), AddressLine3="Kees Bakker")
    post(acme, ANNA)
    assert acme.invoice(ANNA)["DeliverToAddress"] != theirs


def test_an_invoice_address_that_exact_refuses_holds_nothing_and_is_noted(acme: Acme) -> None:
    annas(acme, **HOME)
    acme.sandbox.exact.faults.add("400:Ongeldig: Straat", "POST", ADDRESSES)
    post(acme, ANNA)
    assert acme.document(ANNA).state == "posted"
    (event,) = CustomerEvent.objects.filter(kind="refused")
    assert (event.group, event.problems[0]["code"]) == ("addresses", "invoice_address_refused")


@pytest.mark.parametrize("kind", ["close_after", "close_before"])
def test_after_an_unclear_answer_there_is_one_address(acme: Acme, kind: str) -> None:
    account_id = annas(acme, **HOME)
    acme.sandbox.exact.faults.add(kind, "POST", ADDRESSES)
    post(acme, ANNA)
    acme.make_due()
    acme.drain()
    assert acme.document(ANNA).state == "posted"
    assert len(of_type(acme, account_id, INVOICE)) == 1
