"""A run has one process at a time, and a failed call lets it wait or stand still."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from structlog.testing import capture_logs

from connector.clients import errors
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.flow import leases, long_runs
from connector.flow.clock import database_now
from connector.flow.long_runs import Later, take_turn, what_follows
from connector.models import CustomerRun
from connector.problems.catalogue import EXACT
from tests.factories import CustomerRunFactory

pytestmark = pytest.mark.django_db


class Worker:
    """A process that does turns of runs, and what it did."""

    def __init__(self) -> None:
        self.done: list[CustomerRun] = []
        self.shown: list[str] = []

    def work(self, run: CustomerRun, lease: leases.Lease) -> None:
        self.done.append(run)
        assert leases.held(lease).exists()

    def show(self, run: CustomerRun, error: Exception) -> None:
        self.shown.append(type(error).__name__)

    def turn(self, run: CustomerRun) -> bool:
        going_on: QuerySet[CustomerRun] = CustomerRun.objects.filter(state="running")
        return take_turn(going_on, run.pk, self.work, event="run_failed", show=self.show)


def test_a_turn_has_the_lease_and_gives_it_back() -> None:
    run, worker = CustomerRunFactory.create(), Worker()
    assert worker.turn(run)
    assert worker.done == [run]
    run.refresh_from_db()
    assert run.lease_until is None


def test_a_run_that_another_process_has_gets_no_second_turn() -> None:
    run, worker = CustomerRunFactory.create(), Worker()
    assert leases.acquire(CustomerRun, run.pk)
    assert not worker.turn(run)
    assert worker.done == []


@pytest.mark.parametrize("changes", [{"due_at": None, "state": "paused"}, {"due_at": "2999-01-01T00:00Z"}])
def test_a_run_that_may_not_go_on_gets_no_turn(changes: dict[str, str | None]) -> None:
    run, worker = CustomerRunFactory.create(**changes), Worker()
    assert not worker.turn(run)
    assert worker.done == []


class Faulty(Worker):
    """A process that fails, or loses its lease, in the middle of a turn."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def work(self, run: CustomerRun, lease: leases.Lease) -> None:
        raise self.error


def test_a_fault_is_logged_and_shown() -> None:
    worker = Faulty(ValueError("Jane"))
    with capture_logs() as logs:
        assert worker.turn(CustomerRunFactory.create())
    assert worker.shown == ["ValueError"]
    assert [line["event"] for line in logs] == ["run_failed"]
    assert "Jane" not in str(logs)


def test_a_lost_lease_is_no_fault() -> None:
    worker = Faulty(leases.LeaseLost("lost"))
    assert worker.turn(CustomerRunFactory.create())
    assert worker.shown == []


def follows(error: errors.ClientError, failures: int = 0) -> Later | Problem:
    return what_follows(error, EXACT, failures)


def test_a_call_that_failed_is_tried_again_later_and_later() -> None:
    away = errors.Unavailable("away")
    for failures, seconds in enumerate((10, 20, 40, 80)):
        later = follows(away, failures)
        assert isinstance(later, Later)
        assert later.failures == failures + 1
        assert timedelta(seconds=seconds - 1) < later.due_at - database_now() <= timedelta(seconds=seconds)
    given_up = follows(away, long_runs.MOST_FAILURES - 1)
    assert isinstance(given_up, Problem)
    assert given_up.code == Code.CALL_FAILED


def test_a_limit_is_waited_for_and_is_no_failure() -> None:
    until = database_now() + timedelta(hours=3)
    assert follows(errors.RateLimited("limit", until=until), failures=4) == Later(until, 4)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.Forbidden("no", reason="scope"), Code.RIGHT_MISSING),
        (errors.Unauthorized("no"), Code.TOKEN_REFUSED),
        (errors.Reconnect("no"), Code.TOKEN_REFUSED),
    ],
)
def test_what_a_person_must_put_right_is_not_tried_again(error: errors.ClientError, code: Code) -> None:
    why = follows(error)
    assert isinstance(why, Problem)
    assert why.code == code
