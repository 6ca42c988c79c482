"""Accounts, addresses, contacts."""

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.sandbox.exact.service import FakeExact
from tests.sandbox.exact.client import INVOICES, Answer, Api, send


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


def test_a_changed_account_shows_all_that_was_sent(api: Api) -> None:
    account = api.exact.id_of(100001, "crm/Accounts", "0000002")
    sent = {
        "Phone": "+31101234567",
        "Language": "nl-NL",
        "AddressLine1": "Kade 1",
        "AddressLine2": "Hof B",
        "AddressLine3": "Achter",
        "Postcode": "1111 AA",
        "City": "Waterbroek",
        "State": "ZH",
        "Country": "BE",
        "ChamberOfCommerce": "12345678",
        "PeppolIdentifier": "0106:12345678",
        "PaymentConditionSales": "30",
        "SalesVATCode": api.get("vat/VATCodes").rows[0]["Code"],
        "Classification1": account,
    }
    assert api.write("PUT", f"crm/Accounts(guid'{account}')", sent).status == 204
    (row,) = api.get("crm/Accounts", filter=f"ID eq guid'{account}'").rows
    assert {name: row[name] for name in sent} == {**sent, "Country": "BE "}


def test_modified_is_the_servers_wall_time(api: Api) -> None:
    account = api.exact.id_of(100001, "crm/Accounts", "0000002")
    api.exact.edit(100001, account, Phone="1")
    (row,) = api.get("crm/Accounts", filter=f"ID eq guid'{account}'", select="Modified").rows
    local = api.exact.now().astimezone(ZoneInfo("Europe/Amsterdam")).replace(tzinfo=UTC)
    assert abs(int(row["Modified"][6:-2]) / 1000 - local.timestamp()) < 60


def test_the_main_visiting_address_is_the_accounts_own(api: Api) -> None:
    account = api.post("crm/Accounts", {"Name": "Klant", "City": "Houtmeer", "Country": "NL"}).json["d"]["ID"]
    (visit,) = api.get("crm/Addresses", filter=f"Account eq guid'{account}'").rows
    newest = max(int(row["Timestamp"]) for row in api.get("sync/CRM/Accounts").rows)
    assert api.write("PUT", f"crm/Addresses(guid'{visit['ID']}')", {"City": "Lindeveen"}).status == 204
    (changed,) = api.get("sync/CRM/Accounts", filter=f"Timestamp gt {newest}L").rows
    assert (changed["ID"], changed["City"]) == (account, "Lindeveen")
    api.write("PUT", f"crm/Accounts(guid'{account}')", {"City": "Waterbroek"})
    (visit,) = api.get("crm/Addresses", filter=f"Account eq guid'{account}'").rows
    assert visit["City"] == "Waterbroek"
    assert api.write("PUT", f"crm/Addresses(guid'{visit['ID']}')", {"Country": "NLD"}).status == 500


def test_a_contact_is_changed(api: Api) -> None:
    account = api.exact.id_of(100001, "crm/Accounts", "0000001")
    made = api.post("crm/Contacts", {"Account": account, "FirstName": "Ina", "LastName": "Bos"}).json["d"]["ID"]
    api.write("PUT", f"crm/Contacts(guid'{made}')", {"LastName": "Berg", "Email": "ina@people.example"})
    (row,) = api.get("crm/Contacts", filter=f"Account eq guid'{account}'").rows
    assert (row["FullName"], row["Email"], row["IsMainContact"]) == ("Ina Berg", "ina@people.example", True)
    assert api.write("PUT", f"crm/Contacts(guid'{made}')", {"FirstName": None}).error == "Verplicht: Voornaam"


def test_a_deleted_account_is_in_the_list_of_deleted_records(api: Api) -> None:
    account = api.exact.add_account(100001, Name="Klant", City="Houtmeer")
    assert api.write("DELETE", f"crm/Accounts(guid'{account}')").status == 204
    rows = api.get("sync/Deleted", filter="Timestamp gt 0L").rows
    assert [(row["EntityType"], row["EntityKey"] == account) for row in rows] == [(3, False), (2, True)]
    newest = rows[-1]["Timestamp"]
    assert api.get("sync/Deleted", filter=f"Timestamp gt {newest}L").rows == []
    assert api.get("sync/Deleted", filter="EntityType eq 2").status == 400


def test_deleted_records_are_named_for_two_months(api: Api) -> None:
    api.exact.delete_account(100001, api.exact.add_account(100001, Name="Klant"))
    assert len(api.get("sync/Deleted").rows) == 1
    api.exact.advance(61 * 86400)
    assert list(api.exact.divisions[100001].visible("sync/Deleted")) == []


def test_what_is_put_back_was_never_deleted(api: Api) -> None:
    account = api.exact.add_account(100001, Name="Klant")
    row = api.exact.remove(100001, "crm/Accounts", account)
    assert len(api.get("sync/Deleted").rows) == 1
    api.exact.put_back(100001, "crm/Accounts", account, row)
    assert api.get("sync/Deleted").rows == []


def test_a_merged_accounts_invoices_are_the_others(api: Api) -> None:
    gone, into = api.exact.add_account(100001, Name="Oud"), api.exact.add_account(100001, Name="Nieuw")
    api.post(INVOICES, api.invoice({"NetPrice": 1}, OrderedBy=gone))
    api.exact.merge(100001, gone, into)
    assert [invoice["OrderedBy"] for invoice in api.exact.invoices(100001)] == [into]
    assert api.get("crm/Accounts", filter=f"ID eq guid'{gone}'").rows == []
    assert gone in {row["EntityKey"] for row in api.get("sync/Deleted").rows}


def test_ten_thousand_accounts_come_a_thousand_a_page(api: Api) -> None:
    for number in range(10_000 - len(api.exact.accounts(100001))):
        api.exact.add_account(100001, Name=f"Klant {number}", City="Houtmeer")
    api.exact.calls.clear()
    link, names = f"{api.base}/sync/CRM/Accounts?$filter=Timestamp%20gt%200L&$select=Name,Timestamp", set()
    while link:
        page = send(link, headers=api.headers()).json["d"]
        names |= {row["Name"] for row in page["results"]}
        link = page.get("__next", "")
    assert len(names) > 9_990
    assert api.exact.calls.count(glob="*/sync/CRM/Accounts*") == 10


def test_the_control_address_adds_changes_and_deletes_accounts(api: Api) -> None:
    def ask(**body: object) -> Answer:
        return send(f"{api.exact.url}/_sandbox/account", "POST", data=json.dumps({"division": 100001, **body}).encode())

    account = ask(fields={"Name": "Klant"}).json["id"]
    assert ask(id=account, fields={"Email": "klant@people.example"}).status == 204
    assert [row["Email"] for row in api.exact.accounts(100001) if row["ID"] == account] == ["klant@people.example"]
    assert ask(id=account, fields={"Email": "nowhere"}).status == 400
    assert ask(id=account).status == 204
    assert account not in {row["ID"] for row in api.exact.accounts(100001)}
