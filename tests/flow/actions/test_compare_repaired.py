"""After repairs a month is compared once more, by itself, and only once."""

from datetime import date, timedelta
from typing import Any

import pytest

from connector.flow.actions import comparison
from connector.flow.actions.compare_repaired import AGAIN, begin
from connector.flow.clock import database_now
from connector.flow.reconcile.unsettled import unsettled
from connector.models import ReconciliationRun
from tests.acme import Acme
from tests.flow.reconcile.books import days, delete, put_right, run
from tests.flow.reconcile.conftest import beginning, posted, shop_of

__all__ = ["beginning", "posted"]
JANUARY = date(2026, 1, 1), date(2026, 1, 31)


@pytest.fixture
def repaired(posted: Acme) -> Acme:
    """Two documents that were deleted in Exact are posted again, by the button."""
    delete(posted, 1004)
    delete(posted, 1005)
    first = run(posted, *JANUARY)
    put_right(first, "deleted", 1004)
    put_right(first, "deleted", 1005)
    return posted


def test_a_month_is_compared_once_when_all_its_repairs_have_arrived(repaired: Acme) -> None:
    assert begin() == 0  # they are on their way
    repaired.settle()
    assert begin() == 1
    latest = ReconciliationRun.objects.latest("id")
    assert (latest.state, latest.by_worker, latest.first, latest.last) == ("running", True, *JANUARY)
    comparison.go_on(latest.pk)
    latest.refresh_from_db()
    assert latest.complete
    assert (begin(), unsettled(repaired.connection.pk).count()) == (0, 0)


def test_one_that_was_looked_at_since_is_not_looked_at_again(repaired: Acme) -> None:
    """A person pressed the button too, and what it found is theirs."""
    repaired.settle()
    delete(repaired, 1004)
    assert not run(repaired, *JANUARY).complete
    assert begin() == 0


def test_an_order_that_is_read_in_is_under_way_until_the_lane_has_read_it(posted: Acme) -> None:
    shop_of(posted).change(1006, status_id=11)
    posted.connection.documents.filter(order_id=1006).delete()
    found = run(posted, *JANUARY)
    put_right(found, "missing_document", 1006)
    assert begin() == 0
    posted.settle()
    assert begin() == 1


@pytest.mark.usefixtures("repaired")
def test_nothing_is_begun_for_a_suspended_organisation(repaired: Acme) -> None:
    repaired.settle()
    tenant = repaired.connection.store.tenant
    tenant.suspended = True
    tenant.save()
    assert begin() == 0


def test_what_has_no_day_is_compared_in_the_period_that_found_it(posted: Acme) -> None:
    """The month in which that begins may not be the order's."""
    week = date(2025, 12, 31), date(2026, 1, 6)
    shop_of(posted).change(1001, status_id="odd")
    found = run(posted, *week)
    shop_of(posted).change(1001, status_id=11)
    put_right(found, "missing_document", 1001)
    posted.settle()
    assert begin() == 1
    assert (the_run().first, the_run().last) == week
    comparison.go_on(the_run().pk)
    assert (begin(), unsettled(posted.connection.pk).count()) == (0, 0)


def the_run(**fields: Any) -> ReconciliationRun:
    """The newest comparison, after so many of its fields were set."""
    run = ReconciliationRun.objects.latest("id")
    ReconciliationRun.objects.filter(pk=run.pk).update(**fields)
    run.refresh_from_db()
    return run


def test_one_that_stood_still_goes_on_after_an_hour(repaired: Acme) -> None:
    repaired.settle()
    assert begin() == 1
    the_run(updated_at=database_now() - AGAIN)
    repaired.sandbox.exact.faults.add("503_html", times=-1)
    comparison.go_on(the_run().pk)
    assert (the_run().state, begin()) == ("stopped", 0)
    stopped = the_run(updated_at=database_now() - AGAIN - timedelta(seconds=1))
    assert (begin(), the_run(), the_run().state) == (1, stopped, "running")


def test_one_that_failed_is_done_again_after_an_hour(repaired: Acme) -> None:
    repaired.settle()
    assert begin() == 1
    failed = the_run(state="failed", finished_at=database_now())
    assert begin() == 0
    the_run(finished_at=database_now() - AGAIN - timedelta(seconds=1))
    assert (begin(), the_run() == failed) == (1, False)


def test_one_that_stood_still_before_the_repair_is_not_woken_by_every_sweep(repaired: Acme) -> None:
    repaired.settle()
    comparison.ask(repaired.connection, days(repaired, *JANUARY), None)
    the_run(created_at=database_now() - timedelta(hours=2), state="stopped", updated_at=database_now())
    assert (begin(), the_run().state) == (0, "stopped")


def test_one_that_was_begun_before_the_repair_is_not_the_last(repaired: Acme) -> None:
    repaired.settle()
    comparison.ask(repaired.connection, days(repaired, *JANUARY), None)
    early = the_run(created_at=database_now() - timedelta(hours=2))
    assert begin() == 0  # a worker goes on with it
    the_run(state="finished")
    assert (begin(), the_run() == early) == (1, False)


def test_one_whose_process_died_is_taken_over(repaired: Acme) -> None:
    repaired.settle()
    comparison.ask(repaired.connection, days(repaired, *JANUARY), None)
    the_run(by_worker=False)
    assert begin() == 1
