"""The list of all customers: those with an account and those without one, by state, store and search."""

from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.models import Connection
from tenants.models import Role
from tests.admin.customers import scene
from tests.admin.customers.scene import text
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db
LIST = reverse("admin:connector_customerlink_changelist")


@pytest.fixture
def connection() -> Connection:
    made: Connection = ConnectionFactory.create()
    return made


@pytest.fixture
def viewer(connection: Connection) -> Client:
    return scene.browser_of(connection, Role.VIEWER)


def one_of_each(connection: Connection) -> None:
    """A customer in every state."""
    scene.linked(connection, "1")
    row = scene.linked(connection, "2", email="other@bakery.example")
    row.exact_base = {"contact": "b"}
    row.save()
    scene.conflict(scene.linked(connection, "3"))
    scene.match(scene.customer(connection, "4"), connection)
    scene.customer(connection, "5")
    scene.event(scene.linked(connection, "6"), "forgotten")


def keys(client: Client, **asked: Any) -> list[str]:
    return [pair.key for pair in client.get(LIST, asked).context["found"].pairs]


STATES = {
    "in_step": ("1", "in step"),
    "differs": ("2", "differs"),
    "conflict": ("3", "both changed"),
    "ambiguous": ("4", "ambiguous"),
    "unlinked": ("5", "not linked"),
    "forgotten": ("6", "forgotten"),
}


@pytest.mark.parametrize("state", STATES)
def test_each_state_has_its_customers_and_its_words(connection: Connection, viewer: Client, state: str) -> None:
    one_of_each(connection)
    key, words = STATES[state]
    assert keys(viewer, state=state) == [key]
    page = text(viewer.get(LIST, {"state": state}))
    assert f'data-state="{state}"' in page
    assert f"{words} 1" in page  # the count


def test_all_are_listed_the_newest_first_and_links_without_a_customer_last(
    connection: Connection, viewer: Client
) -> None:
    one_of_each(connection)
    scene.link(connection, "G0123", "account-guest", name="Guest")
    assert keys(viewer) == ["6", "5", "4", "3", "2", "1", "G0123"]


def test_a_customer_of_two_divisions_is_there_twice(connection: Connection, viewer: Client) -> None:
    scene.linked(connection)
    scene.link(ConnectionFactory.create(store=connection.store, mode="shadow"), "7", "there")
    assert keys(viewer) == ["7", "7"]


@pytest.mark.parametrize("term", ["7", "ann@bakery.example", "Ann@Bakery.example", "1007", "bak", "Ann B", "ba", " 7 "])
def test_a_customer_is_found(connection: Connection, viewer: Client, term: str) -> None:
    scene.linked(connection)
    scene.customer(connection, "8", email="zoe@else.example", first_name="Zoe", last_name="Young", company="Else")
    assert keys(viewer, q=term) == ["7"]


@pytest.mark.parametrize("term", ["17", "b", "akery", "ann@", "\x00"])
def test_what_fits_nobody_finds_nobody(connection: Connection, viewer: Client, term: str) -> None:
    scene.linked(connection)
    assert keys(viewer, q=term) == (["7"] if term == "\x00" else [])


def test_a_guest_is_found_by_the_name_in_the_orders(connection: Connection, viewer: Client) -> None:
    scene.link(connection, "G0123", "account-guest", name="Passer-by")
    assert keys(viewer, q="passer") == ["G0123"]


def test_one_store_alone(connection: Connection, viewer: Client) -> None:
    scene.linked(connection)
    other = ConnectionFactory.create(store__tenant=connection.store.tenant)
    scene.customer(other, "8")
    assert keys(viewer, store=other.store.pk) == ["8"]
    assert keys(viewer, store="x") == ["8", "7"]


def test_another_organisations_customers_are_not_there(connection: Connection, viewer: Client) -> None:
    theirs = ConnectionFactory.create()
    one_of_each(theirs)
    assert keys(viewer) == []
    assert keys(viewer, store=theirs.store.pk) == []
    assert "There is no customer yet." in text(viewer.get(LIST))


def test_pages_go_on_from_the_one_table_into_the_other(
    connection: Connection, viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.admin.customers.listing.PER_PAGE", 2)
    for key in ("1", "2", "3"):
        scene.customer(connection, key)
    for key in ("G1", "G2"):
        scene.link(connection, key, key)
    assert [keys(viewer, p=page) for page in (1, 2, 3, 9)] == [["3", "2"], ["1", "G2"], ["G1"], ["G1"]]
    assert "Page 2 of 3" in text(viewer.get(LIST, {"p": 2}))


def test_the_statements_do_not_grow_with_the_customers(connection: Connection, viewer: Client) -> None:
    one_of_each(connection)
    viewer.get(LIST)
    with CaptureQueriesContext(database) as few:
        viewer.get(LIST)
    for number in range(10, 40):
        scene.linked(connection, str(number))
    with CaptureQueriesContext(database) as many:
        viewer.get(LIST)
    assert len(many) == len(few)
    assert len(many) < 35


def test_no_credential_is_read_for_the_list(connection: Connection, viewer: Client) -> None:
    one_of_each(connection)
    with CaptureQueriesContext(database) as asked:
        viewer.get(LIST)
    assert not [query["sql"] for query in asked if "access_token" in query["sql"] or "refresh_token" in query["sql"]]
