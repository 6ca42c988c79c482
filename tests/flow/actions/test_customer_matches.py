"""What a person says of customers whose account is not certain is kept, with a line in their history."""

from typing import Any

import pytest

from connector.flow.actions import customer_matches
from connector.flow.actions.transaction import NotPossible
from connector.models import Connection, CustomerEvent, CustomerMatch
from tenants.models import User
from tests.admin.customers import scene
from tests.factories import ConnectionFactory, UserFactory

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
    others: dict[str, dict[str, Any]] = {"2": {"candidates": ALIKE}, "3": {"choice": "account-b"}}
    for key in ("1", "2", "3", "4"):
        ambiguous(connection, key, **others.get(key, {}))
    assert customer_matches.choose_best(connection, 81, person) == 0
    assert customer_matches.choose_best(connection, 80, person) == 2
    chosen = CustomerMatch.objects.order_by("pk").values_list("choice", flat=True)
    assert list(chosen) == ["account-a", "", "account-b", "account-a"]  # of two alike none is the best
