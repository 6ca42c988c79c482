"""Accounts, addresses, contacts."""

from collections.abc import Iterator
from typing import Any

import pytest

from connector.sandbox.exact.service import FakeExact
from tests.sandbox.exact.client import INVOICES, Api


@pytest.fixture
def api() -> Iterator[Api]:
    with FakeExact() as exact:
        exact.add_division(100001, "Polderfiets BV", "NL")
        yield Api(exact)


def test_a_new_account(api: Api) -> None:
    body = {"Name": "Nieuwe Klant", "Status": "C", "City": "Houtmeer", "Country": "be"}
    made = api.post("crm/Accounts", body).json["d"]
    assert (made["Code"], made["Country"], made["IsSales"]) == ("0000154".rjust(18), "BE ", True)
    assert (made["SalesVATCode"], made["PaymentConditionSales"]) == (None, None)
    addresses = api.get("crm/Addresses", filter=f"Account eq guid'{made['ID']}'").rows
    assert [(row["Type"], row["City"]) for row in addresses] == [(1, "Houtmeer")]


def test_without_status_an_account_is_no_customer(api: Api) -> None:
    made = api.post("crm/Accounts", {"Name": "Zomaar"}).json["d"]
    answer = api.post(INVOICES, api.invoice({"NetPrice": 1}, OrderedBy=made["ID"]))
    assert (answer.status, answer.error) == (500, "Ongeldig: Factuur voor (Type)")


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 400, "Verplicht: Naam"),
        ({"Name": "x", "Code": "0000001"}, 500, "Gegeven bestaat reeds."),
        ({"Name": "x", "Code": "A1"}, 400, "Ongeldig: Code"),
        ({"Name": "x", "Email": "nowhere"}, 400, "Ongeldig: E-mail [nowhere]"),
        ({"Name": "x", "Country": "NLD"}, 500, "Ongeldige referentie: Land"),
        ({"Name": "x", "SalesVATCode": "ZZ"}, 500, "Ongeldige referentie: BTW-code"),
        ({"Name": "x", "Status": "K"}, 400, "Ongeldig: Status"),
        ({"Name": "x", "Nickname": "y"}, 400, "Error processing request stream. The property name 'Nickname'"),
    ],
)
def test_refused_account(api: Api, body: dict[str, Any], status: int, text: str) -> None:
    answer = api.post("crm/Accounts", body)
    assert answer.status == status
    assert answer.error.startswith(text)


def test_a_changed_account_comes_again_in_sync(api: Api) -> None:
    newest = max(int(row["Timestamp"]) for row in api.get("sync/CRM/Accounts").rows)
    account = api.exact.id_of(100001, "crm/Accounts", "0000002")
    assert api.write("PUT", f"crm/Accounts(guid'{account}')", {"Phone": "0123"}).status == 204
    rows = api.get("sync/CRM/Accounts", filter=f"Timestamp gt {newest}L").rows
    assert [(row["ID"], row["Phone"]) for row in rows] == [(account, "0123")]


def test_an_identical_address_is_made_once(api: Api) -> None:
    account = api.exact.id_of(100001, "crm/Accounts", "0000001")
    body = {"Account": account, "Type": 4, "AddressLine1": "Kade 1", "City": "Houtmeer", "Country": "NL"}
    first = api.post("crm/Addresses", body).json["d"]["ID"]
    assert api.post("crm/Addresses", body).json["d"]["ID"] == first
    assert api.post("crm/Addresses", body | {"City": "Elders"}).json["d"]["ID"] != first
    answer = api.post(INVOICES, api.invoice({"NetPrice": 1}, DeliverToAddress=first))
    assert answer.json["d"]["DeliverToAddress"] == first
    assert api.post("crm/Addresses", {"Type": 4}).error == "Verplicht: Relatie"


def test_a_contact_needs_names(api: Api) -> None:
    account = api.exact.id_of(100001, "crm/Accounts", "0000001")
    assert api.post("crm/Contacts", {"Account": account}).error == "Verplicht: Voornaam\r\nVerplicht: Achternaam"
    made = api.post("crm/Contacts", {"Account": account, "FirstName": "Ina", "LastName": "Bos"})
    assert made.json["d"]["FullName"] == "Ina Bos"


def test_an_account_in_use_cannot_be_deleted(api: Api) -> None:
    account = api.exact.add_account(100001, Name="Klant")
    api.post(INVOICES, api.invoice({"NetPrice": 1}, OrderedBy=account))
    answer = api.write("DELETE", f"crm/Accounts(guid'{account}')")
    assert answer.status == 500
    assert answer.error.startswith("Kan niet verwijderen: Relatie")
