"""Bulk re-post: first one document per cause, then growing batches, until the same error comes back."""

from datetime import timedelta
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem, to_json
from connector.flow.actions import bulk_repost
from connector.flow.actions.documents import skip
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.flow.lane import due
from connector.flow.worker import turns
from connector.models import BulkRun, Division, OrderSync, SyncEvent
from connector.problems.catalogue import sentence
from tenants.models import Tenant, User
from tests.acme import Acme
from tests.factories import OrderSyncFactory, TenantFactory

WHY = "Put right"
REFUSED = {"vendor": "Exact", "endpoint": "salesinvoice/SalesInvoices", "stands": "", "noun": "invoice", "number": ""}
REASONS = ["mapping", "item", "rejected", "customer", "period"]


def cause(reason: str, n: int) -> Problem:
    """What holds order n: the same cause for all of a reason, with what only names the one order."""
    line = {"line": f"product:{n}", "name": f"P{n}", "kind": "product", "country": "NL"}
    text = f"Invalid: Cost centre, for NLS-{n}"
    refused = {**REFUSED, "text": text, "error": f"Exact refused the request: {text}", "fault": "Cost centre, for …"}
    return {
        "mapping": problem(Code.NO_GL_ACCOUNT_RULE, **line),
        "item": problem(Code.ITEM_MISSING, **line, item="X"),
        "rejected": problem(Code.REFUSED, **refused),
        "customer": problem(Code.ACCOUNT_BLOCKED, account="A", by=f"SearchCode {n}"),
        "period": problem(Code.PERIOD_REFUSED, **{**refused, "fault": "no period for …"}),
    }[reason]


def held_by(found: Problem) -> dict[str, Any]:
    """What the ledger keeps of a problem."""
    return {
        "state": "blocked",
        "reason": found.reason,
        "code": found.code,
        "params": dict(found.params),
        "problems": to_json([found]),
        "message": sentence(found),
    }


def hold(acme: Acme, reason: str, orders: range) -> None:
    """Put blocked rows into the ledger."""
    for n in orders:
        OrderSyncFactory.create(
            connection=acme.connection,
            held=True,
            order_id=n,
            reference=f"NLS-{n}",
            **held_by(cause(reason, n)),
        )


@pytest.fixture
def bad_day(acme: Acme) -> Tenant:
    """Five causes, four rows each."""
    for place, reason in enumerate(REASONS):
        hold(acme, reason, range(5000 + 10 * place, 5004 + 10 * place))
    return acme.store.tenant


def work(*bad: str) -> list[int]:
    """Do the lane's work: each pending row is posted or blocked again. Returns the pending rows."""
    pending = list(OrderSync.objects.filter(state="pending"))
    for row in pending:
        reason = REASONS[(row.order_id - 5000) // 10] if row.order_id < 6000 else "mapping"
        if reason in bad:
            changes = held_by(cause(reason, row.order_id))
        else:
            changes = {"state": "posted", "exact_id": f"id-{row.order_id}"}
        OrderSync.objects.filter(pk=row.pk).update(next_attempt_at=None, **changes)
    return sorted(row.order_id for row in pending)


def test_five_causes_are_sent_with_a_canary_each_and_the_error_that_returns_stops_its_own(bad_day: Tenant) -> None:
    run = bulk_repost.start(bad_day, OrderSync.objects.all(), None, WHY)
    assert (run.total, len(run.causes)) == (20, 5)
    assert [len(cause["going"]) for cause in run.causes] == [1] * 5
    assert work("rejected") == [5000, 5010, 5020, 5030, 5040]
    while bulk_repost.advance():
        assert 5021 not in work("rejected")
    run.refresh_from_db()
    assert {cause["reason"]: cause["state"] for cause in run.causes} == {
        reason: "stopped" if reason == "rejected" else "done" for reason in REASONS
    }
    assert OrderSync.objects.filter(state="posted").count() == 16
    assert OrderSync.objects.filter(state="blocked", reason="rejected").count() == 4
    assert (run.state, run.settled, run.current) == ("stopped", 17, "")
    assert (
        bulk_repost.progress_of(run)
        == "16 went through, 1 came back, 3 were not sent because their cause is not fixed."
    )
    assert run.finished_at is not None
    assert bulk_repost.advance() == 0


def test_nothing_follows_a_canary_that_is_still_on_its_way(bad_day: Tenant) -> None:
    run = bulk_repost.start(bad_day, OrderSync.objects.filter(reason="mapping"), None, WHY)
    for state in ("waiting", "uncertain", "preparing", "posting"):
        due = database_now() if state in {"waiting", "uncertain"} else None
        OrderSync.objects.filter(order_id=5000).update(state=state, next_attempt_at=due)
        assert bulk_repost.advance() == 0
    run.refresh_from_db()
    assert (run.state, run.settled) == ("running", 0)


def test_batches_grow_with_what_came_out_well_and_no_further_than_the_limit(acme: Acme) -> None:
    hold(acme, "mapping", range(6000, 6080))
    bulk_repost.start(acme.store.tenant, OrderSync.objects.all(), None, WHY)
    sizes = []
    while rows := work():
        sizes.append(len(rows))
        bulk_repost.advance()
    assert sizes == [1, 2, 4, 8, 16, 20, 20, 9]
    assert BulkRun.objects.get().state == "done"


def test_another_error_calls_for_another_canary_and_the_second_of_its_kind_stops(acme: Acme) -> None:
    hold(acme, "mapping", range(6000, 6010))
    run = bulk_repost.start(acme.store.tenant, OrderSync.objects.all(), None, WHY)
    for sent in (6000, 6001):
        row = OrderSync.objects.get(state="pending")
        assert row.order_id == sent
        OrderSync.objects.filter(pk=row.pk).update(next_attempt_at=None, **held_by(cause("rejected", sent)))
        bulk_repost.advance()
    run.refresh_from_db()
    assert run.state == "stopped"
    assert OrderSync.objects.filter(reason="mapping").count() == 8


def test_what_was_held_before_there_were_codes_has_one_canary_for_each_reason(acme: Acme) -> None:
    hold(acme, "mapping", range(6000, 6010))
    hold(acme, "item", range(6010, 6012))
    OrderSync.objects.update(code="", params={}, problems=[])
    run = bulk_repost.start(acme.store.tenant, OrderSync.objects.all(), None, WHY)
    assert [len(cause["going"]) for cause in run.causes] == [1, 1]


def test_who_and_why_stand_in_each_documents_history(bad_day: Tenant) -> None:
    ann = User.objects.create_user("ann@acme.example")
    bulk_repost.start(bad_day, OrderSync.objects.filter(reason="item"), ann, WHY)
    work()
    bulk_repost.advance()
    events = SyncEvent.objects.filter(kind="action", data__action="re_post")
    assert {(event.actor, event.data["reason"]) for event in events} == {(ann, WHY)}
    assert events.count() == 3


def test_what_moved_on_meanwhile_is_left_alone(bad_day: Tenant) -> None:
    run = bulk_repost.start(bad_day, OrderSync.objects.filter(reason="item"), None, WHY)
    skip(OrderSync.objects.get(order_id=5011), None, "not this one")
    work()
    while bulk_repost.advance():
        work()
    run.refresh_from_db()
    assert run.state == "done"
    assert OrderSync.objects.get(order_id=5011).state == "skipped"
    assert bulk_repost.progress_of(run) == "3 went through, 0 came back, 1 had moved on meanwhile."


def test_a_person_stops_a_run(bad_day: Tenant) -> None:
    run = bulk_repost.start(bad_day, OrderSync.objects.all(), None, WHY)
    bulk_repost.stop(run, None, "wrong rules")
    work()
    assert bulk_repost.advance() == 0
    assert (run.state, bulk_repost.progress_of(run)) == ("stopped", "Stopped by the shell: wrong rules")
    assert run.message == '{"person": "", "reason": "wrong rules"}'
    with pytest.raises(NotPossible):
        bulk_repost.stop(run, None, WHY)


def test_a_run_keeps_figures_and_an_earlier_release_a_sentence(bad_day: Tenant) -> None:
    """The words are those of the reader, not of the worker that went on with the run."""
    run = bulk_repost.start(bad_day, OrderSync.objects.all(), None, WHY)
    assert run.message == ""
    assert bulk_repost.progress_of(run) == "0 went through, 0 came back."
    run.message = "3 went through, 0 came back."
    assert bulk_repost.progress_of(run) == run.message


def test_only_the_tenants_own_blocked_and_skipped_documents_are_taken(bad_day: Tenant) -> None:
    other = TenantFactory.create()
    with pytest.raises(NotPossible, match="blocked or skipped"):
        bulk_repost.start(other, OrderSync.objects.all(), None, WHY)
    with pytest.raises(NotPossible, match="Say why"):
        bulk_repost.start(bad_day, OrderSync.objects.all(), None, " ")
    assert not BulkRun.objects.exists()
    assert bulk_repost.advance("charlie") == 0


def test_the_estimate_keeps_within_the_minutes_budget(bad_day: Tenant) -> None:
    division, now = Division.objects.get(), database_now()
    assert bulk_repost.estimate(54, division, now) == timedelta(minutes=3)
    run = bulk_repost.start(bad_day, OrderSync.objects.all(), None, WHY)
    assert bulk_repost.remaining(run) == bulk_repost.estimate(20, division, now)
    work()
    bulk_repost.advance()
    run.refresh_from_db()
    assert bulk_repost.remaining(run) == bulk_repost.estimate(15, division, now)


def test_an_action_is_done_to_each_that_allows_it(bad_day: Tenant) -> None:
    OrderSync.objects.filter(order_id=5000).update(state="posted", reason="", exact_id="x")
    outcome = bulk_repost.each(skip, OrderSync.objects.filter(reason__in=["", "mapping"]), None, WHY)
    assert outcome.done == 3
    ((document, text),) = outcome.refused
    assert (document.order_id, "posted" in text) == (5000, True)


def test_a_lanes_turn_takes_the_run_further(acme: Acme) -> None:
    for order_id in (1001, 1002, 1012):
        acme.ring(order_id)
    acme.connection.mode = "shadow"
    acme.connection.save()
    acme.drain()
    acme.connection.mode = "live"
    acme.connection.save()
    bulk_repost.start(acme.store.tenant, OrderSync.objects.all(), None, "they are real")
    for _ in range(4):
        turns.do_lane(acme.connection.division_id)
    assert {row.state for row in OrderSync.objects.all()} == {"posted"}
    assert BulkRun.objects.get().state == "done"


def wait_all(acme: Acme, *order_ids: int) -> None:
    """Rows that nobody has worked on yet."""
    Division.objects.update(closed_until=database_now() + timedelta(minutes=1))
    for order_id in order_ids:
        acme.ring(order_id)
    acme.drain()


class TestABulkRePostOfFiveThousand:
    """It spends its budget sensibly."""

    def hold(self, acme: Acme, reason: str, first: int, many: int) -> None:
        OrderSync.objects.bulk_create(
            OrderSync(
                connection=acme.connection,
                division=acme.connection.division,
                order_id=n,
                state="blocked",
                reason=reason,
                message=f"Exact refused it for {reason}: order {n}",
            )
            for n in range(first, first + many)
        )

    def test_only_one_document_of_an_unfixed_cause_is_sent(self, acme: Acme) -> None:
        self.hold(acme, "rejected", 50_000, 4_990)
        self.hold(acme, "mapping", 60_000, 10)
        run = bulk_repost.start(acme.store.tenant, OrderSync.objects.all(), None, "put right")
        assert (run.total, len(run.causes)) == (5_000, 2)
        sent = 0
        while rows := list(OrderSync.objects.filter(state="pending")):
            sent += len(rows)
            for row in rows:
                bad = row.order_id < 60_000
                message = f"Exact refused it for rejected: order {row.order_id}" if bad else ""
                state = {"state": "blocked", "reason": "rejected"} if bad else {"state": "posted", "exact_id": row.pk}
                OrderSync.objects.filter(pk=row.pk).update(message=message, next_attempt_at=None, **state)
            bulk_repost.advance()
        assert sent == 11
        assert bulk_repost.progress_of(BulkRun.objects.get()) == (
            "10 went through, 1 came back, 4989 were not sent because their cause is not fixed."
        )

    def test_live_orders_go_first_and_a_share_of_the_day_is_theirs(self, acme: Acme) -> None:
        self.hold(acme, "mapping", 50_000, 3)
        bulk_repost.start(acme.store.tenant, OrderSync.objects.all(), None, "put right")
        wait_all(acme, 1001)
        now = database_now()
        Division.objects.update(closed_until=None)
        lane = acme.connection.division_id
        assert list(due.due(lane, now).values_list("order_id", "low_priority")) == [(1001, False), (50_000, True)]
        Division.objects.update(day_calls_left=1200, day_calls_limit=5000, day_ends_at=now + timedelta(hours=6))
        assert list(due.due(lane, now).values_list("order_id", flat=True)) == [1001]

    def test_it_says_that_it_takes_days(self, acme: Acme) -> None:
        now = database_now()
        Division.objects.update(day_calls_left=5000, day_calls_limit=5000, day_ends_at=now + timedelta(hours=6))
        time = bulk_repost.estimate(5_000, Division.objects.get(), now)
        assert bulk_repost.in_words(time) == "3 days"
        assert bulk_repost.in_words(timedelta(minutes=50)) == "50 minutes"
        assert bulk_repost.in_words(timedelta(hours=7)) == "7 hours"
        assert bulk_repost.in_words(timedelta(seconds=3)) == "less than a minute"
