"""What is due is asked in few statements: for one lane, for many, and of its next row."""

from collections.abc import Callable

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.flow.clock import database_now
from connector.flow.inbox import intake
from connector.flow.lane import due
from tests.acme import Acme

pytestmark = pytest.mark.usefixtures("one_reading")


def statements(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(database) as captured:
        ask()
    return len(captured)


def test_the_next_row_comes_with_the_rows_that_its_work_needs(acme: Acme) -> None:
    lane = acme.connection.division_id
    acme.ring(1001)
    intake.take_in(lane)
    assert statements(lambda: due.next_due(lane, database_now())) == 2
    found = due.next_due(lane, database_now())
    assert found is not None
    document = found.document
    assert document.order_id == 1001
    needed = (document.connection.store.tenant, document.connection.division.grant, document.division)
    assert statements(lambda: [str(row) for row in needed]) == 0


def test_a_drained_lane_is_seen_at_once(acme: Acme) -> None:
    lane = acme.connection.division_id
    acme.ring(1001)
    acme.drain()
    assert statements(lambda: due.next_due(lane, database_now())) == 1
    assert statements(lambda: due.has_work(lane, database_now())) == 2
    assert due.next_due(lane, database_now()) is None


def test_the_row_whose_time_came_first_is_next_and_live_orders_come_before_others(acme: Acme) -> None:
    lane = acme.connection.division_id
    for order_id in (1001, 1002, 1003):
        acme.ring(order_id)
        intake.take_in(lane)
    rows = due.due(lane, database_now())
    assert [row.order_id for row in rows] == [1001, 1002, 1003]
    rows.filter(order_id=1001).update(low_priority=True)
    found = due.next_due(lane, database_now())
    assert found is not None
    assert found.document.order_id == 1002
