"""Which lanes have customers whose details are due."""

from datetime import timedelta

import pytest

from connector.flow.clock import database_now
from connector.flow.lane import customers, due, waiting
from connector.models import Connection, CustomerLink, DirectoryAccount, StoreCustomer
from tests.factories import ConnectionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_reading")]


@pytest.fixture
def connection() -> Connection:
    return ConnectionFactory.create()


def make_due(connection: Connection, what: str, minutes: int) -> None:
    at = database_now() - timedelta(minutes=minutes)
    if what == "customer":
        StoreCustomer.objects.create(store=connection.store, customer_key="7", due_at=at)
    elif what == "account":
        DirectoryAccount.objects.create(division=connection.division, account_id="a-7", due_at=at)
    else:
        CustomerLink.objects.create(
            store=connection.store, division=connection.division, customer_key="7", search_code="7", due_at=at
        )


@pytest.mark.parametrize("what", ["customer", "account", "link"])
def test_what_is_due_on_either_side_gives_its_lane_work(connection: Connection, what: str) -> None:
    assert waiting.lanes_with_work(database_now()) == []
    make_due(connection, what, 5)
    assert waiting.lanes_with_work(database_now()) == [connection.division_id]
    assert due.has_work(connection.division_id, database_now())
    assert due.connections_with_customers(connection.division_id, database_now()) == [connection]
    found = [row for rows in customers.waiting(Connection.objects.all(), database_now()) for row in rows]
    assert [lane for lane, _since in found] == [connection.division_id]
    assert database_now() - found[0][1] >= timedelta(minutes=5)


def test_what_is_due_later_gives_none(connection: Connection) -> None:
    make_due(connection, "link", -5)
    assert waiting.lanes_with_work(database_now()) == []
    assert not due.has_work(connection.division_id, database_now())


@pytest.mark.parametrize("columns", [{"mode": "shadow"}, {"mode": "off"}, {"customer_direction": "none"}])
def test_a_connection_that_carries_nothing_wakes_no_lane(connection: Connection, columns: dict[str, str]) -> None:
    make_due(connection, "customer", 5)
    Connection.objects.update(**columns)
    assert waiting.lanes_with_work(database_now()) == []
    assert not due.has_work(connection.division_id, database_now())
    assert due.connections_with_customers(connection.division_id, database_now()) == []


def test_a_division_that_may_not_call_wakes_no_lane(connection: Connection) -> None:
    make_due(connection, "account", 5)
    connection.division.closed_until = database_now() + timedelta(hours=1)
    connection.division.save()
    assert waiting.lanes_with_work(database_now()) == []
    assert not due.has_work(connection.division_id, database_now())
