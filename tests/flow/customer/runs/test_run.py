"""A run over all customers goes on turn by turn: a kill, a pause and a limit lose and double nothing."""

import pytest
from django.db import IntegrityError

from connector.clients import errors
from connector.flow import leases, long_runs
from connector.flow.clock import database_now
from connector.flow.customer.copies import directory, store_copy
from connector.flow.customer.runs import run as customer_run
from connector.flow.customer.runs.scope import Refused
from connector.flow.long_runs import StoodStill
from connector.models import Connection, CustomerLink, CustomerMatch, CustomerRun, OrderSync
from tests.acme import Acme
from tests.bench.customers.placed import against_truth
from tests.factories import CustomerRunFactory
from tests.flow.customer.pulling import begin, furnish, one_step, turns

pytestmark = pytest.mark.django_db


def test_customers_are_linked_and_missing_accounts_are_made(acme: Acme) -> None:
    world = furnish(acme)
    run = turns(begin(acme))
    assert run.state == "finished"
    assert run.linked + run.created + run.ambiguous == run.customers == 40
    assert run.created > 0
    found = against_truth(acme, world)
    assert (found.doubled, found.wrong, found.untold, found.forgotten) == ([], [], [], [])


@pytest.mark.parametrize("step", ["accounts", "customers", "match", "write", "step"])
def test_a_kill_in_any_step_loses_and_doubles_nothing(acme: Acme, step: str) -> None:
    world = furnish(acme)
    run = begin(acme)
    while run.step != step:
        one_step(run)
    one_step(run)
    assert turns(run).state == "finished"
    found = against_truth(acme, world)
    assert (found.doubled, found.wrong, found.untold, found.forgotten) == ([], [], [], [])


def test_a_pause_keeps_it_and_a_stop_ends_it(acme: Acme) -> None:
    furnish(acme)
    run = begin(acme)
    one_step(run)
    customer_run.pause(run)
    assert customer_run.wake_due() == 0
    assert turns(run).state == "paused"
    customer_run.resume(run)
    run.refresh_from_db()
    assert (run.state, run.step) == ("running", "customers")
    customer_run.stop(run)
    assert turns(run).state == "stopped"
    assert CustomerLink.objects.count() == 0
    assert begin(acme) != run


def test_a_paused_run_stores_what_the_page_at_work_has_brought(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(acme)
    run, pull = begin(acme), directory.pull

    def paused_meanwhile(*given: object) -> int:
        customer_run.pause(run)
        return pull(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(directory, "pull", paused_meanwhile)
    assert (turns(run).state, run.step) == ("paused", "customers")


def test_one_run_of_a_connection_goes_on_at_a_time(acme: Acme) -> None:
    run = begin(acme)
    assert begin(acme) == run
    with pytest.raises(Refused, match="Another run"):
        begin(acme, "push")
    with pytest.raises(IntegrityError):
        CustomerRunFactory.create(connection=acme.connection)


def test_a_scheduled_run_gives_way_to_a_persons_push(acme: Acme) -> None:
    scheduled = customer_run.start(acme.connection, None, "pull", scheduled=True)
    push = begin(acme, "push")
    scheduled.refresh_from_db()
    assert (scheduled.state, push.what, push.scheduled) == ("stopped", "push", False)
    assert customer_run.latest(acme.connection) == push


@pytest.mark.parametrize(
    ("changes", "text"), [({"mode": "off"}, "switched off"), ({"customer_direction": "none"}, "neither to Exact nor")]
)
def test_what_may_not_be_written_is_refused_in_words(acme: Acme, changes: dict[str, str], text: str) -> None:
    Connection.objects.update(**changes)
    acme.connection.refresh_from_db()
    with pytest.raises(Refused, match=text):
        begin(acme)


def test_one_process_has_a_run(acme: Acme) -> None:
    run = begin(acme)
    lease = leases.acquire(CustomerRun, run.pk)
    assert lease is not None
    assert customer_run.go_on(run.pk) is False
    assert customer_run.wake_due() == 0
    leases.release(lease)
    assert customer_run.wake_due() == 1
    assert customer_run.go_on(run.pk) is True


def test_a_worker_gives_way_to_live_orders(acme: Acme) -> None:
    run = begin(acme)
    OrderSync.invoice_row(acme.connection, 1030, due_at=database_now(), request="").save()
    customer_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.step, run.accounts) == ("running", "accounts", 0)
    assert run.due_at is not None
    assert run.due_at > database_now()
    assert customer_run.go_on(run.pk, live_first=False) is False  # not before its time


def test_a_limit_lets_it_wait_and_five_failures_end_it(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    run, until = begin(acme), database_now()

    def limited(*_: object) -> int:
        raise errors.RateLimited("wait", until=until, scope="day", endpoint="x")

    monkeypatch.setattr(directory, "pull", limited)
    customer_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.due_at, run.failures) == ("running", until, 0)

    def away(*_: object) -> int:
        raise errors.Unavailable("away", endpoint="x")

    monkeypatch.setattr(directory, "pull", away)
    for _again in range(long_runs.MOST_FAILURES):
        CustomerRun.objects.filter(state="running").update(due_at=until)
        customer_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problems[0]["code"]) == ("failed", "call_failed")
    monkeypatch.undo()
    customer_run.resume(run)
    assert turns(run).state == "finished"


def test_a_store_that_refuses_the_token_waits_for_a_person(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin(acme)
    acme.sandbox.stores.faults.add("401", times=-1)
    turns(run)
    acme.store.refresh_from_db()
    assert (run.state, run.problems[0]["code"], acme.store.state) == ("failed", "token_refused", "reconnect")


def test_a_fault_of_ours_lets_it_stand_still_and_its_row_says_so(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin(acme)
    monkeypatch.setattr(store_copy, "read_page", None)
    turns(run)
    assert (run.state, run.problems[0]["code"]) == ("failed", "customers_stopped")
    assert "TypeError" in run.problems[0]["params"]["error"]
    assert customer_run.wake_due() == 0
    monkeypatch.undo()
    customer_run.resume(run)
    assert turns(run).state == "finished"


def test_a_failed_run_is_not_resumed_beside_another_one(acme: Acme) -> None:
    failed = CustomerRunFactory.create(connection=acme.connection, state="failed", due_at=None)
    run = begin(acme)
    customer_run.resume(failed)
    failed.refresh_from_db()
    assert (failed.state, run.state) == ("failed", "running")


def test_a_suspended_organisation_is_read_no_further(acme: Acme) -> None:
    furnish(acme)
    run = begin(acme)
    one_step(run)
    run.tenant.suspended = True
    run.tenant.save()
    assert customer_run.wake_due() == 0
    calls = acme.exact_calls()
    assert turns(run).state == "running"
    assert acme.exact_calls() == calls
    run.tenant.suspended = False
    run.tenant.save()
    assert turns(run).state == "finished"


def say_nothing(_line: str) -> None:
    """A terminal that nobody looks at."""


def test_in_the_foreground_it_is_done_to_its_end(acme: Acme) -> None:
    world = furnish(acme)
    run = customer_run.run_now(acme.connection, "pull", say_nothing)
    assert run.state == "finished"
    assert against_truth(acme, world).doubled == []


def test_in_the_foreground_it_waits_for_no_day(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    until = database_now().replace(year=2999)

    def limited(*_: object) -> int:
        raise errors.RateLimited("wait", until=until, scope="day", endpoint="x")

    monkeypatch.setattr(directory, "pull", limited)
    with pytest.raises(StoodStill, match="used up"):
        customer_run.run_now(acme.connection, "pull", say_nothing)


def test_in_the_foreground_it_says_why_it_stands_still(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> int:
        raise errors.Forbidden("no", reason="crm", endpoint="x")

    monkeypatch.setattr(directory, "pull", forbidden)
    with pytest.raises(StoodStill, match="Fix the cause"):
        customer_run.run_now(acme.connection, "pull", say_nothing)


def test_a_report_says_what_a_pull_would_come_to_and_links_nobody(acme: Acme) -> None:
    furnish(acme)
    Connection.objects.update(customer_direction="none")
    report = turns(begin(acme, "report"))
    assert (report.state, report.step, report.customers, report.created) == ("finished", "match", 40, 0)
    assert CustomerLink.objects.count() == 0
    assert acme.sandbox.exact.calls.count("POST", "*crm/*") == 0
    matches = dict(CustomerMatch.objects.values_list("customer_id", "outcome"))
    assert report.linked + len(matches) == 40
    assert report.ambiguous == len([outcome for outcome in matches.values() if outcome != "new"]) > 0
    Connection.objects.update(customer_direction="both")
    pull = turns(begin(acme))
    assert pull.linked >= report.linked
    assert pull.ambiguous == report.ambiguous
