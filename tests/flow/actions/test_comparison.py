"""A comparison that a person asks for: a worker does it, and it survives what happens to the worker."""

from datetime import date, timedelta

import pytest

from connector.clients.errors import Unavailable
from connector.domain.timing.days import Days
from connector.flow import leases
from connector.flow.actions import comparison
from connector.flow.clock import database_now
from connector.flow.lane import wakeup
from connector.models import ReconciliationRun
from tests.acme import Acme
from tests.flow.by_hand import post

JANUARY = Days(date(2026, 1, 1), date(2026, 1, 31), "Europe/Amsterdam")
State = ReconciliationRun.State


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs that a worker was woken for."""
    found: list[int] = []
    monkeypatch.setattr(wakeup, "wake_comparison", found.append)
    return found


def test_a_worker_compares_what_a_person_asked_for(acme: Acme, woken: list[int]) -> None:
    assert post(acme).state == "posted"
    run = comparison.ask(acme.connection, JANUARY, None)
    assert woken == [run.pk]
    comparison.go_on(run.pk)
    run.refresh_from_db()
    assert run.state == State.FINISHED
    assert run.figures["documents"] == 1


def test_asked_twice_it_is_one_comparison(acme: Acme, woken: list[int]) -> None:
    first = comparison.ask(acme.connection, JANUARY, None)
    assert comparison.ask(acme.connection, JANUARY, None) == first
    assert ReconciliationRun.objects.count() == 1


def test_one_whose_worker_died_is_found_by_the_sweep_and_one_at_work_is_not(acme: Acme, woken: list[int]) -> None:
    run = comparison.ask(acme.connection, JANUARY, None)
    woken.clear()
    lease = leases.acquire(ReconciliationRun, run.pk)
    assert lease is not None
    comparison.wake_due()
    assert woken == []
    leases.release(lease)
    comparison.wake_due()
    assert woken == [run.pk]


def test_one_of_the_command_is_left_to_the_command(acme: Acme, woken: list[int]) -> None:
    run = comparison.ask(acme.connection, JANUARY, None)
    woken.clear()
    ReconciliationRun.objects.filter(pk=run.pk).update(by_worker=False)
    comparison.wake_due()
    comparison.go_on(run.pk)
    run.refresh_from_db()
    assert (woken, run.state, run.figures) == ([], State.RUNNING, {})


def test_a_suspended_organisation_is_not_compared(acme: Acme, woken: list[int]) -> None:
    run = comparison.ask(acme.connection, JANUARY, None)
    tenant = acme.store.tenant
    tenant.suspended = True
    tenant.save()
    before = acme.store_calls()
    comparison.go_on(run.pk)
    assert acme.store_calls() == before


def test_a_side_that_is_away_is_said_in_the_run_and_a_person_goes_on(
    acme: Acme, woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = comparison.ask(acme.connection, JANUARY, None)

    def away(*_given: object, **_named: object) -> None:
        raise Unavailable("The store gave no answer")

    with monkeypatch.context() as patch:
        patch.setattr("connector.flow.reconcile.read_store.orders_page", away)
        comparison.go_on(run.pk)
    run.refresh_from_db()
    assert run.state == State.STOPPED
    assert run.problem
    assert comparison.ask(acme.connection, JANUARY, None) == run
    comparison.go_on(run.pk)
    run.refresh_from_db()
    assert run.state == State.FINISHED


def test_a_fault_of_ours_stands_in_the_run(acme: Acme, woken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    run = comparison.ask(acme.connection, JANUARY, None)

    def broken(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("connector.flow.reconcile.read_store.orders_page", broken)
    asked = database_now() - timedelta(days=1)
    ReconciliationRun.objects.update(updated_at=asked)
    comparison.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.updated_at > asked) == (State.STOPPED, True)  # since when it stands still
    assert "ZeroDivisionError" in run.problem
