"""Before a backfill begins it says how many orders, calls and days it takes; then how far it is."""

import pytest

from connector.flow.clock import database_now
from connector.flow.inbox.backfill.estimate import Estimate, estimate, of_orders, progress
from connector.models import Connection, Division, OrderSync
from tests.acme import Acme
from tests.flow.inbox.backfill.scene import SINCE, UNTIL, begin, turns

pytestmark = pytest.mark.django_db


def test_two_calls_say_how_many_orders_there_are_at_most(acme: Acme) -> None:
    Division.objects.update(day_calls_limit=5000, day_calls_left=5000, day_ends_at=database_now().replace(year=2099))
    calls = acme.store_calls()
    found = estimate(Connection.objects.select_related("store__tenant", "division").get(), SINCE, UNTIL)
    # Two pages of Exact; two calls to look for an order, one to create and one to print it.
    assert found == Estimate(orders=24, store_calls=25, exact_calls=2 + 24 * 4, a_day=3750, days=1)
    assert acme.store_calls() - calls == 2


@pytest.mark.parametrize(("orders", "days"), [(0, 0), (900, 1), (1000, 2), (2000, 3)])
def test_days_follow_from_what_live_orders_leave_of_the_limit(acme: Acme, orders: int, days: int) -> None:
    division = acme.connection.division
    division.day_calls_limit, division.day_calls_left, division.day_ends_at = (
        5000,
        5000,
        database_now().replace(year=2099),
    )
    assert of_orders(acme.connection, orders).days == days


def test_shadow_and_entries_take_fewer_calls(acme: Acme) -> None:
    connection = acme.connection
    connection.document = "sales_entry"
    assert of_orders(connection, 60).exact_calls == 2 + 60 * 3
    connection.mode = "shadow"
    assert of_orders(connection, 60).exact_calls == 2


def test_progress_has_a_rate_and_the_time_that_is_left(acme: Acme) -> None:
    run = turns(begin(acme))
    before = progress(run)
    assert (before.read, before.handled, before.posted, before.left, before.minutes) == (24, 24, 0, 24, None)
    acme.drain(rounds=1)
    OrderSync.objects.filter(order_id__gt=1012).update(
        state="pending", next_attempt_at=database_now(), posted_at=None, exact_id=""
    )
    after = progress(run)
    assert (after.posted, after.left, after.a_minute, after.minutes) == (12, 12, 1.2, 10)
