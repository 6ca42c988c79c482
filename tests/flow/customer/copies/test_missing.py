"""An account that Exact does not have any more is forgotten, and one that it has is not."""

from typing import Any

import pytest

from connector.domain.document.states import State
from connector.flow.clock import database_now
from connector.flow.customer.copies import missing
from connector.flow.ledger import transitions
from connector.models import CustomerConflict, CustomerEvent, CustomerLink, CustomerMatch, DirectoryAccount
from connector.models.kept_words import english
from tests.acme import DIVISION, Acme
from tests.flow.customer.account.test_delivery import move_to
from tests.flow.customer.linked import Linked
from tests.flow.customer.ordering import ANNA, accounts_named, bear_number, post
from tests.flow.customer.pulling import begin, turns


def test_an_account_that_was_deleted_in_exact_is_forgotten_and_found_again(acme: Acme) -> None:
    post(acme, ANNA)
    with acme.sandbox.exact.lock:
        accounts = acme.sandbox.exact.divisions[DIVISION].table("crm/Accounts")
        del accounts[acme.invoice(ANNA)["OrderedBy"]]
    deleted = acme.invoice(ANNA)["OrderedBy"]
    post(acme, 1013)
    (account,) = accounts_named(acme, "NLS-201")
    assert (acme.document(1013).state, acme.invoice(1013)["OrderedBy"]) == ("posted", account["ID"])
    assert account["ID"] != deleted
    assert CustomerLink.objects.get().account_id == account["ID"]
    assert refused_by_exact(acme) == [("POST", 500)]


def delete_account_of(acme: Acme, order_id: int) -> None:
    """Delete the account of an order's invoice, as a person does in Exact."""
    with acme.sandbox.exact.lock:
        del acme.sandbox.exact.divisions[DIVISION].table("crm/Accounts")[acme.invoice(order_id)["OrderedBy"]]


def refused_by_exact(acme: Acme) -> list[tuple[str, int | None]]:
    """The calls that count as errors at Exact: method and status."""
    with acme.sandbox.exact.lock:
        return [(call.method, call.status) for call in acme.sandbox.exact.calls if (call.status or 0) >= 400]


def test_an_account_that_was_deleted_is_not_given_a_number_and_the_customer_is_matched_again(acme: Acme) -> None:
    post(acme, ANNA)
    deleted = acme.invoice(ANNA)["OrderedBy"]
    delete_account_of(acme, ANNA)
    bear_number(acme, 1013)
    post(acme, 1013)
    (account,) = accounts_named(acme, "NLS-201")
    assert acme.document(1013).state == "posted"
    assert acme.invoice(1013)["OrderedBy"] == account["ID"] != deleted
    assert not DirectoryAccount.objects.filter(account_id=deleted).exists()
    assert refused_by_exact(acme) == []


def test_a_deleted_account_is_found_out_by_a_new_delivery_address_at_the_cost_of_one_error(acme: Acme) -> None:
    post(acme, ANNA)
    delete_account_of(acme, ANNA)
    other = acme.sandbox.exact.add_account(DIVISION, Name="Anna de Wit", Email="anna@shopper.example")
    move_to(acme, 1013, "Nieuwe Gracht 8")
    post(acme, 1013)
    assert acme.document(1013).state == "posted"
    assert acme.invoice(1013)["OrderedBy"] == other
    assert refused_by_exact(acme) == [("POST", 500)]


@pytest.mark.parametrize("strategy", ["match_or_create", "collective"])
def test_a_refused_invoice_on_an_account_that_exact_has_makes_no_second_account(acme: Acme, strategy: str) -> None:
    collective = DirectoryAccount.objects.get(division=acme.connection.division, name="Webshop particulieren")
    acme.connection.customer_strategy, acme.connection.collective_account = strategy, collective.code
    acme.connection.save()
    post(acme, ANNA)
    used = acme.invoice(ANNA)["OrderedBy"]
    assert (used == collective.account_id) is (strategy == "collective")
    acme.sandbox.exact.faults.add("500:Ongeldige referentie: Leveren aan", "POST", "*SalesInvoices*")
    post(acme, 1013)
    assert acme.document(1013).state == "blocked"
    transitions.move(acme.document(1013), State.PENDING, english("Once more."), attempts=0)
    acme.drain()
    assert acme.document(1013).state == "posted"
    assert acme.invoice(1013)["OrderedBy"] == used
    assert DirectoryAccount.objects.filter(account_id=used).exists()


def test_nothing_is_forgotten_when_exact_does_not_say_whether_it_has_the_account(acme: Acme) -> None:
    post(acme, ANNA)
    known = CustomerLink.objects.get().account_id
    acme.sandbox.exact.faults.add("500:Ongeldige referentie: Besteld door", "POST", "*SalesInvoices*")
    acme.sandbox.exact.faults.add("503_html", "GET", "*crm/Accounts*")
    post(acme, 1013)
    assert (acme.document(1013).state, acme.document(1013).code) == ("blocked", "refused")
    assert CustomerLink.objects.get().account_id == known


def merge_into(acme: Acme, account_id: str, **fields: Any) -> str:
    """Merge an account into another one, as a person does in Exact. Return the other one's id."""
    into = acme.sandbox.exact.add_account(DIVISION, Name="Wit Holding", Email="info@wit.example", Status="C", **fields)
    acme.sandbox.exact.merge(DIVISION, account_id, into)
    return into


def test_the_history_says_that_an_account_is_gone_and_nothing_of_it_is_kept(acme: Acme) -> None:
    pair = Linked(acme)
    kept: dict[str, Any] = {"contact_id": "a-contact", "contact_asked_at": database_now(), "ordered_as": "x"}
    CustomerLink.objects.filter(pk=pair.link.pk).update(**kept, addresses={"x": "an-address"})
    CustomerConflict.objects.create(link=pair.link, group="contact")
    pair.link.refresh_from_db()
    assert pair.link.exact_base
    pair.exact.delete_account(DIVISION, pair.account_id)
    missing.forget(pair.clients.division, pair.account_id, pair.clients.exact)
    pair.link.refresh_from_db()
    link = pair.link
    assert (link.account_id, link.matched_by, link.contact_id, link.contact_asked_at) == ("", "gone", "", None)
    assert (link.exact_base, link.store_base, link.stays, link.addresses, link.ordered_as) == ({}, {}, {}, {}, "")
    assert not CustomerConflict.objects.filter(decided_at=None).exists()
    lines = [(event.group, event.account_id, event.problems[0]["code"]) for event in pair.events("unlinked")]
    assert lines == [("", pair.account_id, "account_gone"), ("contact", pair.account_id, "account_gone")]
    assert pair.events("unlinked")[0].before["name"] == "Vera Dijk"


class TestMerged:
    """An account that was merged into another one in Exact is not made again."""

    def test_its_customers_go_to_the_one_that_has_its_invoices(self, acme: Acme) -> None:
        post(acme, ANNA)
        into = merge_into(acme, CustomerLink.objects.get().account_id)
        known = len(acme.sandbox.exact.accounts(DIVISION))
        run = turns(begin(acme))
        link = CustomerLink.objects.get(customer_key="201")
        assert (link.account_id, link.account_name, link.matched_by) == (into, "Wit Holding", "merged")
        event = CustomerEvent.objects.get(customer_key="201", kind="merged")
        assert (event.before["name"], event.after["name"], event.actor) == ("Anna de Wit", "Wit Holding", None)
        post(acme, 1013)
        assert acme.invoice(1013)["OrderedBy"] == into
        assert len(acme.sandbox.exact.accounts(DIVISION)) - known == run.created
        assert accounts_named(acme, "NLS-201") == []

    def test_an_order_that_comes_before_the_next_pull_goes_there_too(self, acme: Acme) -> None:
        post(acme, ANNA)
        into = merge_into(acme, CustomerLink.objects.get().account_id)
        post(acme, 1013)
        assert (acme.document(1013).state, acme.invoice(1013)["OrderedBy"]) == ("posted", into)
        assert accounts_named(acme, "NLS-201") == []

    def test_without_an_invoice_of_ours_a_person_decides(self, acme: Acme) -> None:
        pair = Linked(acme)
        merge_into(acme, pair.account_id)
        turns(begin(acme))
        pair.link.refresh_from_db()
        assert (pair.link.account_id, pair.link.matched_by) == ("", "gone")
        match = CustomerMatch.objects.get(customer__customer_key=str(pair.customer_id))
        assert (match.outcome, match.problems[0]["code"]) == ("held", "account_gone")
        assert accounts_named(acme, pair.link.search_code) == []
