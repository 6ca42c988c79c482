"""The addresses of an account: what Exact has is used, what is new is made once, what is known costs no call."""

from dataclasses import replace
from typing import Any

import pytest

from connector.domain.order.model import Address
from connector.flow.customer.account.addresses import invoice_mark
from connector.flow.customer.copies.directory import address_fingerprint
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


def bill_to(acme: Acme, order_id: int, second: str) -> None:
    """Let the order's billing address be a flat of one street."""
    place = {"street_1": "Kade 12", "street_2": second, "zip": "1012 AB", "city": "Utrecht", "country_iso2": "NL"}
    acme.sandbox.stores.store("nlshop1").orders[order_id].order["billing_address"].update(place)


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_change_of_the_second_line_alone_becomes_an_invoice_address_once(acme: Acme, is_ours: bool) -> None:
    there = {"AddressLine1": "Kade 12", "Postcode": "1012AB", "City": "Utrecht", "Country": "NL"}
    if not is_ours:
        annas(acme, AddressLine2="Apt 4", **there)
    bill_to(acme, ANNA, "apt. 4")
    post(acme, ANNA)
    account_id = CustomerLink.objects.get().account_id
    assert of_type(acme, account_id, INVOICE) == []
    bill_to(acme, 1013, "Apt 5")
    post(acme, 1013)
    (made,) = of_type(acme, account_id, INVOICE)
    assert (made["AddressLine1"], made["AddressLine2"]) == ("Kade 12", "Apt 5")


def test_a_second_line_is_remembered_however_it_is_typed_and_what_was_known_without_stays_known() -> None:
    kade = Address(street_1="Kade 12", postcode="1012 AB", city="Utrecht", country="NL")
    alike = {invoice_mark(replace(kade, street_2=line)) for line in ("Apt 4", "apt. 4", "APT-4")}
    assert len(alike) == 1
    plain = invoice_mark(kade)
    assert plain == f"i{address_fingerprint('Kade 12', '1012 AB', 'Utrecht', 'NL')[:32]}"
    assert len({plain, *alike, invoice_mark(replace(kade, street_2="Apt 5"))}) == 3


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
