"""What a person says of customers whose account is not certain is kept, with a line in their history."""

from datetime import date
from typing import Any

import pytest

from connector.flow.actions import customer_matches, customers
from connector.flow.actions.transaction import NotPossible
from connector.flow.customer.copies import directory, store_copy
from connector.flow.customer.matching import outcomes
from connector.flow.customer.matching.match import customers_of, match
from connector.flow.ledger import transitions
from connector.flow.outbound.clients import LaneClients
from connector.models import Connection, CustomerEvent, CustomerLink, CustomerMatch, DirectoryAccount, OrderSync
from connector.models.kept_words import english
from tenants.models import User
from tests.acme import DIVISION, Acme
from tests.admin.customers import scene
from tests.factories import ConnectionFactory, DirectoryAccountFactory, UserFactory
from tests.flow.customer.ordering import ANNA, accounts_named, annas, post

pytestmark = pytest.mark.django_db
ALIKE = [{"account_id": name, "code": name, "name": name, "score": 80} for name in ("one", "two")]


@pytest.fixture
def connection() -> Connection:
    made: Connection = ConnectionFactory.create()
    return made


@pytest.fixture
def person() -> User:
    made: User = UserFactory.create()
    return made


def ambiguous(connection: Connection, key: str = "7", **given: Any) -> CustomerMatch:
    return scene.match(scene.customer(connection, key), connection, **given)


def test_a_candidate_is_chosen(connection: Connection, person: User) -> None:
    row = ambiguous(connection)
    assert customer_matches.choose(connection, {row.pk: "account-b"}, person) == 1
    row.refresh_from_db()
    assert (row.choice, row.chosen_by, row.chosen_at is not None) == ("account-b", person, True)
    event = CustomerEvent.objects.get()
    assert (event.kind, event.actor, event.account_id, event.customer_key) == ("decided", person, "account-b", "7")
    assert event.after == {"account": "2002 De Bakery"}


def test_the_same_choice_again_changes_nothing(connection: Connection, person: User) -> None:
    row = ambiguous(connection)
    customer_matches.choose(connection, {row.pk: "new"}, person)
    assert customer_matches.choose(connection, {row.pk: "new"}, person) == 0
    assert CustomerEvent.objects.count() == 1


def test_what_is_no_candidate_is_refused_and_nothing_is_kept(connection: Connection, person: User) -> None:
    first, second = ambiguous(connection, "1"), ambiguous(connection, "2")
    with pytest.raises(NotPossible):
        customer_matches.choose(connection, {first.pk: "new", second.pk: "somebody-else"}, person)
    assert set(CustomerMatch.objects.values_list("choice", flat=True)) == {""}
    assert not CustomerEvent.objects.exists()


def test_another_connections_customers_and_settled_ones_stay(connection: Connection, person: User) -> None:
    theirs, settled = ambiguous(ConnectionFactory.create()), ambiguous(connection, outcome="new")
    assert customer_matches.choose(connection, {theirs.pk: "new", settled.pk: "new"}, person) == 0
    assert customer_matches.choose_new(connection, [theirs.pk, settled.pk], person) == 0


def test_new_accounts_are_chosen_for_many(connection: Connection, person: User) -> None:
    rows = [ambiguous(connection, str(number)) for number in range(3)]
    assert customer_matches.choose_new(connection, [row.pk for row in rows[:2]], person) == 2
    assert list(CustomerMatch.objects.order_by("pk").values_list("choice", flat=True)) == ["new", "new", ""]


def test_the_best_is_chosen_where_it_is_sure_enough(
    connection: Connection, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_matches, "BATCH", 2)
    fourth = [{"account_id": "account-d", "code": "4", "name": "Daan", "score": 80}]
    others: dict[str, dict[str, Any]] = {
        "2": {"candidates": ALIKE},
        "3": {"choice": "account-b"},
        "4": {"candidates": fourth},
    }
    for key in ("1", "2", "3", "4"):
        ambiguous(connection, key, **others.get(key, {}))
    there(connection, "account-a", "account-d")
    assert customer_matches.choose_best(connection, 81, person) == 0
    assert customer_matches.choose_best(connection, 80, person) == 2
    chosen = CustomerMatch.objects.order_by("pk").values_list("choice", flat=True)
    assert list(chosen) == ["account-a", "", "account-b", "account-d"]  # of two alike none is the best


def there(connection: Connection, *accounts: str) -> None:
    for name in accounts:
        DirectoryAccountFactory.create(division=connection.division, account_id=name)


def test_the_best_is_not_one_that_exact_does_not_have_any_more(connection: Connection, person: User) -> None:
    ambiguous(connection)
    assert customer_matches.choose_best(connection, 0, person) == 0
    there(connection, "account-a")
    assert customer_matches.choose_best(connection, 0, person) == 1


@pytest.mark.parametrize("code", ["account_of_another_customer", "account_blocked", "account_prospect"])
def test_the_best_is_not_one_that_only_a_person_may_take(connection: Connection, person: User, code: str) -> None:
    there(connection, "account-a")
    ambiguous(connection, problems=[{"code": code, "line": None, "params": {}}])
    assert customer_matches.choose_best(connection, 0, person) == 0


def of_ann(connection: Connection, **given: Any) -> None:
    """Two accounts are alike, as the ladder says; the first one is the best. `given` are values of its copy."""
    problems: list[dict[str, Any]] = [{"code": "accounts_alike", "line": None, "params": {}}]
    ambiguous(connection, problems=problems)
    for name, more in (("account-a", given), ("account-b", {})):
        DirectoryAccountFactory.create(division=connection.division, account_id=name, **more)


@pytest.mark.parametrize(
    ("given", "promotes", "chosen"),
    [
        ({}, False, 1),
        ({"blocked": True}, True, 0),
        ({"ends": date(2020, 1, 1)}, False, 0),
        ({"status": "P", "is_customer": False}, False, 0),
        ({"status": "P", "is_customer": False}, True, 1),
    ],
)
def test_the_best_of_two_alike_takes_documents(
    connection: Connection, person: User, given: dict[str, Any], promotes: bool, chosen: int
) -> None:
    of_ann(connection, **given)
    connection.promote_prospects = promotes
    assert customer_matches.choose_best(connection, 0, person) == chosen
    assert CustomerMatch.objects.get().choice == ("account-a" if chosen else "")


@pytest.mark.parametrize(("key", "chosen"), [("8", 0), ("G0123456789ab", 0), ("7-abc123", 1)])
def test_the_best_of_two_alike_is_not_linked_to_another_customer(
    connection: Connection, person: User, key: str, chosen: int
) -> None:
    of_ann(connection)
    scene.link(connection, key, "account-a")
    assert customer_matches.choose_best(connection, 0, person) == chosen


def test_one_account_is_the_best_of_one_customer(
    connection: Connection, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_matches, "BATCH", 1)
    for key in ("1", "2"):
        ambiguous(connection, key)
    there(connection, "account-a")
    assert customer_matches.choose_best(connection, 0, person) == 0
    CustomerMatch.objects.filter(customer__customer_key="1").update(choice="account-a")
    assert customer_matches.choose_best(connection, 0, person) == 0  # a person gave it to the first one
    CustomerMatch.objects.filter(customer__customer_key="1").update(choice="new")
    assert customer_matches.choose_best(connection, 0, person) == 1


def held_for_anna(acme: Acme) -> CustomerMatch:
    """Two accounts are like Anna's: her order is held, and the match report asks a person."""
    post(acme, ANNA)
    assert acme.document(ANNA).code == "accounts_alike"
    store_copy.read_store_customers(acme.store, LaneClients(acme.connection.division).store(acme.store))
    outcomes.keep(acme.connection, match(acme.connection, customers_of(acme.connection)).others, None)
    return CustomerMatch.objects.get(customer__customer_key="201")


def test_the_held_order_is_posted_on_the_account_that_was_chosen_without_another_click(acme: Acme) -> None:
    annas(acme)
    chosen = annas(acme)
    row = held_for_anna(acme)
    customer_matches.choose(acme.connection, {row.pk: chosen}, None)
    acme.drain()
    assert acme.invoice(ANNA)["OrderedBy"] == chosen
    link = CustomerLink.objects.get(customer_key="201")
    assert (link.account_id, link.matched_by, link.score) == (chosen, "chosen", 100)


def test_the_held_order_gets_the_new_account_that_was_chosen(acme: Acme) -> None:
    annas(acme)
    annas(acme)
    row = held_for_anna(acme)
    customer_matches.choose_new(acme.connection, [row.pk], None)
    acme.drain()
    (made,) = accounts_named(acme, "NLS-201")
    assert acme.invoice(ANNA)["OrderedBy"] == made["ID"]


def test_what_is_held_for_another_customer_or_another_reason_stays_held(acme: Acme) -> None:
    annas(acme)
    chosen = annas(acme)
    row = held_for_anna(acme)
    transitions.release_blocked(acme.connection, english("Another customer"), customers=["202", "Gabc"])
    assert acme.document(ANNA).state == "blocked"
    OrderSync.objects.filter(order_id=ANNA).update(reason="mapping")
    customer_matches.choose(acme.connection, {row.pk: chosen}, None)
    assert acme.document(ANNA).state == "blocked"


def test_a_chosen_account_that_is_blocked_holds_the_order_for_that(acme: Acme) -> None:
    annas(acme)
    chosen = annas(acme)
    row = held_for_anna(acme)
    acme.sandbox.exact.change(DIVISION, "crm/Accounts", chosen, Blocked=True)
    directory.pull(acme.connection.division, LaneClients(acme.connection.division).exact)
    customer_matches.choose(acme.connection, {row.pk: chosen}, None)
    acme.drain()
    assert acme.document(ANNA).code == "account_blocked"


def test_a_link_that_a_person_makes_releases_the_held_order_too(acme: Acme) -> None:
    annas(acme)
    chosen = annas(acme)
    row = held_for_anna(acme)
    customers.link_to(row.customer, DirectoryAccount.objects.get(account_id=chosen), None)
    acme.drain()
    assert acme.invoice(ANNA)["OrderedBy"] == chosen
