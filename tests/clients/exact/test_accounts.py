"""Accounts, addresses and contacts against scripted answers."""

from datetime import datetime

import pytest

from connector.clients import errors
from connector.clients.exact import accounts
from connector.clients.exact.bodies import ContactIn
from connector.clients.rows import OddRow
from connector.clients.wording import BadValue
from tests.clients.exact.test_client import ID, OTHER, ROOT, client_of
from tests.clients.scripted import Script, reply


def rows(*found: object) -> object:
    return {"d": {"results": list(found)}}


def test_deleted_accounts_come_with_what_else_was_deleted() -> None:
    account = {"Timestamp": "42", "EntityKey": ID, "EntityType": 2, "Division": 123456}
    item = {"Timestamp": "43", "EntityKey": OTHER, "EntityType": 9, "Division": 123456}
    odd: list[OddRow] = []
    script = Script(reply(rows(account, item, {**account, "EntityKey": "x"})))
    found = list(accounts.deleted_since(client_of(script), 41, odd.append))
    assert found == [accounts.Deleted(42, ID), accounts.Deleted(43, "")]
    assert len(odd) == 1
    assert script.sent[0].params["$filter"] == "Timestamp gt 41L"


def test_accounts_are_read_by_id_twenty_a_call() -> None:
    ids = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(45)]
    script = Script(*(reply(rows({"ID": each, "Name": "x"})) for each in (ids[0], ids[20], ids[40])))
    found = list(accounts.accounts_with_ids(client_of(script), [*ids, ids[0]]))
    assert [one.id for one in found] == [ids[0], ids[20], ids[40]]
    assert [request.params["$filter"].count("ID eq guid") for request in script.sent] == [20, 20, 5]
    assert max(len(request.full_url) for request in script.sent) < 2048


def test_no_account_is_read_without_a_call_and_an_odd_id_is_refused() -> None:
    assert list(accounts.accounts_with_ids(client_of(Script()), [])) == []
    with pytest.raises(BadValue):
        list(accounts.accounts_with_ids(client_of(Script()), ["1 or 1 eq 1"]))


def test_an_account_is_read_with_all_its_details() -> None:
    row = {
        "ID": ID,
        "Phone": "+31 10 123 45 67",
        "Language": "NL",
        "AddressLine2": "Hof B",
        "AddressLine3": "Achter",
        "State": "ZH ",
        "ChamberOfCommerce": "12345678",
        "PeppolIdentifier": "0106:12345678",
        "PaymentConditionSales": "30",
        "SalesVATCode": "5  ",
        "Classification1": ID.upper(),
        "Modified": "/Date(1782405060220)/",
    }
    (found,) = accounts.accounts_with_ids(client_of(Script(reply(rows(row)))), [ID])
    assert (found.phone, found.language, found.address_line2) == ("+31 10 123 45 67", "NL", "Hof B")
    assert (found.address_line3, found.state, found.chamber_of_commerce) == ("Achter", "ZH", "12345678")
    assert (found.peppol_id, found.payment_condition, found.vat_code) == ("0106:12345678", "30", "5")
    assert (found.classification, found.modified) == (ID, datetime.fromisoformat("2026-06-25T16:31:00.220"))


def test_an_account_is_changed_by_the_properties_that_are_given() -> None:
    script = Script(reply(b"", 204))
    accounts.update_account(client_of(script), ID, {"Email": "a@people.example", "Phone": None})
    (sent,) = script.sent
    assert (sent.method, sent.url) == ("PUT", f"{ROOT}crm/Accounts(guid'{ID}')")
    assert sent.json == {"Email": "a@people.example", "Phone": None}


def test_addresses_of_an_account_and_the_change_of_one() -> None:
    row = {"ID": OTHER, "Account": ID, "Type": 3, "Main": True, "AddressLine1": "Kade 1", "Country": "NL "}
    script = Script(reply(rows(row)), reply(b"", 204))
    client = client_of(script)
    (found,) = accounts.addresses_of(client, ID)
    assert (found.id, found.type, found.main, found.country) == (OTHER, accounts.INVOICE, True, "NL")
    accounts.update_address(client, found.id, {"City": "Houtmeer"})
    assert script.sent[0].params["$filter"] == f"Account eq guid'{ID}'"
    assert (script.sent[1].method, script.sent[1].url) == ("PUT", f"{ROOT}crm/Addresses(guid'{OTHER}')")


def test_contacts_of_an_account_and_a_new_one() -> None:
    row = {"ID": OTHER, "Account": ID, "FirstName": "Ina", "LastName": "Bos", "Email": "ina@people.example"}
    script = Script(reply(rows(row)), reply({"d": {"ID": OTHER}}, 201), reply({"d": {}}, 201))
    client = client_of(script)
    (found,) = accounts.contacts_of(client, ID)
    assert (found.first_name, found.last_name, found.email) == ("Ina", "Bos", "ina@people.example")
    contact = ContactIn(account=ID, first_name="Ina", last_name="Bos")
    assert accounts.create_contact(client, contact) == OTHER
    assert script.sent[1].json == {"Account": ID, "FirstName": "Ina", "LastName": "Bos"}
    with pytest.raises(errors.OutcomeUnknown):
        accounts.create_contact(client, contact)
