"""Once a day the last days are compared with the books; what differs opens an alert, and nothing is changed."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from connector.clients.errors import ClientError
from connector.flow.actions import comparison
from connector.flow.clock import database_now
from connector.flow.monitor import books, store_duties
from connector.models import Alert, Connection, ReconciliationRun, Store
from tests.acme import Acme
from tests.factories import ConnectionFactory, DivisionFactory
from tests.flow.reconcile.books import CENT, change, days, hide, run
from tests.flow.reconcile.conftest import beginning, posted, shop_of

__all__ = ["beginning", "posted"]


@pytest.fixture
def settled(posted: Acme) -> Acme:
    """Acme some days later: its orders are of the last days, and the newest one of today."""
    Store.objects.update(created_at=database_now() - timedelta(days=30))
    posted.store.refresh_from_db()
    for number, record in shop_of(posted).orders.items():
        at = database_now() - timedelta(days=0 if number == 1012 else 3)
        record.order["date_created"] = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return posted


def differing(acme: Acme) -> None:
    books.compare_daily(Store.objects.select_related("tenant").get(pk=acme.store.pk))


def test_what_differs_opens_an_alert_that_closes_when_nothing_does(settled: Acme) -> None:
    before = change(settled, 1001, AmountFC=settled.invoice(1001)["AmountFC"] + CENT)
    assert store_duties.perform(store_duties.DUTIES[3], settled.store.pk)
    alert = Alert.objects.get(closed_at=None)
    assert (alert.code, alert.params["number"]) == ("books_differ", 1)
    assert ReconciliationRun.objects.get().figures["orders"] == 11  # without today's
    assert settled.document(1001).state == "posted"
    change(settled, 1001, AmountFC=before["AmountFC"])
    differing(settled)
    assert not Alert.objects.filter(closed_at=None).exists()


def test_the_alert_stays_while_a_difference_of_any_day_is_open(settled: Acme) -> None:
    """The next day's run has other days, and does not look at the document."""
    differing(settled)
    settled.sandbox.exact.advance(60)
    change(settled, 1001, AmountFC=settled.invoice(1001)["AmountFC"] + CENT)
    settled.sandbox.exact.advance(60)
    change(settled, 1002, Description="harmless")
    differing(settled)
    Connection.objects.update(start_date=database_now().date() - timedelta(days=1))
    differing(settled)
    assert ReconciliationRun.objects.latest("pk").complete
    assert Alert.objects.get(closed_at=None).params["number"] == 1


def test_it_is_done_once_a_day(settled: Acme) -> None:
    assert store_duties.perform(store_duties.DUTIES[3], settled.store.pk)
    assert not store_duties.perform(store_duties.DUTIES[3], settled.store.pk)


def test_a_store_that_was_just_connected_is_left_alone(posted: Acme) -> None:
    differing(posted)
    assert not ReconciliationRun.objects.exists()


def test_a_connection_that_does_not_post_is_left_alone(settled: Acme) -> None:
    Connection.objects.update(mode="shadow")
    differing(settled)
    assert not ReconciliationRun.objects.exists()


@pytest.fixture
def moved(settled: Acme) -> Acme:
    """Acme, whose connection is off, and whose store has another one for a division since two days ago."""
    division = DivisionFactory.create(grant=settled.connection.division.grant)
    since = database_now().date() - timedelta(days=2)
    ConnectionFactory.create(store=settled.store, division=division, mode="off", start_date=since)
    Connection.objects.update(mode="off")
    return settled


def test_the_former_division_is_watched_while_another_connection_posts(
    moved: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(moved, 1001, AmountFC=moved.invoice(1001)["AmountFC"] + CENT)
    differing(moved)
    assert not ReconciliationRun.objects.exists()  # nobody posts
    Connection.objects.exclude(pk=moved.connection.pk).update(mode="live")
    monkeypatch.setattr(books, "_compare", only(moved.connection, books._compare))
    hide(moved, 1002)
    at = database_now() - timedelta(days=1)
    shop_of(moved).orders[1002].order["date_created"] = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    differing(moved)
    done = ReconciliationRun.objects.get()
    assert [(each.kind, each.order_id) for each in done.discrepancies.all()] == [("amount", 1001)]
    assert done.figures["buckets"]["skipped"] == {"other_connection": 1}


def test_a_former_division_that_does_not_answer_holds_nothing_up(moved: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    Connection.objects.exclude(pk=moved.connection.pk).update(mode="live")
    monkeypatch.setattr(books, "_compare", only(moved.connection, books._compare))
    moved.sandbox.exact.faults.add("429_day", times=1)
    differing(moved)
    assert ReconciliationRun.objects.get().state == "stopped"


def only(connection: Connection, act: Callable[[Connection], None]) -> Callable[[Connection], None]:
    """Leave the other connection alone, which has nothing in the sandbox."""
    return lambda each: act(each) if each.pk == connection.pk else None


def test_a_day_without_calls_left_waits_for_the_next_try(settled: Acme) -> None:
    settled.sandbox.exact.faults.add("429_day", times=1)
    with pytest.raises(ClientError):
        differing(settled)
    assert ReconciliationRun.objects.get().state == "stopped"
    settled.make_due()
    differing(settled)
    assert ReconciliationRun.objects.get().state == "finished"


@pytest.mark.parametrize(("by_worker", "state"), [(False, "failed"), (True, "running")])
def test_an_older_run_is_given_up_unless_a_worker_goes_on_with_it(settled: Acme, by_worker: bool, state: str) -> None:
    asked = comparison.ask(settled.connection, days(settled, date(2026, 1, 1), date(2026, 1, 31)), None)
    long_ago = database_now() - timedelta(days=1)
    ReconciliationRun.objects.filter(pk=asked.pk).update(created_at=long_ago, by_worker=by_worker)
    differing(settled)
    asked.refresh_from_db()
    assert asked.state == state


def test_a_change_of_any_date_is_found_by_the_time_at_which_it_was_made(settled: Acme) -> None:
    differing(settled)
    Connection.objects.update(start_date=database_now().date() - timedelta(days=1))
    settled.sandbox.exact.advance(120)
    change(settled, 1001, AmountFC=settled.invoice(1001)["AmountFC"] + CENT)
    differing(settled)
    assert [each.order_id for each in ReconciliationRun.objects.latest("pk").discrepancies.all()] == [1001]


def test_the_watch_begins_though_no_document_is_of_the_first_days(posted: Acme) -> None:
    Store.objects.update(created_at=database_now() - timedelta(days=30))
    differing(posted)
    first = ReconciliationRun.objects.get()
    assert (first.figures["documents"], first.figures["orders"]) == (0, 0)
    assert first.figures["modified"]
    posted.sandbox.exact.advance(120)
    change(posted, 1001, AmountFC=posted.invoice(1001)["AmountFC"] + CENT)
    differing(posted)
    assert [each.order_id for each in ReconciliationRun.objects.latest("pk").discrepancies.all()] == [1001]


def test_a_run_that_a_person_asks_for_hides_no_change_from_the_watch(settled: Acme) -> None:
    """It reads a newer change, but not what was changed before outside of its period."""
    differing(settled)
    Connection.objects.update(start_date=database_now().date() - timedelta(days=1))
    settled.connection.refresh_from_db()
    settled.sandbox.exact.advance(120)
    change(settled, 1001, AmountFC=settled.invoice(1001)["AmountFC"] + CENT)
    settled.sandbox.exact.advance(120)
    change(settled, 1012, Description="x")
    person = run(settled, database_now().date())
    assert (person.figures["documents"], person.figures["modified"]) == (1, "")
    differing(settled)
    assert [each.order_id for each in ReconciliationRun.objects.latest("pk").discrepancies.all()] == [1001]


def test_the_watch_goes_on_from_where_the_last_one_was_whatever_ran_since(settled: Acme) -> None:
    differing(settled)
    until = ReconciliationRun.objects.get().figures["modified"]
    assert until
    for _day in range(21):
        run(settled, database_now().date())
    assert books._seen_until(settled.connection) == until
