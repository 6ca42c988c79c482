"""How it stands with a customer: of several states the first counts."""

import pytest

from connector.admin.customers.pairs import COLOURS, WORDS, Pair, State, Visible
from connector.models import Connection, CustomerLink, StoreCustomer
from tests.admin.customers import scene
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    made: Connection = ConnectionFactory.create()
    return made


def pair_of(customer: StoreCustomer) -> Pair:
    visible = Visible(StoreCustomer.objects.select_related("store"), CustomerLink.objects.select_related("store"))
    (found,) = visible.pairs_of_customers([customer])
    return found


def test_every_state_has_words_and_a_colour() -> None:
    assert set(WORDS) == set(COLOURS) == set(State)


def test_the_first_state_counts(connection: Connection) -> None:
    customer = scene.customer(connection)
    assert pair_of(customer).state == State.UNLINKED
    match = scene.match(customer, connection)
    assert pair_of(customer).state == State.AMBIGUOUS
    match.choice = "new"
    match.save()
    assert pair_of(customer).state == State.UNLINKED  # a person has chosen
    row = scene.link(connection, "7", "")
    assert pair_of(customer).state == State.UNLINKED  # its account is being made
    scene.account(connection, email="other@bakery.example")
    CustomerLink.objects.update(account_id="account-7")
    assert pair_of(customer).state == State.DIFFERS
    scene.conflict(row)
    assert pair_of(customer).state == State.CONFLICT
    scene.event(row, "forgotten")
    assert pair_of(customer).state == State.FORGOTTEN


def test_the_same_id_in_another_store_is_somebody_else(connection: Connection) -> None:
    other = ConnectionFactory.create()
    scene.event(scene.linked(other), "forgotten")
    pair = pair_of(scene.customer(connection))
    assert (pair.link, pair.state) == (None, State.UNLINKED)


def test_the_name_is_the_stores_else_the_links_else_the_accounts(connection: Connection) -> None:
    visible = Visible(StoreCustomer.objects.all(), CustomerLink.objects.select_related("store"))
    scene.account(connection)
    row = scene.link(connection, "G1", name="")
    assert visible.pairs_of_links([row])[0].name == "Bakery BV"
    row.name = "Guest"
    assert visible.pairs_of_links([row])[0].name == "Guest"
