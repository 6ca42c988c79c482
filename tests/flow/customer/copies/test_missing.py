"""An account that Exact does not have any more is forgotten, and one that it has is not."""

import pytest

from connector.domain.document.states import State
from connector.flow.ledger import transitions
from connector.models import CustomerLink, DirectoryAccount
from connector.models.kept_words import english
from tests.acme import DIVISION, Acme
from tests.flow.customer.account.test_delivery import move_to
from tests.flow.customer.ordering import ANNA, accounts_named, bear_number, post


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
