"""Whether workers live and work is done is known from one small row."""

import subprocess
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.worker import heartbeat
from connector.models import Worker
from tests.factories import ConnectionFactory, OrderSyncFactory

pytestmark = pytest.mark.usefixtures("one_reading")
SWEEP = timedelta(seconds=settings.CONNECTOR_SWEEP_SECONDS)


def ready(after: timedelta = timedelta(0)) -> bool:
    """Whether the workers are ready, when so much time has passed."""
    return heartbeat.workers_are_ready(database_now() + after)


def overdue_work() -> None:
    OrderSyncFactory.create(state="pending", next_attempt_at=database_now() - 4 * SWEEP)


def test_a_worker_that_is_silent_for_three_sweeps_is_not_ready() -> None:
    heartbeat.beat()
    assert ready()
    assert not ready(after=3 * SWEEP)
    heartbeat.beat()
    assert ready()
    assert Worker.objects.count() == 1


def test_another_worker_that_lives_is_enough() -> None:
    Worker.objects.create(name="another/1", seen_at=database_now() + SWEEP)
    heartbeat.beat()
    assert ready(after=3 * SWEEP)


def test_a_worker_that_stops_in_order_is_forgotten_and_what_stands_undone_is_seen_all_the_same() -> None:
    heartbeat.beat()
    heartbeat.end()
    assert ready(after=9 * SWEEP)
    overdue_work()
    assert not ready()


def test_a_worker_that_finds_overdue_work_says_so_until_it_is_done() -> None:
    overdue_work()
    heartbeat.beat()
    assert not ready()


def test_a_worker_that_was_not_seen_for_a_day_is_not_expected_any_more() -> None:
    Worker.objects.create(name="another/1", seen_at=database_now() - timedelta(days=1, minutes=1))
    heartbeat.beat()
    assert [worker.name for worker in Worker.objects.all()] != ["another/1"]
    assert Worker.objects.count() == 1


def test_to_ask_costs_one_statement_however_much_is_due() -> None:
    heartbeat.beat()
    for _ in range(3):
        OrderSyncFactory.create(
            connection=ConnectionFactory.create(), state="pending", next_attempt_at=database_now() - SWEEP
        )
    with CaptureQueriesContext(database) as captured:
        ready()
    assert len(captured) == 1


def test_a_worker_that_is_started_again_forgets_the_one_of_its_machine_that_was_killed() -> None:
    here, now = leases.this_process().partition("/")[0], database_now()
    ended = subprocess.Popen(["true"])
    ended.wait()
    for name in (f"{here}/{ended.pid}/1", f"elsewhere/{ended.pid}/1", leases.this_process()):
        Worker.objects.create(name=name, seen_at=now - timedelta(hours=1))
    heartbeat.begin()
    assert {worker.name for worker in heartbeat.silent(now)} == {f"elsewhere/{ended.pid}/1", leases.this_process()}
