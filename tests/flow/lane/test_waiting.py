"""Which lanes have work is asked in few statements, however many lanes there are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.flow.clock import database_now
from connector.flow.lane import due, waiting
from connector.models import Connection, OrderSync
from tests.bench.many_rows import Many, make
from tests.factories import ConnectionFactory, DeliveryFactory, OrderSyncFactory

pytestmark = pytest.mark.usefixtures("one_reading")


def statements(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(database) as captured:
        ask()
    return len(captured)


def pending(connection: Connection, *, minutes_ago: int = 1, **given: Any) -> OrderSync:
    """A row of that connection whose time came so long ago."""
    fields = {"state": "pending", "next_attempt_at": database_now() - timedelta(minutes=minutes_ago), **given}
    return OrderSyncFactory.create(connection=connection, **fields)


def lane_with_a_row(**given: Any) -> Connection:
    connection = ConnectionFactory.create(**given)
    pending(connection)
    return connection


def lanes() -> list[int]:
    return waiting.lanes_with_work(database_now())


def test_many_lanes_cost_as_many_statements_as_one() -> None:
    lane_with_a_row()
    lane_with_a_row(schedule="daily:02:30")
    few = statements(lanes)
    for _ in range(5):
        lane_with_a_row()
        lane_with_a_row(schedule="daily:02:30")
    assert len(lanes()) == 6
    assert statements(lanes) == few <= 8
    assert statements(lambda: waiting.is_idle(database_now())) <= 8


def test_nothing_to_do_costs_four_statements() -> None:
    ConnectionFactory.create()
    assert statements(lanes) == 4
    assert lanes() == []


def test_the_lane_that_waits_longest_comes_first() -> None:
    later, first, unread, in_work = (ConnectionFactory.create() for _ in range(4))
    pending(later, minutes_ago=1)
    pending(first, minutes_ago=9)
    pending(first, minutes_ago=1)
    DeliveryFactory.create(store=unread.store, received_at=database_now() - timedelta(minutes=5))
    OrderSyncFactory.create(connection=in_work)
    OrderSync.objects.filter(connection=in_work).update(updated_at=database_now() - timedelta(minutes=3))
    assert lanes() == [connection.division_id for connection in (first, unread, in_work, later)]


@pytest.mark.parametrize(
    ("row", "runs"),
    [
        ({}, False),
        ({"minutes_ago": 60 * 24 * 2}, True),  # released since
        ({"state": "uncertain"}, True),
        ({"chosen_at": "2026-01-01T00:00:00Z"}, True),
        ({"state": "blocked", "reason": "item", "next_attempt_at": None, "recheck_at": "2026-01-01T00:00:00Z"}, True),
        ({"low_priority": True, "minutes_ago": 60 * 24 * 2}, True),
    ],
)
def test_a_schedule_holds_back_what_waits_for_it_and_nothing_else(row: dict[str, Any], runs: bool) -> None:
    connection = ConnectionFactory.create(schedule="daily:02:30", run_requested_at=database_now() - timedelta(days=1))
    pending(connection, **row)
    assert lanes() == ([connection.division_id] if runs else [])
    assert due.due(connection.division_id, database_now()).exists() == runs
    assert waiting.lanes_with_work(database_now(), ignore_schedule=True) == [connection.division_id]


@pytest.mark.parametrize("low_priority", [False, True])
def test_the_last_calls_of_a_day_are_for_live_orders(low_priority: bool) -> None:
    connection = ConnectionFactory.create(
        division__day_calls_left=100,
        division__day_calls_limit=5000,
        division__day_ends_at=database_now() + timedelta(hours=1),
    )
    pending(connection, low_priority=low_priority)
    assert lanes() == ([] if low_priority else [connection.division_id])
    assert due.due(connection.division_id, database_now()).exists() != low_priority


@pytest.mark.parametrize("minutes_until_closed", [-1, 1])
def test_a_closed_lane_has_no_work_until_it_opens(minutes_until_closed: int) -> None:
    closed_until = database_now() + timedelta(minutes=minutes_until_closed)
    connection = lane_with_a_row(division__closed_until=closed_until)
    assert lanes() == ([connection.division_id] if minutes_until_closed < 0 else [])
    assert not waiting.is_idle(database_now())  # a minute's limit is over soon


@pytest.mark.skipif(database.vendor != "postgresql", reason="SQLite explains no costs")
def test_no_look_at_the_lanes_reads_the_ledger_whole(db: None) -> None:
    first, *_ = make(Many(tenants=10, documents=20_000, due=4, waiting=4, rows=20))
    with CaptureQueriesContext(database) as captured:
        assert len(lanes()) == 4
        waiting.is_idle(database_now())
        due.next_due(first.division_id, database_now())
        due.has_work(first.division_id, database_now())
    with database.cursor() as cursor:
        for query in captured.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan on connector_ordersync" not in plan, plan
