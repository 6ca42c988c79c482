"""A worker with nothing to do leaves the database alone, and many lanes are woken by as few statements as one."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

from connector.flow.actions import bulk_repost
from connector.flow.clock import database_now
from connector.flow.monitor import store_duties
from connector.flow.worker import supervisor, sweep
from connector.models import Division, OrderSync
from tests.factories import ConnectionFactory, OrderSyncFactory

pytestmark = pytest.mark.usefixtures("one_reading")
MINUTE = 60
POLL = Conf.POLL


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(database) as captured:
        act()
    return len(captured)


def with_old_work() -> OrderSync:
    long_ago = database_now() - timedelta(hours=1)
    return OrderSyncFactory.create(state="pending", next_attempt_at=long_ago)


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> supervisor.Supervisor:
    """A supervisor whose cluster runs for long; the time stands still."""
    monkeypatch.setattr(time, "monotonic", lambda: 100_000.0)
    return supervisor.Supervisor(lambda line: None)


def test_an_idle_minute_costs_at_most_two_hundred_statements(
    watching: supervisor.Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Conf, "POLL", 0)
    ConnectionFactory.create(store__state="reconnect")
    broker = get_broker()
    broker = broker if isinstance(broker, ORM) else ORM()
    looks_into_queue = MINUTE / POLL
    a_look = statements(broker.dequeue) + 1  # the connection is tried before
    for_old_work = statements(watching._is_wedged) + 1  # the clock is read
    a_sweep = statements(sweep.sweep) + statements(bulk_repost.advance)
    duties = statements(lambda: store_duties.look_after(threading.Event()))
    status = statements(lambda: broker.set_stat("a", "b", 3)) * 2 * MINUTE
    sweeps = MINUTE / settings.CONNECTOR_SWEEP_SECONDS
    looks = MINUTE / supervisor.LOOK_FOR_WORK_SECONDS
    assert looks_into_queue * a_look + looks * for_old_work + sweeps * (a_sweep + duties) + status <= 200


def test_the_supervisor_looks_rarely_while_there_is_no_old_work(watching: supervisor.Supervisor) -> None:
    assert statements(watching._is_wedged) <= 4
    assert statements(watching._is_wedged) == 0


def test_five_looks_at_old_work_that_nobody_takes_in_a_row_are_a_wedged_cluster(
    watching: supervisor.Supervisor,
) -> None:
    with_old_work()
    assert [watching._is_wedged() for _ in range(5)] == [False, False, False, False, True]


def test_a_lane_that_is_held_is_a_cluster_at_work(watching: supervisor.Supervisor) -> None:
    with_old_work()
    busy = ConnectionFactory.create().division
    Division.objects.filter(pk=busy.pk).update(lease_until=database_now() + timedelta(minutes=1))
    assert not any(watching._is_wedged() for _ in range(5))


def test_many_lanes_are_woken_by_as_few_statements_as_one() -> None:
    with_old_work()
    sweep.sweep()  # looks once in a quarter of an hour for what stands still
    with_old_work()
    one = statements(sweep.sweep)
    for _ in range(5):
        with_old_work()
    assert statements(sweep.sweep) == one
    if settings.QUEUE_BROKER == "orm":
        assert OrmQ.objects.count() == 7
    assert sweep.sweep() == 0
