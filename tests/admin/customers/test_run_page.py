"""A run over all customers of a connection: its progress and what came of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.clock import database_now
from connector.models import Connection, CustomerRun
from tenants.models import Role
from tests.admin.customers import scene
from tests.admin.customers.scene import text
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    made: Connection = ConnectionFactory.create()
    return made


@pytest.fixture
def viewer(connection: Connection) -> Client:
    return scene.browser_of(connection, Role.VIEWER)


def address(connection: Connection) -> str:
    return reverse("admin:connector_connection_customers", args=[connection.pk])


def run(connection: Connection, state: str = "running", **given: Any) -> CustomerRun:
    kept = {"tenant": connection.store.tenant, "connection": connection, "what": "pull", "state": state}
    due = {"due_at": database_now()} if state == "running" else {}
    return CustomerRun.objects.create(**kept | due | given)


def test_before_the_first_run_it_says_so(connection: Connection, viewer: Client) -> None:
    assert "There was no run over all customers yet." in text(viewer.get(address(connection)))


def test_a_run_shows_its_step_its_bar_and_its_counts_and_looks_again(connection: Connection, viewer: Client) -> None:
    for key in ("1", "2", "3", "4"):
        scene.customer(connection, key)
    run(connection, step="match", accounts=9, customers=4, handled=3, linked=2, created=1, ambiguous=1)
    page = text(viewer.get(address(connection)))
    assert "Step 3 of 5: Finds the account of each customer." in page
    assert 'max="4" value="3"' in page
    assert "Read: 9 accounts of Exact, 4 customers of the store." in page
    assert "1 waits for a person's choice." in page.replace("&#x27;", "'")
    assert 'http-equiv="refresh"' in page


def test_a_run_that_ended_looks_no_more(connection: Connection, viewer: Client) -> None:
    run(connection, "finished", finished_at=database_now())
    page = text(viewer.get(address(connection)))
    assert 'data-state="finished"' in page
    assert "Ended on" in page
    assert 'http-equiv="refresh"' not in page
    assert "<progress" not in page


def test_a_failure_is_said_in_words(connection: Connection, viewer: Client) -> None:
    problems = [{"code": "customer_without_name", "line": "", "params": {"search_code": "SHOP-2"}}]
    run(connection, "failed", problems=problems)
    page = text(viewer.get(address(connection)))
    assert 'role="alert"' in page
    assert "has no name and no e-mail address" in page


def test_a_viewer_begins_nothing_and_a_stranger_sees_nothing(connection: Connection, viewer: Client) -> None:
    assert viewer.post(address(connection), {"pull": "1"}).status_code == 403
    assert not CustomerRun.objects.exists()
    assert scene.browser_of(ConnectionFactory.create(), Role.OWNER).get(address(connection)).status_code == 404


@pytest.fixture
def operator(connection: Connection) -> Client:
    return scene.browser_of(connection, Role.OPERATOR)


@pytest.mark.parametrize("what", ["pull", "push"])
def test_an_operator_begins_one_and_a_second_click_begins_no_other(
    what: str, connection: Connection, operator: Client
) -> None:
    for _click in range(2):
        assert operator.post(address(connection), {what: "1"}).status_code == 302
    begun = CustomerRun.objects.get()
    assert (begun.what, begun.state, begun.scheduled) == (what, "running", False)
    assert begun.actor is not None
    page = text(operator.get(address(connection)))
    assert 'name="pause"' in page
    assert 'name="pull"' not in page


def test_a_run_is_paused_and_resumed_and_stopped(connection: Connection, operator: Client) -> None:
    row = run(connection)
    for button, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        operator.post(address(connection), {button: "1"})
        row.refresh_from_db()
        assert row.state == state


def test_a_connection_whose_details_go_nowhere_says_why_and_begins_none(
    connection: Connection, operator: Client
) -> None:
    Connection.objects.update(customer_direction="none")
    page = text(operator.get(address(connection)))
    assert "carries customer details neither to Exact nor to the store" in page
    assert 'name="pull"' not in page
    assert "neither to Exact nor" in text(operator.post(address(connection), {"pull": "1"}, follow=True))
    assert not CustomerRun.objects.exists()
