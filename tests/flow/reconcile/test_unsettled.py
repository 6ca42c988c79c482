"""A difference is settled only by a run that looked at the very same again, and counts for the month of its day."""

from datetime import date, timedelta
from typing import Any

import pytest

from connector.flow.actions import discrepancies, months
from connector.flow.clock import database_now
from connector.flow.reconcile.unsettled import carry_over, settle, unsettled
from connector.models import Connection, Discrepancy, OrderSync, ReconciliationRun, RunDocument
from tests.acme import Acme
from tests.factories import ConnectionFactory, OrderSyncFactory
from tests.flow.by_hand import WHY
from tests.flow.reconcile.books import CENT, change, delete, found, one, put_right, run
from tests.flow.reconcile.conftest import shop_of

JANUARY = date(2026, 1, 1), date(2026, 1, 31)
FEBRUARY = date(2026, 2, 1), date(2026, 2, 28)
A_WEEK = date(2026, 2, 1), date(2026, 2, 7)


def test_what_a_later_days_run_finds_is_of_the_month_of_its_order_until_that_is_compared_again(posted: Acme) -> None:
    january = run(posted, *JANUARY, drift_since="")
    posted.sandbox.exact.advance(60)
    before = change(posted, 1001, AmountFC=posted.invoice(1001)["AmountFC"] + CENT)
    daily = run(posted, *A_WEEK, drift_since=january.figures["modified"])
    assert found(daily) == [("amount", 1001)]
    assert (months.is_complete(january), one(daily, "amount").day) == (False, date(2026, 1, 5))
    assert run(posted, *FEBRUARY).complete  # it did not look at the document
    assert unsettled(posted.connection.pk).get().run == daily
    posted.sandbox.exact.advance(60)
    change(posted, 1001, AmountFC=before["AmountFC"])
    assert run(posted, *A_WEEK, drift_since=daily.figures["modified"]).complete
    assert months.is_complete(january)


def test_two_comparisons_that_differ_in_one_document_are_two_differences(posted: Acme) -> None:
    """What the store changed unseen, and what a person changed in Exact: neither hides the other."""
    shop_of(posted).change(1001, total_inc_tax="99.0000")
    discrepancies.accept(one(run(posted), "amount"), None, WHY)
    assert run(posted).complete
    change(posted, 1001, AmountFC=posted.invoice(1001)["AmountFC"] + 5)
    done = run(posted)
    assert (done.complete, found(done)) == (False, [("amount", 1001)])
    assert done.discrepancies.count() == 2


def test_the_button_alone_settles_nothing(posted: Acme) -> None:
    delete(posted, 1004)
    first = run(posted, *JANUARY)
    put_right(first, "deleted", 1004)
    row = unsettled(posted.connection.pk).get()
    assert row.carried_out_at
    assert not months.is_complete(run(posted, *JANUARY))  # the document is not posted yet
    assert unsettled(posted.connection.pk).get().carried_out_at == row.carried_out_at  # of the state that it found
    posted.settle()
    assert months.is_complete(run(posted, *JANUARY))


def compared(connection: Connection, first: date, last: date) -> ReconciliationRun:
    """A finished run."""
    return ReconciliationRun.objects.create(
        tenant=connection.store.tenant,
        connection=connection,
        division=connection.division,
        first=first,
        last=last,
        zone="Europe/Amsterdam",
        state=ReconciliationRun.State.FINISHED,
        complete=True,
        finished_at=database_now(),
    )


@pytest.fixture
def connection(db: None) -> Connection:
    made: Connection = ConnectionFactory.create()
    return made


@pytest.fixture
def document(connection: Connection) -> OrderSync:
    posted_one: OrderSync = OrderSyncFactory.create(connection=connection, posted=True, exact_id="e-1", order_id=7)
    return posted_one


def differs(of: ReconciliationRun, **changes: Any) -> Discrepancy:
    """What a run found of order 7, of 5 January."""
    row: dict[str, Any] = {"kind": "amount", "order_id": 7, "reference": "S-7", "remedy": "correct", "figures": "f"}
    return Discrepancy.objects.create(**{"run": of, "day": date(2026, 1, 5), **row, **changes})


def is_settled(row: Discrepancy, by: ReconciliationRun) -> bool:
    settle(by)
    row.refresh_from_db()
    return row.state == "resolved"


@pytest.mark.parametrize(
    ("days", "settled"),
    [(JANUARY, True), ((date(2026, 1, 5), date(2026, 1, 5)), True), (FEBRUARY, False)],
)
def test_what_the_store_has_is_looked_at_on_its_day(
    connection: Connection, days: tuple[date, date], settled: bool
) -> None:
    row = differs(compared(connection, *A_WEEK))
    assert is_settled(row, compared(connection, *days)) is settled


def test_in_another_zone_the_first_day_has_other_hours(connection: Connection) -> None:
    row = differs(compared(connection, *JANUARY))
    later = compared(connection, date(2026, 1, 5), date(2026, 1, 9))
    later.zone = "UTC"
    assert not is_settled(row, later)
    later.first = date(2026, 1, 4)
    assert is_settled(row, later)


def test_after_a_change_of_zone_two_months_have_a_day_at_the_edge_between_them(connection: Connection) -> None:
    row = differs(compared(connection, *JANUARY), day=date(2026, 1, 1))
    ReconciliationRun.objects.update(zone="Pacific/Auckland")  # there it began twelve hours earlier
    assert not is_settled(row, compared(connection, *JANUARY))
    assert not is_settled(row, compared(connection, *FEBRUARY))
    assert is_settled(row, compared(connection, date(2025, 12, 1), date(2025, 12, 31)))


@pytest.mark.parametrize("days", [JANUARY, FEBRUARY])
def test_a_document_of_ours_is_looked_at_when_it_was_compared(
    connection: Connection, document: OrderSync, days: tuple[date, date]
) -> None:
    row = differs(compared(connection, *JANUARY), document=document, exact_id="E-1")
    later = compared(connection, *days)
    assert not is_settled(row, later)
    RunDocument.objects.create(run=later, document=document)
    assert is_settled(row, later)


@pytest.mark.parametrize(
    "about", [{"exact_id": ""}, {"exact_id": "copy", "kind": "duplicate"}, {"kind": "missing_order"}]
)
def test_the_comparison_of_a_document_says_nothing_of_its_order_or_of_a_copy(
    connection: Connection, document: OrderSync, about: dict[str, str]
) -> None:
    row = differs(compared(connection, *JANUARY), document=document, **{"exact_id": "e-1", **about})
    later = compared(connection, *FEBRUARY)
    RunDocument.objects.create(run=later, document=document)
    assert not is_settled(row, later)


def test_one_that_was_deleted_is_settled_by_the_next_document_of_its_order(
    connection: Connection, document: OrderSync
) -> None:
    row = differs(compared(connection, *JANUARY), document=document, kind="deleted", exact_id="e-0")
    later = compared(connection, *FEBRUARY)
    RunDocument.objects.create(run=later, document=document)
    assert is_settled(row, later)


def test_what_was_found_while_a_run_went_on_is_not_settled_by_it(connection: Connection) -> None:
    earlier, other = compared(connection, *JANUARY), compared(connection, *JANUARY)
    row = differs(other)
    assert not is_settled(row, earlier)
    ReconciliationRun.objects.filter(pk=other.pk).update(state="running", complete=False)
    assert not is_settled(row, compared(connection, *JANUARY))  # its own run still reads


def test_the_totals_of_a_period_are_settled_by_a_run_of_the_whole_of_it(connection: Connection) -> None:
    row = differs(compared(connection, *JANUARY), order_id=0, reference="EUR", day=None)
    part = compared(connection, date(2026, 1, 2), date(2026, 1, 31))
    differs(part, order_id=0, reference="EUR", day=None)
    assert not is_settled(row, part)
    assert is_settled(row, compared(connection, *JANUARY))


@pytest.mark.parametrize("about", [{"reference": "EUR", "order_id": 0}, {"kind": "state", "order_id": 0}, {}])
def test_what_is_of_a_week_over_two_months_is_settled_by_both_months(
    connection: Connection, about: dict[str, Any]
) -> None:
    row = differs(compared(connection, date(2026, 1, 28), date(2026, 2, 3)), day=None, **about)
    january = compared(connection, *JANUARY)
    assert not is_settled(row, january)
    assert not months.is_complete(january)
    february = compared(connection, *FEBRUARY)
    ReconciliationRun.objects.filter(pk=january.pk).update(state="failed", complete=False)
    assert not is_settled(row, february)  # nobody has read January
    compared(connection, *JANUARY)
    assert is_settled(row, february)


def test_what_was_read_before_it_was_found_settles_nothing(connection: Connection) -> None:
    week, totals = (date(2026, 1, 28), date(2026, 2, 3)), {"order_id": 0, "reference": "EUR", "day": None}
    before = differs(compared(connection, *week), **totals)
    compared(connection, *JANUARY)
    since = differs(compared(connection, *week), **totals)
    february = compared(connection, *FEBRUARY)
    assert (is_settled(before, february), is_settled(since, february)) == (True, False)


def test_an_order_that_could_not_be_read_is_settled_when_it_was_read(
    connection: Connection, document: OrderSync
) -> None:
    week = compared(connection, date(2026, 1, 28), date(2026, 2, 3))
    row = differs(week, day=None, kind="missing_document", remedy="take_in")
    january = compared(connection, *JANUARY)
    expected = RunDocument.objects.create(run=january, document=document)
    assert not is_settled(row, january)  # Exact had it, and not the store's list
    expected.day = date(2026, 1, 30)
    expected.save()
    assert is_settled(row, january)


def test_what_was_accepted_is_accepted_in_every_period_while_its_figures_stay(connection: Connection) -> None:
    differs(compared(connection, *JANUARY), state="accepted", reason=WHY)
    same, other = differs(compared(connection, *A_WEEK)), differs(compared(connection, *A_WEEK), figures="g")
    for row, state in ((same, "accepted"), (other, "open")):
        carry_over(row.run)
        row.refresh_from_db()
        assert (row.state, row.reason) == (state, WHY if state == "accepted" else "")


def test_accepted_totals_are_those_of_their_period(connection: Connection) -> None:
    totals: dict[str, Any] = {"order_id": 0, "reference": "EUR", "day": None}
    differs(compared(connection, *JANUARY), **totals, state="accepted", reason=WHY)
    row = differs(compared(connection, *FEBRUARY), **totals)
    carry_over(row.run)
    row.refresh_from_db()
    assert row.state == "open"


def test_a_month_is_complete_only_by_a_run_that_began_when_it_was_over(connection: Connection) -> None:
    done = compared(connection, *JANUARY)
    assert months.is_complete(done)
    ReconciliationRun.objects.update(created_at="2026-01-31T22:59:59Z")  # a second before, in Amsterdam
    done.refresh_from_db()
    assert not months.is_complete(done)
    done.created_at += timedelta(seconds=1)
    assert months.is_complete(done)
    done.first += timedelta(days=1)
    assert not months.is_complete(done)
