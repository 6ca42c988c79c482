"""The account of an order as the ledger and the copy of the accounts tell it, and when Exact is asked."""

from datetime import datetime, timedelta

import pytest

from connector.domain.document.states import State
from connector.flow.clock import database_now
from connector.flow.customer.copies import directory
from connector.flow.ledger import transitions
from connector.flow.outbound.clients import LaneClients
from connector.models import CustomerLink, Division
from connector.models.kept_words import english
from tests.acme import DIVISION, Acme
from tests.flow.customer.ordering import ANNA, accounts_named, annas, post


def test_an_account_of_the_directory_is_matched_by_e_mail_without_a_call(acme: Acme) -> None:
    before = acme.exact_calls("*crm/Accounts*")
    post(acme, 1035)
    assert acme.exact_calls("*crm/Accounts*") == before
    assert CustomerLink.objects.get().matched_by == "email_and_name"
    assert accounts_named(acme, "NLS-203") == []


def test_an_account_made_by_hand_a_minute_ago_is_matched_too(acme: Acme) -> None:
    account_id = acme.sandbox.exact.add_account(DIVISION, Name="Wit, Anna de", Email="ANNA@shopper.example")
    post(acme, ANNA)
    assert acme.invoice(ANNA)["OrderedBy"] == account_id


def test_our_search_code_goes_before_the_e_mail_address(acme: Acme) -> None:
    acme.sandbox.exact.add_account(DIVISION, Name="Anna de Wit", Email="anna@shopper.example")
    ours = acme.sandbox.exact.add_account(DIVISION, Name="Anna de Wit", SearchCode="NLS-201")
    post(acme, ANNA)
    assert acme.invoice(ANNA)["OrderedBy"] == ours


def test_a_company_is_matched_by_its_vat_number(acme: Acme) -> None:
    order_id = acme.order_of_kind("B2B Germany, zero-rated")
    fields = acme.order(order_id)["billing_address"]["form_fields"]
    number = next(field["value"] for field in fields if field["name"] == "VAT number")
    account_id = acme.sandbox.exact.add_account(DIVISION, Name="Werkstatt", VATNumber=number.replace(" ", ""))
    post(acme, order_id)
    assert acme.invoice(order_id)["OrderedBy"] == account_id


UNUSABLE = [
    ({"Blocked": True}, "blocked in Exact"),
    ({"Status": "A"}, "not a customer in Exact"),
    ({"Status": "P"}, "a prospect in Exact"),
    ({"Status": "S"}, "a suspect in Exact"),
    ({"EndDate": "2026-06-30"}, "ended in Exact on 2026-06-30"),
]


def is_held(acme: Acme, text: str) -> bool:
    document = acme.document(ANNA)
    assert "Anna de Wit" in document.message
    return (document.state, document.reason) == ("blocked", "customer") and text in document.message


@pytest.mark.parametrize(("fields", "text"), UNUSABLE)
def test_an_account_that_takes_no_document_holds_the_order_before_any_call(
    acme: Acme, fields: dict[str, object], text: str
) -> None:
    annas(acme, **fields)
    directory.pull(acme.connection.division, LaneClients(acme.connection.division).exact)
    before = acme.exact_calls("*")
    post(acme, ANNA)
    assert is_held(acme, text)
    assert acme.exact_calls("*") == before


@pytest.mark.parametrize(("fields", "text"), [*UNUSABLE, ({}, "2 accounts in Exact have the same e-mail address")])
def test_one_that_was_not_read_yet_costs_one_read(acme: Acme, fields: dict[str, object], text: str) -> None:
    annas(acme, **fields)
    if not fields:
        annas(acme)
    before = acme.exact_calls("*")
    post(acme, ANNA)
    assert is_held(acme, text)
    assert acme.exact_calls("*") == before + 1
    assert acme.exact_calls("*sync/CRM/Accounts*") == 2  # the first was that of the provisioning


def test_an_account_that_was_read_long_ago_is_read_again_before_it_holds_an_order(acme: Acme) -> None:
    account_id = annas(acme, Status="P")
    directory.pull(acme.connection.division, LaneClients(acme.connection.division).exact)
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", account_id, Status="C")
    Division.objects.update(accounts_read_at=database_now() - timedelta(minutes=61))
    post(acme, ANNA)
    assert acme.invoice(ANNA)["OrderedBy"] == account_id


def test_a_connection_that_makes_no_accounts_holds_the_order(acme: Acme) -> None:
    acme.connection.customer_strategy = "match"
    acme.connection.save()
    post(acme, ANNA)
    assert acme.document(ANNA).reason == "customer"
    assert accounts_named(acme, "NLS-201") == []


def test_an_account_that_was_unblocked_in_exact_is_used_at_the_next_try(acme: Acme) -> None:
    account_id = acme.sandbox.exact.add_account(
        DIVISION, Name="Anna de Wit", Email="anna@shopper.example", Blocked=True
    )
    post(acme, ANNA)
    assert acme.document(ANNA).state == "blocked"
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", account_id, Blocked=False)
    transitions.move(acme.document(ANNA), State.PENDING, english("Put right."), attempts=0)
    acme.drain()
    assert acme.document(ANNA).state == "posted"
    assert acme.invoice(ANNA)["OrderedBy"] == account_id


def test_an_account_that_ended_after_it_was_linked_is_held_once_the_directory_knows(acme: Acme) -> None:
    post(acme, ANNA)
    (account,) = accounts_named(acme, "NLS-201")
    acme.sandbox.exact.change(
        DIVISION, "crm/Accounts", str(account["ID"]), EndDate=datetime.fromisoformat("2026-01-31")
    )
    directory.pull(acme.connection.division, LaneClients(acme.connection.division).exact)
    post(acme, 1013)
    assert (acme.document(1013).state, acme.document(1013).code) == ("blocked", "account_ended")
