"""A closed month: nothing is booked in it, what comes later is held or moved, and it can be opened again.

Order 1001 is of 5 January 2026.
"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from connector.domain.timing.periods import month_of
from connector.flow.actions import months
from connector.flow.actions.documents import re_post
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.models import ClosedMonth, Connection, Discrepancy, ReconciliationRun, SyncEvent
from tests.acme import Acme
from tests.factories import ConnectionFactory, OrderSyncFactory
from tests.flow.by_hand import WHY, post, put
from tests.flow.reconcile.books import delete

JANUARY = date(2026, 1, 1)
REASON = "Filed with the tax office"


def compared(connection: Connection, *, complete: bool) -> ReconciliationRun:
    """A finished run of January."""
    span = month_of(JANUARY)
    return ReconciliationRun.objects.create(
        tenant=connection.store.tenant,
        connection=connection,
        division=connection.division,
        first=span.start,
        last=span.end,
        zone="Europe/Amsterdam",
        state=ReconciliationRun.State.FINISHED,
        complete=complete,
        finished_at=database_now(),
    )


@pytest.mark.django_db
def test_a_complete_month_is_closed_without_a_reason_and_keeps_what_it_rests_on() -> None:
    connection = ConnectionFactory.create()
    run = compared(connection, complete=True)
    closed = months.close(connection, date(2026, 1, 17), None)
    assert (closed.month, closed.run, closed.reason) == (JANUARY, run, "")
    assert str(closed) == "2026-01"


@pytest.mark.django_db
@pytest.mark.parametrize("compared_before", [True, False])
def test_a_month_that_is_not_complete_is_closed_with_a_reason_only(compared_before: bool) -> None:
    connection = ConnectionFactory.create()
    if compared_before:
        compared(connection, complete=True)
        compared(connection, complete=False)  # the newest counts
    with pytest.raises(NotPossible, match="Say why"):
        months.close(connection, JANUARY, None, "  ")
    assert not ClosedMonth.objects.exists()
    assert months.close(connection, JANUARY, None, REASON).reason == REASON


@pytest.mark.django_db
@pytest.mark.parametrize("month", [date(1, 1, 1), date(1999, 12, 1), date(2025, 12, 1)])
def test_a_month_before_everything_that_the_connection_has_is_not_closed(month: date) -> None:
    connection = ConnectionFactory.create(start_date=JANUARY)
    with pytest.raises(NotPossible, match=f"The connection begins on 2026-01-01, and has nothing of {month:%Y-%m}"):
        months.close(connection, month, None, REASON)
    assert not SyncEvent.objects.exists()


@pytest.mark.django_db
def test_a_month_before_the_first_day_with_an_order_of_a_backfill_is_closed() -> None:
    connection = ConnectionFactory.create(start_date=JANUARY)
    OrderSyncFactory.create(connection=connection, posted=True, exact_data={"date": "2025-12-05"})
    assert str(months.close(connection, date(2025, 12, 1), None, REASON)) == "2025-12"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "first", "last", "state", "needs"),
    [
        (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 7), "open", True),
        (date(2026, 2, 1), date(2026, 1, 31), date(2026, 2, 7), "open", False),
        (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 7), "accepted", False),
        (None, date(2025, 12, 28), date(2026, 1, 1), "open", True),
        (None, date(2025, 12, 28), date(2025, 12, 31), "open", False),
    ],
)
def test_an_open_difference_of_the_months_days_counts_whichever_run_found_it(
    day: date | None, first: date, last: date, state: str, needs: bool
) -> None:
    connection = ConnectionFactory.create()
    run, other = compared(connection, complete=True), compared(connection, complete=False)
    ReconciliationRun.objects.filter(pk=other.pk).update(first=first, last=last)
    row = {"kind": "deleted", "remedy": "post_again", "state": state, "reason": "Looked at."}
    Discrepancy.objects.create(run=other, day=day, **row)
    assert months.is_complete(run) is not needs
    if needs:
        with pytest.raises(NotPossible, match="Say why"):
            months.close(connection, JANUARY, None)
        Discrepancy.objects.update(state="resolved")
    assert months.close(connection, JANUARY, None).reason == ""


@pytest.mark.django_db
def test_a_month_that_is_not_over_in_the_stores_zone_is_not_closed() -> None:
    connection = ConnectionFactory.create()
    with pytest.raises(NotPossible, match="not over yet"):
        months.close(connection, database_now().date() + timedelta(days=1), None, REASON)


@pytest.mark.django_db
def test_a_month_is_closed_once_until_it_is_opened_again() -> None:
    connection = ConnectionFactory.create()
    months.close(connection, JANUARY, None, REASON)
    with pytest.raises(NotPossible, match="closed already"):
        months.close(connection, JANUARY, None, REASON)
    months.open_again(connection, JANUARY, None, "An invoice was forgotten")
    with pytest.raises(NotPossible, match="not closed"):
        months.open_again(connection, JANUARY, None, "Once more")
    months.close(connection, JANUARY, None, REASON)
    assert ClosedMonth.objects.count() == 2


@pytest.mark.django_db
def test_the_connections_row_repeats_its_closed_months() -> None:
    connection, other = ConnectionFactory.create(), ConnectionFactory.create()
    for month in (JANUARY, date(2026, 2, 1)):
        months.close(connection, month, None, REASON)
    months.open_again(connection, JANUARY, None, REASON)
    for each, wanted in ((connection, ["2026-02-01"]), (other, [])):
        each.refresh_from_db()
        assert each.closed_months == wanted


@pytest.mark.django_db
def test_a_closed_month_is_a_first_day() -> None:
    closed = months.close(ConnectionFactory.create(), JANUARY, None, REASON)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedMonth.objects.filter(pk=closed.pk).update(month=date(2026, 1, 2))


@pytest.mark.django_db
def test_the_history_keeps_who_closed_and_opened_it_and_why() -> None:
    connection = ConnectionFactory.create()
    months.close(connection, JANUARY, None, REASON)
    months.open_again(connection, JANUARY, None, "An invoice was forgotten")
    opened, closed = SyncEvent.objects.order_by("-id")[:2]
    assert (closed.data["action"], closed.data["reason"]) == ("close_month", REASON)
    assert (opened.data["action"], opened.data["reason"]) == ("open_month", "An invoice was forgotten")
    assert "2026-01 closed" in closed.text


def test_what_comes_for_a_closed_month_is_held_before_any_call_to_exact_and_listed(acme: Acme) -> None:
    closed = months.close(acme.connection, JANUARY, None, REASON)
    before = acme.exact_calls()
    document = post(acme)
    assert (document.state, document.reason, document.code) == ("blocked", "period", "month_closed")
    assert "2026-01" in document.message
    assert acme.exact_calls() == before
    assert list(months.came_later(closed)) == [document]


def test_opened_again_it_is_tried_again(acme: Acme) -> None:
    test_what_comes_for_a_closed_month_is_held_before_any_call_to_exact_and_listed(acme)
    months.open_again(acme.connection, JANUARY, None, "An order came late")
    acme.drain()
    assert acme.document(1001).state == "posted"


def test_or_it_is_booked_on_the_first_open_day_and_listed(acme: Acme) -> None:
    acme.connection.closed_period = "first_open"
    acme.connection.save()
    closed = months.close(acme.connection, JANUARY, None, REASON)
    document = post(acme)
    assert document.state == "posted", document.message
    assert acme.invoice(1001)["InvoiceDate"].date() == date(2026, 2, 1)
    assert list(months.came_later(closed)) == [document]


@pytest.mark.parametrize("policy", ["hold", "first_open"])
def test_what_was_held_before_and_is_posted_later_is_listed_too(acme: Acme, policy: str) -> None:
    acme.configure(closed_period=policy)
    put(post(acme), "blocked")
    closed = months.close(acme.connection, JANUARY, None, REASON)
    assert list(months.came_later(closed)) == []
    delete(acme, 1001)
    re_post(acme.document(1001), None, WHY)
    acme.settle()
    assert [(each.order_id, each.state) for each in months.came_later(closed)] == [
        (1001, "blocked" if policy == "hold" else "posted")
    ]


def test_what_was_there_before_did_not_come_later(acme: Acme) -> None:
    assert post(acme).state == "posted"
    assert list(months.came_later(months.close(acme.connection, JANUARY, None, REASON))) == []
