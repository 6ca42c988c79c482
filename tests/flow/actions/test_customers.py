"""What a person decides about one customer, over HTTP to both fakes."""

from typing import Any

import pytest

from connector.flow import leases
from connector.flow.actions import customers, held_division
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.flow.customer.both_ways.in_step import Result
from connector.flow.customer.copies import directory
from connector.flow.records.forget import forget
from connector.flow.records.privacy.subject import find
from connector.models import (
    CustomerConflict,
    CustomerEvent,
    CustomerLink,
    CustomerMatch,
    DirectoryAccount,
    Division,
    OrderSync,
)
from tenants.models import User
from tests.acme import DIVISION, Acme
from tests.admin.customers import scene
from tests.factories import UserFactory
from tests.flow.customer.linked import Linked
from tests.flow.customer.locks import locked

Kind = CustomerEvent.Kind


@pytest.fixture
def pair(acme: Acme) -> Linked:
    return Linked(acme)


@pytest.fixture
def person() -> User:
    return UserFactory.create()


def both_changed(pair: Linked) -> CustomerConflict:
    pair.change_store(email="one@dijk.example")
    pair.change_exact(Email="two@dijk.example")
    pair.step()
    return CustomerConflict.objects.get(link=pair.link, decided_at=None)


@pytest.mark.parametrize(
    ("decision", "store", "exact"),
    [
        ("store", "one@dijk.example", "one@dijk.example"),
        ("exact", "two@dijk.example", "two@dijk.example"),
        ("neither", "one@dijk.example", "two@dijk.example"),
    ],
)
def test_a_decision_is_carried_out_by_the_lane(
    pair: Linked, person: User, decision: str, store: str, exact: str
) -> None:
    customers.decide(both_changed(pair), decision, person, "I asked her.")
    pair.acme.drain()
    assert (pair.in_store()["email"], pair.account()["Email"]) == (store, exact)
    assert pair.writes() == (store == exact)
    assert pair.step() == Result()
    (event,) = pair.events(Kind.DECIDED)
    assert (event.actor, event.origin, event.after["decision"]) == (person, "person", decision)
    assert not CustomerConflict.objects.filter(decided_at=None).exists()


def test_a_side_that_changed_again_since_it_was_shown_is_a_new_conflict(pair: Linked, person: User) -> None:
    conflict = both_changed(pair)
    pair.change_exact(Email="three@dijk.example")
    customers.decide(conflict, "store", person)
    assert pair.step() == Result(conflicts=1)
    assert pair.account()["Email"] == "three@dijk.example"


def test_a_conflict_is_decided_once(pair: Linked, person: User) -> None:
    conflict = both_changed(pair)
    customers.decide(conflict, "store", person)
    with pytest.raises(NotPossible):
        customers.decide(conflict, "exact", person)


def test_a_push_makes_equal_what_differed_from_the_beginning(acme: Acme, person: User) -> None:
    pair = Linked(acme, {"phone": ""}, {"Name": "Vera D."})
    assert customers.pull_now(pair.link, person) == Result()
    assert customers.push_now(pair.link, person).to_exact == 1
    assert pair.account()["Name"] == "Vera Dijk"
    (event,) = pair.events(Kind.TO_EXACT)
    assert (event.actor, event.origin, event.before) == (person, "person", {"name": "Vera D."})


def test_a_pull_reads_both_sides_and_carries_over_what_changed(pair: Linked, person: User) -> None:
    pair.change_exact(Email="new@dijk.example")
    assert customers.pull_now(pair.link, person) == Result(to_store=1)
    assert pair.in_store()["email"] == "new@dijk.example"


def test_a_lane_at_work_is_waited_for_and_then_said(
    pair: Linked, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_division, "PATIENCE_SECONDS", 0.0)
    lease = leases.acquire(Division, pair.link.division_id)
    assert lease is not None
    with pytest.raises(NotPossible, match="Try again"):
        customers.pull_now(pair.link, person)
    leases.release(lease)
    assert customers.pull_now(pair.link, person) == Result()
    assert leases.acquire(Division, pair.link.division_id) is not None  # it was given back


@pytest.mark.parametrize("act", ["link_to", "unlink", "merge", "decide"])
def test_an_order_or_a_run_at_work_keeps_a_person_waiting(
    pair: Linked, person: User, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    other = CustomerLink.objects.create(
        store=pair.acme.store, division=pair.link.division, customer_key="99", search_code="X-99", account_id="other"
    )
    account, (customer, _copy), conflict = account_of(pair), pair.copies(), both_changed(pair)
    before = {**CustomerLink.objects.values().get(pk=pair.link.pk)}
    given: dict[str, tuple[Any, ...]] = {
        "link_to": (customer, account),
        "unlink": (pair.link,),
        "merge": (pair.link, other),
        "decide": (conflict, "store"),
    }
    monkeypatch.setattr(held_division, "PATIENCE_SECONDS", 0.0)
    lease = leases.acquire(Division, pair.link.division_id)
    assert lease is not None
    with pytest.raises(NotPossible, match="Try again"):
        getattr(customers, act)(*given[act], person)
    assert CustomerLink.objects.values().get(pk=pair.link.pk) == before
    leases.release(lease)
    getattr(customers, act)(*given[act], person)
    assert CustomerLink.objects.values().get(pk=pair.link.pk) != before
    assert leases.acquire(Division, pair.link.division_id) is not None  # it was given back


@pytest.mark.parametrize("act", ["link_to", "unlink", "merge", "decide"])
def test_the_division_is_locked_before_links_and_after_documents(pair: Linked, person: User, act: str) -> None:
    account, (customer, _copy), conflict = account_of(pair), pair.copies(), both_changed(pair)
    other = scene.link(pair.acme.connection, "99", "other")
    CustomerMatch.objects.create(customer=customer, division=pair.link.division, outcome="ambiguous")
    held = OrderSync.invoice_row(pair.acme.connection, 7, due_at=database_now(), request="")
    held.state, held.reason, held.next_attempt_at = "blocked", "customer", None
    held.order_data = {"order": {"customer_id": pair.customer_id}}
    held.save()
    given: dict[str, tuple[Any, ...]] = {
        "link_to": (customer, account),
        "unlink": (pair.link,),
        "merge": (pair.link, other),
        "decide": (conflict, "store"),
    }
    before = {"link_to": ["customermatch", "ordersync"], "merge": ["ordersync"]}.get(act, [])
    order = locked(
        lambda: getattr(customers, act)(*given[act], person), "customermatch", "ordersync", "division", "customerlink"
    )
    assert order == [*before, "division", "customerlink"]


def test_a_customer_who_was_forgotten_meanwhile_is_linked_without_a_name(pair: Linked, person: User) -> None:
    account, (customer, _copy) = account_of(pair), pair.copies()
    forget(find(pair.acme.store.tenant, str(pair.customer_id)))
    assert customers.link_to(customer, account, person).name == ""


def test_a_vendor_that_does_not_answer_is_said_in_words(pair: Linked, person: User) -> None:
    pair.exact.faults.add("503_html", "GET", "*crm/Accounts*")
    with pytest.raises(NotPossible):
        customers.pull_now(pair.link, person)


def test_an_account_that_is_gone_is_said(pair: Linked, person: User) -> None:
    pair.exact.delete_account(DIVISION, pair.account_id)
    with pytest.raises(NotPossible, match="any more"):
        customers.pull_now(pair.link, person)
    pair.link.refresh_from_db()
    with pytest.raises(NotPossible, match="not linked"):
        customers.pull_now(pair.link, person)


def account_of(pair: Linked, **fields: Any) -> DirectoryAccount:
    """Another account of the division."""
    pair.exact.add_account(DIVISION, **{"Name": "Dijk Lampen BV", "Status": "C", **fields})
    directory.pull(pair.clients.division, pair.clients.exact)
    return DirectoryAccount.objects.get(name="Dijk Lampen BV")


def test_a_customer_is_linked_to_the_chosen_account_and_nothing_is_carried_over(pair: Linked, person: User) -> None:
    account, (customer, _copy) = account_of(pair), pair.copies()
    CustomerMatch.objects.create(customer=customer, division=pair.link.division, outcome="ambiguous")
    link = customers.link_to(customer, account, person, "She moved.")
    assert (link.pk, link.account_id, link.matched_by) == (pair.link.pk, account.account_id, "chosen")
    assert link.since > link.created_at
    assert not CustomerMatch.objects.exists()
    (event,) = pair.events(Kind.LINKED)
    assert (event.actor, event.after["name"], event.before["name"]) == (person, "Dijk Lampen BV", "Vera Dijk")
    pair.acme.drain()
    link.refresh_from_db()
    assert link.in_step_at is not None
    assert pair.writes() == 0
    with pytest.raises(NotPossible):
        customers.link_to(customer, account, person)


def test_an_account_is_linked_as_it_is_by_now(pair: Linked, person: User) -> None:
    account, (customer, _copy) = account_of(pair), pair.copies()
    DirectoryAccount.objects.filter(pk=account.pk).update(name="Dijk Verlichting BV", code="4711")
    link = customers.link_to(customer, account, person)
    assert (link.account_name, link.account_code) == ("Dijk Verlichting BV", "4711")


def test_an_account_that_is_gone_by_now_is_not_linked(pair: Linked, person: User) -> None:
    account, (customer, _copy) = account_of(pair), pair.copies()
    CustomerMatch.objects.create(customer=customer, division=pair.link.division, outcome="ambiguous")
    DirectoryAccount.objects.filter(pk=account.pk).delete()
    with pytest.raises(NotPossible, match="any more"):
        customers.link_to(customer, account, person)
    pair.link.refresh_from_db()
    assert (pair.link.account_id, CustomerMatch.objects.count()) == (pair.account_id, 1)


def test_an_account_that_was_taken_away_is_remembered(pair: Linked, person: User) -> None:
    both_changed(pair)
    customers.unlink(pair.link, person, "Not hers.")
    pair.link.refresh_from_db()
    assert (pair.link.account_id, pair.link.not_accounts) == ("", [pair.account_id])
    assert not CustomerConflict.objects.filter(decided_at=None).exists()
    (event,) = pair.events(Kind.UNLINKED)
    assert (event.actor, event.account_id, event.after) == (person, pair.account_id, {"reason": "Not hers."})
    with pytest.raises(NotPossible):
        customers.unlink(pair.link, person)
    customer, account = pair.copies()
    customers.link_to(customer, account, person)  # a person may link them again
    pair.link.refresh_from_db()
    assert pair.link.not_accounts == []


def test_two_customers_are_merged_onto_one_account(pair: Linked, person: User) -> None:
    other = Linked(pair.acme, {"email": "other@dijk.example"}, {"Email": "other@dijk.example"})
    customers.merge(other.link, pair.link, person, "One person.")
    other.link.refresh_from_db()
    assert other.link.account_id == pair.account_id
    assert other.account()["Email"] == "other@dijk.example"  # nothing is merged in Exact
    (event,) = other.events(Kind.MERGED)
    assert (event.actor, event.after["customer"]) == (person, str(pair.customer_id))
    with pytest.raises(NotPossible, match="already"):
        customers.merge(other.link, pair.link, person)


def test_what_cannot_be_merged_is_said(pair: Linked, person: User) -> None:
    empty = CustomerLink.objects.create(
        store=pair.acme.store, division=pair.link.division, customer_key="99", search_code="X-99"
    )
    with pytest.raises(NotPossible, match="no account"):
        customers.merge(pair.link, empty, person)
