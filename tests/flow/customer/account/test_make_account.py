"""An account is made exactly once, whatever Exact answers, and its history says what it got."""

from datetime import timedelta

import pytest

from connector.clients.exact.client import ExactClient
from connector.domain.document.result import from_json
from connector.flow.actions.documents import re_post
from connector.flow.clock import database_now
from connector.flow.customer.copies import directory
from connector.models import CustomerEvent, CustomerLink, DirectoryAccount, Division
from connector.problems.catalogue import sentences
from tests.acme import DIVISION, Acme
from tests.flow.customer.ordering import ANNA, accounts_named, post


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


def test_an_account_that_we_made_is_in_the_directory_at_once(acme: Acme) -> None:
    post(acme, ANNA)
    row = DirectoryAccount.objects.get(search_code="NLS-201")
    assert (row.account_id, row.is_customer, row.name) == (
        CustomerLink.objects.get().account_id,
        True,
        CustomerLink.objects.get().account_name,
    )


def test_a_new_account_stands_in_the_history_with_what_it_got(acme: Acme) -> None:
    post(acme, ANNA)
    (event,) = CustomerEvent.objects.all()
    assert (event.kind, event.origin, event.customer_key) == ("created", "order", "201")
    assert event.after["name"] == "Anna de Wit"
    assert event.after["address_line1"] == acme.order(ANNA)["billing_address"]["street_1"]
    assert event.problems == []
    assert event.account_id == accounts_named(acme, "NLS-201")[0]["ID"]


def test_a_name_that_is_too_long_and_an_invalid_number_post_the_order_and_are_said(acme: Acme) -> None:
    billing = acme.sandbox.stores.store("nlshop1").orders[ANNA].order["billing_address"]
    long = "Anna 🎉 " + "de Wit " * 70
    billing |= {"first_name": long, "last_name": "", "country_iso2": "XX"}
    billing["form_fields"] = [{"name": "VAT number", "value": "NL004495446B01"}]
    post(acme, ANNA)
    assert acme.document(ANNA).state == "posted"
    (account,) = accounts_named(acme, "NLS-201")
    assert str(account["Name"]).startswith("Anna 🎉 de Wit de Wit")
    assert len(str(account["Name"])) <= 50
    assert not account.get("VATNumber")
    said = sentences(from_json(CustomerEvent.objects.get(kind="created").problems))
    assert "Exact has the name as “Anna 🎉 de Wit" in said
    assert "Exact did not get the VAT number “NL004495446B01”." in said
    assert "Exact did not get the country “XX”." in said


def test_the_rules_give_a_new_account_its_payment_condition_and_vat_code(acme: Acme) -> None:
    acme.connection.account_rules = [
        {"when": {"country": ["NL"], "b2b": False}, "then": {"payment_condition": "30", "vat_code": "4"}}
    ]
    acme.connection.save(update_fields=["account_rules"])
    acme.sandbox.stores.store("nlshop1").orders[ANNA].order["customer_locale"] = "nl"
    post(acme, ANNA)
    with acme.sandbox.exact.lock:
        accounts = acme.sandbox.exact.divisions[DIVISION].table("crm/Accounts").values()
        account = next(row for row in accounts if row.get("SearchCode") == "NLS-201")
    assert (account["PaymentConditionSales"], account["SalesVATCode"], account["Language"]) == ("30", "4", "NL")
