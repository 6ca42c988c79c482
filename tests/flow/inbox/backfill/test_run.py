"""A backfill goes on turn by turn: a kill, a pause and a limit lose and double nothing."""

from datetime import date

import pytest
from django.db import IntegrityError

from connector.clients import errors
from connector.flow import leases, long_runs
from connector.flow.clock import database_now
from connector.flow.inbox.backfill import read
from connector.flow.inbox.backfill import run as backfill
from connector.flow.inbox.backfill.days import Refused
from connector.models import BackfillRun, Connection, OrderSync, SyncEvent
from tests.acme import DIVISION, Acme
from tests.flow.inbox.backfill.hand import INVOICES, STYLES, type_in
from tests.flow.inbox.backfill.scene import SINCE, UNTIL, begin, once_each, one_step, states, turns

pytestmark = pytest.mark.django_db


def test_orders_from_before_are_posted_once(acme: Acme) -> None:
    run = turns(begin(acme))
    assert (run.state, run.orders, run.queued, run.skipped) == ("finished", 24, 24, 0)
    acme.settle()
    assert states(acme) == {"posted": 24}
    assert once_each(acme)


def test_what_was_typed_by_hand_is_adopted_and_nothing_is_doubled(acme: Acme) -> None:
    typed = {1001 + at: type_in(acme, 1001 + at, style) for at, style in enumerate(STYLES)}
    run = turns(begin(acme))
    assert (run.state, run.adopted, run.likely, run.queued, run.skipped) == ("finished", 4, 1, 19, 0)
    acme.settle()
    for order_id in range(1001, 1005):
        document = acme.document(order_id)
        assert (document.state, document.exact_id) == ("posted", typed[order_id])
        assert "typed in by hand" in SyncEvent.objects.get(document=document, data__has_key="to").text
    held = acme.document(1005)
    assert (held.state, held.reason, held.code) == ("blocked", "duplicate", "may_be_in_exact")
    assert run.rows.get(order_id=1005).found == [[typed[1005], "alike"]]
    assert once_each(acme)


def test_live_orders_go_first(acme: Acme) -> None:
    turns(begin(acme))
    acme.ring(1030)
    acme.drain(rounds=1)
    posted = OrderSync.objects.filter(state="posted").order_by("posted_at").values_list("order_id", flat=True)
    assert posted[0] == 1030
    assert OrderSync.objects.filter(low_priority=True).count() == 24


def test_a_worker_gives_way_to_live_orders(acme: Acme) -> None:
    run = begin(acme)
    acme.ring(1030)
    OrderSync.invoice_row(acme.connection, 1030, due_at=database_now(), request="").save()
    backfill.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.documents, run.orders) == ("running", 0, 0)
    assert run.due_at is not None
    assert run.due_at > database_now()
    assert backfill.go_on(run.pk, live_first=False) is False  # not before its time


def test_orders_of_before_the_first_day_are_posted(acme: Acme) -> None:
    Connection.objects.update(start_date=date(2026, 6, 1))
    acme.connection.refresh_from_db()
    turns(begin(acme))
    acme.settle()
    assert states(acme) == {"posted": 24}


def test_shadow_translates_and_posts_nothing(acme: Acme) -> None:
    acme.configure(mode="shadow")
    acme.connection.refresh_from_db()
    typed = type_in(acme, 1001, "number as reference")
    run = turns(begin(acme))
    assert (run.adopted, run.queued) == (1, 23)
    acme.settle()
    assert states(acme) == {"posted": 1, "skipped": 23}
    assert [row["InvoiceID"] for row in acme.invoices()] == [typed]


def test_what_has_no_date_or_another_years_is_found_all_the_same(acme: Acme) -> None:
    none, far = type_in(acme, 1001, "number as reference"), type_in(acme, 1002, "our reference")
    acme.sandbox.exact.change(DIVISION, INVOICES, none, InvoiceDate=None)
    made = next(row for row in acme.invoices() if row["InvoiceID"] == far)
    acme.sandbox.exact.change(DIVISION, INVOICES, far, InvoiceDate=made["InvoiceDate"].replace(year=2025))
    assert turns(begin(acme)).adopted == 2
    assert {acme.document(1001).exact_id, acme.document(1002).exact_id} == {none, far}


def test_what_came_under_our_reference_since_both_were_read_is_found_before_posting(acme: Acme) -> None:
    assert turns(begin(acme)).queued == 24
    type_in(acme, 1001, "our reference")
    acme.settle()
    assert len(acme.invoices(1001)) == 1
    assert (acme.document(1001).state, acme.document(1001).code) == ("blocked", "other_with_our_reference")


@pytest.mark.parametrize("step", ["exact", "store", "match", "ledger"])
def test_a_kill_in_any_step_loses_and_doubles_nothing(acme: Acme, step: str) -> None:
    for at, style in enumerate(STYLES[:4]):
        type_in(acme, 1001 + at, style)
    run = begin(acme)
    while run.step != step:
        one_step(run)
    one_step(run)
    assert turns(run).state == "finished"
    assert (run.adopted, run.queued, run.skipped) == (4, 20, 0)
    acme.settle()
    assert states(acme) == {"posted": 24}
    assert once_each(acme)


def test_one_process_has_a_run(acme: Acme) -> None:
    run = begin(acme)
    lease = leases.acquire(BackfillRun, run.pk)
    assert lease is not None
    assert backfill.go_on(run.pk) is False
    assert backfill.wake_due() == 0
    leases.release(lease)
    assert backfill.wake_due() == 1
    assert backfill.go_on(run.pk) is True


def test_one_backfill_of_a_connection_goes_on_at_a_time(acme: Acme) -> None:
    run = begin(acme)
    assert begin(acme) == run
    with pytest.raises(Refused, match="2026-01-05"):
        begin(acme, until=date(2026, 1, 13))
    with pytest.raises(IntegrityError):
        BackfillRun.objects.create(
            tenant=run.tenant,
            connection=run.connection,
            since=SINCE,
            until=UNTIL,
            expected=0,
            due_at=database_now(),
        )


def test_pause_resume_and_stop(acme: Acme, woken: list[int]) -> None:
    run = begin(acme)
    one_step(run)
    backfill.pause(run)
    assert turns(run).state == "paused"
    assert run.documents == 0
    backfill.resume(run)
    assert woken[-2:] == [run.pk, run.pk]
    while run.step != "ledger":
        one_step(run)
    one_step(run)
    backfill.stop(run)
    assert turns(run).state == "stopped"
    assert 0 < OrderSync.objects.count() < 24
    assert not run.documents_read.exists()
    backfill.resume(run)
    assert turns(run).state == "stopped"


def test_a_limit_lets_it_wait_and_five_failures_end_it(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    run, until = begin(acme), database_now()

    def limited(*_: object) -> bool:
        raise errors.RateLimited("wait", until=until, scope="day", endpoint="x")

    monkeypatch.setattr(read, "keep_documents", limited)
    backfill.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.due_at, run.failures) == ("running", until, 0)

    def away(*_: object) -> bool:
        raise errors.Unavailable("away", endpoint="x")

    monkeypatch.setattr(read, "keep_documents", away)
    for _again in range(long_runs.MOST_FAILURES):
        BackfillRun.objects.filter(state="running").update(due_at=until)
        backfill.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problems[0]["code"]) == ("failed", "call_failed")
    monkeypatch.undo()
    backfill.resume(run)
    assert turns(run).state == "finished"


def test_a_fault_of_ours_lets_it_stand_still_and_its_row_says_so(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin(acme)
    monkeypatch.setattr(read, "keep_documents", None)
    backfill.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problems[0]["code"]) == ("failed", "backfill_stopped")
    assert "TypeError" in run.problems[0]["params"]["error"]
    assert backfill.wake_due() == 0
    monkeypatch.undo()
    backfill.resume(run)
    assert turns(run).state == "finished"


def test_a_suspended_organisation_is_read_no_further(acme: Acme) -> None:
    run = begin(acme)
    one_step(run)
    run.tenant.suspended = True
    run.tenant.save()
    assert backfill.wake_due() == 0
    calls = acme.exact_calls()
    assert turns(run).state == "running"
    assert acme.exact_calls() == calls
    run.tenant.suspended = False
    run.tenant.save()
    assert turns(run).state == "finished"
