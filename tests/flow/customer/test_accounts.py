"""The customer's account: linked, matched, or made exactly once with its delivery address."""

from datetime import datetime, timedelta

import pytest

from connector.clients.exact.client import ExactClient
from connector.domain.document.states import State
from connector.flow.actions.documents import re_post
from connector.flow.clock import database_now
from connector.flow.customer import directory
from connector.flow.ledger import transitions
from connector.flow.outbound.clients import LaneClients
from connector.models import CustomerLink, DirectoryAccount, Division
from tests.acme import DIVISION, Acme

ANNA = 1001  # placed by customer 201, anna@shopper.example


def accounts_named(acme: Acme, search_code: str) -> list[dict[str, object]]:
    return [account for account in acme.sandbox.exact.accounts(DIVISION) if account.get("SearchCode") == search_code]


def post(acme: Acme, order_id: int) -> None:
    acme.ring(order_id)
    acme.drain()


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


def test_an_account_of_the_directory_is_matched_by_e_mail_without_a_call(acme: Acme) -> None:
    before = acme.exact_calls("*crm/Accounts*")
    post(acme, 1035)
    assert acme.exact_calls("*crm/Accounts*") == before
    assert CustomerLink.objects.get().matched_by == "e-mail address"
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


def annas(acme: Acme, **fields: object) -> str:
    """Make an account of the customer by hand, and return its id."""
    return acme.sandbox.exact.add_account(DIVISION, Name="Anna de Wit", Email="anna@shopper.example", **fields)


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


def test_a_collective_account_that_is_blocked_holds_orders_without_a_call(acme: Acme) -> None:
    collective = DirectoryAccount.objects.get(division=acme.connection.division, name="Webshop particulieren")
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", collective.account_id, Blocked=True)
    directory.pull(acme.connection.division, LaneClients(acme.connection.division).exact)
    acme.connection.guest_strategy = "collective"
    acme.connection.collective_account = collective.code
    acme.connection.save()
    before = acme.exact_calls("*")
    post(acme, 1021)
    assert (acme.document(1021).state, acme.document(1021).code) == ("blocked", "account_blocked")
    assert acme.exact_calls("*") == before


def test_a_connection_that_makes_no_accounts_holds_the_order(acme: Acme) -> None:
    acme.connection.customer_strategy = "match"
    acme.connection.save()
    post(acme, ANNA)
    assert acme.document(ANNA).reason == "customer"
    assert accounts_named(acme, "NLS-201") == []


def test_a_collective_account_takes_every_guest(acme: Acme) -> None:
    collective = DirectoryAccount.objects.get(division=acme.connection.division, name="Webshop particulieren")
    acme.connection.guest_strategy = "collective"
    acme.connection.collective_account = collective.code
    acme.connection.save()
    post(acme, 1021)
    assert acme.invoice(1021)["OrderedBy"] == collective.account_id
    assert not CustomerLink.objects.exists()


@pytest.mark.parametrize("kind", ["close_after", "500_after", "garbage_201"])
def test_an_account_whose_making_got_no_clear_answer_is_made_once(acme: Acme, kind: str) -> None:
    acme.sandbox.exact.faults.add(kind, "POST", "*crm/Accounts*")
    post(acme, ANNA)
    document = acme.document(ANNA)
    assert document.state == "waiting"
    acme.make_due()
    acme.drain()
    assert acme.document(ANNA).state == "posted"
    assert len(accounts_named(acme, "NLS-201")) == 1


def test_no_account_is_made_for_a_customer_whom_a_person_has_just_linked(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = acme.sandbox.exact.add_account(DIVISION, Name="Another name")
    pull = directory.pull

    def linked_meanwhile(division: Division, client: ExactClient) -> int:
        found = pull(division, client)
        row = CustomerLink(store=acme.store, division=division, customer_key="201", search_code="NLS-201")
        row.account_id = theirs
        row.save()
        return found

    monkeypatch.setattr(directory, "pull", linked_meanwhile)
    post(acme, ANNA)
    assert acme.document(ANNA).state == "waiting"
    assert accounts_named(acme, "NLS-201") == []
    assert CustomerLink.objects.get().account_id == theirs


def test_an_account_that_was_never_made_is_made_after_looking(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("close_before", "POST", "*crm/Accounts*")
    post(acme, ANNA)
    acme.make_due()
    acme.drain()
    assert acme.document(ANNA).state == "posted"
    assert len(accounts_named(acme, "NLS-201")) == 1


def tries(acme: Acme) -> int:
    """How often Exact was searched for an account by its SearchCode."""
    return acme.sandbox.exact.calls.count("GET", "*/crm/Accounts")


@pytest.mark.parametrize(("kind", "most"), [("garbage_201", 3), ("503_html", 12)])
def test_a_search_for_an_account_that_fails_again_and_again_is_held_in_words(acme: Acme, kind: str, most: int) -> None:
    """The search says what it is for. After a re-post it is repeated, and no account is made twice."""
    acme.sandbox.exact.faults.add("500_before", "POST", "*/crm/Accounts")
    acme.sandbox.exact.faults.add(kind, "GET", "*/crm/Accounts", times=-1)
    post(acme, ANNA)
    for _ in range(most - 1):
        age_links()
        acme.make_due()
        acme.drain()
        assert acme.document(ANNA).state == "waiting"
    acme.make_due()
    acme.drain()
    held = acme.document(ANNA)
    assert (held.state, held.reason, held.code) == ("blocked", "customer", "account_search_gave_up")
    assert f"Exact was searched {most} times for the SearchCode NLS-201" in held.message
    assert tries(acme) == most
    acme.sandbox.exact.faults.clear()
    re_post(held, None, "Exact works again.")
    acme.drain()
    assert acme.document(ANNA).state == "posted"
    assert len(accounts_named(acme, "NLS-201")) == 1
    assert CustomerLink.objects.get().failed_searches == 0


def test_a_new_account_that_cannot_be_read_holds_the_order_after_three_tries(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("500_after", "POST", "*/crm/Accounts")
    post(acme, ANNA)
    account_id = str(accounts_named(acme, "NLS-201")[0]["ID"])
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", account_id, ID="")
    for _ in range(3):
        age_links()
        acme.make_due()
        acme.drain()
    held = acme.document(ANNA)
    assert (held.state, held.reason, held.code) == ("blocked", "customer", "account_search_gave_up")
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", account_id, ID=account_id)
    re_post(held, None, "It can be read again.")
    acme.drain()
    assert acme.invoice(ANNA)["OrderedBy"] == account_id


def age_links() -> None:
    """Let the time pass in which an account must have landed."""
    CustomerLink.objects.exclude(sent_at=None).update(sent_at=database_now() - timedelta(hours=1))


def test_an_account_that_was_unblocked_in_exact_is_used_at_the_next_try(acme: Acme) -> None:
    account_id = acme.sandbox.exact.add_account(
        DIVISION, Name="Anna de Wit", Email="anna@shopper.example", Blocked=True
    )
    post(acme, ANNA)
    assert acme.document(ANNA).state == "blocked"
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", account_id, Blocked=False)
    transitions.move(acme.document(ANNA), State.PENDING, "Put right.", attempts=0)
    acme.drain()
    assert acme.document(ANNA).state == "posted"
    assert acme.invoice(ANNA)["OrderedBy"] == account_id


NUMBER = {"name": "VAT number", "value": "NL800123451B01"}


def bear_number(acme: Acme, order_id: int) -> None:
    """Let the order bear a VAT number."""
    acme.sandbox.stores.store("nlshop1").orders[order_id].order["billing_address"]["form_fields"] = [NUMBER]


@pytest.mark.parametrize("kind", ["close_after", "close_before", "500_after"])
def test_a_vat_number_whose_entry_got_no_clear_answer_is_entered_in_the_end(acme: Acme, kind: str) -> None:
    post(acme, ANNA)
    bear_number(acme, 1013)
    acme.sandbox.exact.faults.add(kind, "PUT", "*crm/Accounts*")
    post(acme, 1013)
    assert acme.document(1013).state == "waiting"
    acme.make_due()
    acme.drain()
    assert acme.document(1013).state == "posted"
    (account,) = accounts_named(acme, "NLS-201")
    assert account["VATNumber"] == NUMBER["value"]
    assert DirectoryAccount.objects.get(account_id=account["ID"]).vat_number == NUMBER["value"]


def test_an_account_that_ended_after_it_was_linked_is_held_once_the_directory_knows(acme: Acme) -> None:
    post(acme, ANNA)
    (account,) = accounts_named(acme, "NLS-201")
    acme.sandbox.exact.change(
        DIVISION, "crm/Accounts", str(account["ID"]), EndDate=datetime.fromisoformat("2026-01-31")
    )
    directory.pull(acme.connection.division, LaneClients(acme.connection.division).exact)
    post(acme, 1013)
    assert (acme.document(1013).state, acme.document(1013).code) == ("blocked", "account_ended")


def test_an_account_that_we_made_is_in_the_directory_at_once(acme: Acme) -> None:
    post(acme, ANNA)
    row = DirectoryAccount.objects.get(search_code="NLS-201")
    assert (row.account_id, row.is_customer, row.name) == (
        CustomerLink.objects.get().account_id,
        True,
        CustomerLink.objects.get().account_name,
    )
