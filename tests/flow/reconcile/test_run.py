"""Both sides compared over HTTP: exactly what was done behind the connector's back is found, and then put right."""

from datetime import UTC, date, datetime, timedelta

import pytest

from connector.clients.errors import ClientError
from connector.flow.clock import database_now
from connector.flow.reconcile import run as module
from connector.flow.reconcile.notes import Notes
from connector.flow.reconcile.run import NotPossible
from connector.models import Connection, Discrepancy, ReconciliationRun, RunDocument, Store
from connector.sandbox.catalogue.build import build
from connector.sandbox.catalogue.nlshop import CARTS
from connector.sandbox.catalogue.shops import NLSHOP
from tests.acme import DIVISION, Acme
from tests.factories import DivisionFactory
from tests.flow.by_hand import INVOICES
from tests.flow.reconcile.books import CENT, change, copy, delete, found, hide, one, put_right, recode, run
from tests.flow.reconcile.conftest import shop_of

HIDDEN, REFUNDED = 1012, 1006


def spoil(acme: Acme) -> list[tuple[str, int]]:
    """Do the seven things of which nobody tells the connector; returns what is to be reported."""
    change(acme, 1001, AmountFC=acme.invoice(1001)["AmountFC"] + CENT)
    change(acme, 1002, InvoiceDate=datetime.fromisoformat("2026-02-01"))
    recode(acme, 1003, "1")
    delete(acme, 1004)
    copy(acme, 1005)
    shop_of(acme).refund(REFUNDED)
    hide(acme, HIDDEN)
    return [
        ("amount", 1001),
        ("date", 1002),
        ("vat", 1003),
        ("deleted", 1004),
        ("duplicate", 1005),
        ("missing_document", REFUNDED),
        ("missing_document", HIDDEN),
    ]


def test_what_is_posted_and_untouched_is_complete(posted: Acme) -> None:
    done = run(posted)
    assert (done.state, done.complete, found(done)) == ("finished", True, [])
    assert (done.figures["orders"], done.figures["documents"]) == (12, 12)
    assert done.figures["buckets"] == {"posted": {"": 12}}
    assert done.figures["store"] == done.figures["exact"]


def test_the_calls_are_one_per_sixty_documents_and_per_250_orders(posted: Acme) -> None:
    exact, store = posted.exact_calls(), posted.store_calls()
    done = run(posted)
    assert (posted.exact_calls() - exact, done.calls_exact) == (2, 2)  # the invoices, and the sales entries
    assert (posted.store_calls() - store, done.calls_store) == (2, 2)  # the orders, and the refunds


def test_exactly_what_was_done_is_reported_each_with_its_kind(posted: Acme) -> None:
    expected = spoil(posted)
    done = run(posted)
    assert not done.complete
    assert found(done) == expected
    assert not RunDocument.objects.exists()


def test_both_figures_are_shown(posted: Acme) -> None:
    total = posted.invoice(1001)["AmountFC"]
    spoil(posted)
    done = run(posted)
    amount, day, gone = one(done, "amount"), one(done, "date"), one(done, "deleted")
    assert (amount.expected, amount.found) == (f"{total} EUR", f"{total + CENT} EUR")
    assert (day.expected, day.found) == ("2026-01-05", "2026-02-01")
    assert (gone.expected, gone.found, gone.document) == ("97.95 EUR", "", posted.document(1004))
    vat = one(done, "vat")
    assert vat.expected.startswith("2: ")
    assert vat.found.startswith("1: ")


def test_put_right_by_the_offered_actions_the_next_run_is_complete(posted: Acme) -> None:
    before = {number: posted.invoice(number) for number in (1001, 1002, 1003)}
    spoil(posted)
    first = run(posted)
    for number in (1001, 1002):  # put right in Exact
        change(posted, number, **{name: before[number][name] for name in ("AmountFC", "InvoiceDate")})
    recode(posted, 1003, before[1003]["SalesInvoiceLines"][0]["VATCode"])
    posted.sandbox.exact.remove(DIVISION, INVOICES, one(first, "duplicate").exact_id)
    for kind, order_id in (("deleted", 1004), ("missing_document", REFUNDED), ("missing_document", HIDDEN)):
        put_right(first, kind, order_id)
    posted.settle()
    second = run(posted)
    assert found(second) == []
    assert second.complete
    assert second.figures["buckets"] == {"posted": {"": 12}, "credited": {"": 1}}
    assert second.figures["store"]["EUR"]["gross"] == second.figures["exact"]["EUR"]["gross"]
    assert posted.in_exact(1004).keys() == {"NLS-1004"}
    assert set(Discrepancy.objects.values_list("state", flat=True)) == {"resolved"}


def test_what_was_accepted_is_complete_while_both_figures_stay(posted: Acme) -> None:
    change(posted, 1001, AmountFC=posted.invoice(1001)["AmountFC"] + CENT)
    row = one(run(posted), "amount")
    Discrepancy.objects.filter(pk=row.pk).update(state="accepted", reason="a rounding in Exact")
    assert run(posted).complete
    change(posted, 1001, AmountFC=posted.invoice(1001)["AmountFC"] + CENT)
    assert not run(posted).complete


@pytest.mark.parametrize("killed_in", range(1, 9))
def test_a_run_that_is_killed_in_any_page_goes_on_and_finds_the_same(
    posted: Acme, monkeypatch: pytest.MonkeyPatch, killed_in: int
) -> None:
    expected = spoil(posted)
    posted.sandbox.exact.set(page_size=5)
    save, saved = Notes.save, []

    def dying(self: Notes, cursor: dict[str, object]) -> None:
        saved.append(cursor["phase"])
        if len(saved) == killed_in:
            raise KeyboardInterrupt
        save(self, cursor)

    monkeypatch.setattr(Notes, "save", dying)
    with pytest.raises(KeyboardInterrupt):
        run(posted)
    done = run(posted)
    assert found(done) == expected
    assert ReconciliationRun.objects.count() == 1
    assert (done.figures["orders"], done.figures["refunds"]) == (12, 1)
    assert done.figures["documents"] == 11  # without the deleted and the hidden one, and with the copy
    assert {"refunds", "documents", "unseen", "changed"} <= set(saved)


def test_a_side_that_is_away_in_the_middle_stops_the_run_which_goes_on_later(posted: Acme) -> None:
    posted.sandbox.exact.faults.add("503_html", times=-1)
    with pytest.raises(ClientError):
        run(posted)
    (stopped,) = ReconciliationRun.objects.all()
    assert (stopped.state, stopped.cursor["phase"]) == ("stopped", "documents")
    assert "not available" in stopped.problem
    posted.sandbox.exact.faults.clear()
    posted.make_due()
    store = posted.store_calls()
    done = run(posted)
    assert (done.pk, done.state, done.complete, done.problem) == (stopped.pk, "finished", True, "")
    assert posted.store_calls() == store  # that side was read


def test_a_run_that_stood_still_for_long_is_begun_again(posted: Acme) -> None:
    posted.sandbox.exact.faults.add("503_html", times=-1)
    with pytest.raises(ClientError):
        run(posted)
    posted.sandbox.exact.faults.clear()
    posted.make_due()
    ReconciliationRun.objects.update(created_at=database_now() - module.FRESH)
    assert run(posted).complete
    assert [each.state for each in ReconciliationRun.objects.order_by("pk")] == ["failed", "finished"]


def test_two_runs_of_a_period_at_once_are_refused_in_a_sentence(posted: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[str] = []
    save = Notes.save

    def meanwhile(self: Notes, cursor: dict[str, object]) -> None:
        if not refused:
            refused.append("")
            with pytest.raises(NotPossible) as caught:
                run(posted)
            refused[0] = str(caught.value)
        save(self, cursor)

    monkeypatch.setattr(Notes, "save", meanwhile)
    assert run(posted).complete
    assert "is being reconciled right now" in refused[0]


def test_a_division_that_was_changed_meanwhile_fails_the_run(posted: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    save = Notes.save

    def moving(self: Notes, cursor: dict[str, object]) -> None:
        save(self, cursor)
        other = DivisionFactory.create(grant=posted.connection.division.grant)
        Connection.objects.filter(pk=posted.connection.pk).update(division=other)

    monkeypatch.setattr(Notes, "save", moving)
    with pytest.raises(NotPossible, match="division was changed"):
        run(posted)
    assert ReconciliationRun.objects.get().state == "failed"


SOON = datetime.now(UTC).date() + timedelta(days=3)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 2, 1), date(2026, 1, 31), "before it begins"),
        (SOON, None, "in the future"),
        (None, SOON, "in the future"),
    ],
)
def test_a_period_that_makes_no_sense_is_said_in_a_sentence(
    posted: Acme, first: date | None, last: date | None, words: str
) -> None:
    with pytest.raises(NotPossible, match=words):
        run(posted, first, last)
    assert not ReconciliationRun.objects.exists()


def test_an_order_of_the_night_belongs_to_the_stores_day(posted: Acme) -> None:
    """Order 1003 was placed at 23:26 UTC on 5 January, which is the sixth in Amsterdam."""
    fifth, sixth = (run(posted, day, day) for day in (date(2026, 1, 5), date(2026, 1, 6)))
    assert (fifth.complete, fifth.figures["orders"], fifth.figures["documents"]) == (True, 2, 2)
    assert (sixth.complete, sixth.figures["orders"], sixth.figures["documents"]) == (True, 4, 4)


def test_a_store_that_moved_to_another_zone_has_other_days_and_the_same_documents(posted: Acme) -> None:
    """In New York order 1003 is of the fifth; its document is dated the sixth, and that is no difference."""
    Store.objects.update(timezone="America/New_York")
    posted.connection.store.refresh_from_db()
    fifth = run(posted, date(2026, 1, 5), date(2026, 1, 5))
    assert (fifth.zone, fifth.complete) == ("America/New_York", True)
    assert (fifth.figures["orders"], fifth.figures["documents"]) == (3, 3)


@pytest.mark.parametrize(
    ("day", "moments"),
    [
        ("2026-10-25", ("24T22:30", "25T00:30", "25T01:30", "25T22:30")),  # 25 hours: half past two comes twice
        ("2026-03-29", ("28T23:30", "29T00:30", "29T01:30", "29T21:30")),  # 23 hours
    ],
)
def test_a_day_on_which_the_clock_is_changed_has_all_its_orders_and_no_others(
    posted: Acme, day: str, moments: tuple[str, ...]
) -> None:
    first, last = moments[0], moments[-1]
    outside = [at(day, first) - timedelta(hours=1), at(day, last) + timedelta(hours=1)]
    for number, moment in enumerate([*(at(day, each) for each in moments), *outside], start=5001):
        shop_of(posted).place(build(NLSHOP, CARTS[0], number, moment))
        posted.ring(number)
    posted.settle()
    whole = date.fromisoformat(day)
    done = run(posted, whole, whole)
    assert (done.complete, done.figures["orders"], done.figures["documents"]) == (True, 4, 4), found(done)


def at(day: str, moment: str) -> datetime:
    """A moment in UTC, given as `25T00:30`, of the month of a day."""
    return datetime.fromisoformat(f"{day[:8]}{moment}:00+00:00")


def test_a_document_of_the_period_that_is_dated_elsewhere_is_found_by_its_id(posted: Acme) -> None:
    """Its date differs in the period of its order, and it is no document of the period in which it is dated now."""
    change(posted, 1002, InvoiceDate=datetime.fromisoformat("2026-02-01"))
    january = run(posted, date(2026, 1, 1), date(2026, 1, 31))
    assert found(january) == [("date", 1002)]
    assert january.calls_exact == 3
    february = run(posted, date(2026, 2, 1), date(2026, 2, 28))
    assert (february.figures["orders"], february.figures["documents"]) == (0, 0)


def test_totals_that_no_difference_explains_are_a_difference_themselves(
    posted: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the comparison of two documents had overlooked a cent."""
    change(posted, 1001, AmountFC=posted.invoice(1001)["AmountFC"] + CENT)
    monkeypatch.setattr("connector.flow.reconcile.read_exact.compare", lambda ours, theirs: [])
    done = run(posted)
    assert (done.complete, found(done)) == (False, [("amount", 0)])
    row = one(done, "amount")
    assert (row.reference, row.remedy, row.found) == ("EUR", "explain", "12: 744.46 + 72.30 = 816.77")
    Discrepancy.objects.update(state="accepted", reason="it is known")
    assert run(posted).complete


def test_what_is_noted_explains_the_totals_also_when_it_is_accepted(posted: Acme) -> None:
    spoil(posted)
    Discrepancy.objects.filter(run=run(posted)).update(state="accepted", reason="it is known")
    done = run(posted)
    assert (done.complete, found(done)) == (True, [])
    assert done.figures["store"] != done.figures["exact"]


def test_a_document_that_was_changed_since_counts_once(posted: Acme) -> None:
    first = run(posted, drift_since="")
    posted.sandbox.exact.advance(60)
    change(posted, 1001, Description="harmless")
    again = run(posted, drift_since=first.figures["modified"])
    assert (again.complete, again.figures["documents"]) == (True, 12)
    assert again.figures["exact"] == first.figures["exact"]
