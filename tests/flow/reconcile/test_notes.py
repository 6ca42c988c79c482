"""A page counts once: its figures, differences and cursor are stored together, by the process that has the run."""

from datetime import date
from decimal import Decimal

import pytest

from connector.domain.document.reconcile import Bucket, Finding, Kind, Remedy
from connector.domain.document.sums import Entry
from connector.flow import leases
from connector.flow.reconcile.ledger import Facts
from connector.flow.reconcile.notes import Notes
from connector.models import Discrepancy, ReconciliationRun, RunDocument
from tests.factories import ConnectionFactory, OrderSyncFactory

SOLD = Entry(None, "EUR", Decimal("12.10"), Decimal("10.00"), Decimal("2.10"), "NL")


@pytest.fixture
def notes(db: None) -> Notes:
    connection = ConnectionFactory.create()
    run = ReconciliationRun.objects.create(
        tenant=connection.store.tenant,
        connection=connection,
        division=connection.division,
        first="2026-01-01",
        last="2026-01-31",
        zone="UTC",
    )
    lease = leases.acquire(ReconciliationRun, run.pk)
    assert lease is not None
    return Notes.of(run, lease)


def note(notes: Notes) -> None:
    notes.put(Bucket.HELD, "mapping")
    notes.counts["orders"] += 1
    finding = Finding(Kind.AMOUNT, "x" * 500, "2.00 EUR", Remedy.CORRECT)
    notes.differs(finding, order_id=1, reference="SHOP-1", day=date(2026, 1, 5), currency="EUR")
    row = OrderSyncFactory.create(connection=notes.run.connection)
    notes.expected[row.pk] = Facts(None, None, "NL", "iDEAL")


def test_a_page_is_stored_whole_and_taken_up_again(notes: Notes) -> None:
    note(notes)
    notes.save({"phase": "orders", "after": 5})
    run = ReconciliationRun.objects.get()
    again = Notes.of(run, notes.lease)
    assert (run.cursor, again.counts["orders"], again.buckets) == (
        {"phase": "orders", "after": 5},
        1,
        {"held": {"mapping": 1}},
    )
    assert (Discrepancy.objects.count(), RunDocument.objects.count(), notes.found) == (1, 1, [])
    assert "orders=1" in notes.progress()
    assert RunDocument.objects.values_list("country", "method").get() == ("NL", "iDEAL")


def test_what_differs_is_explained_when_it_is_noted_and_else_it_is_a_difference_at_the_end(notes: Notes) -> None:
    notes.store.add(SOLD)
    notes.explain([SOLD], [], noted=True)
    notes.exact.add(SOLD)
    notes.explain([], [SOLD], noted=False)
    notes.save({"phase": "changed"})
    again = Notes.of(ReconciliationRun.objects.get(), notes.lease)
    again.close()
    row = Discrepancy.objects.get()
    assert (row.kind, row.order_id, row.reference, row.state) == ("amount", 0, "EUR", "open")
    assert (row.expected, row.found) == (
        "1: 10.00 + 2.10 = 12.10, NL -: 1: 10.00 + 2.10 = 12.10",
        "2: 20.00 + 4.20 = 24.20, NL -: 2: 20.00 + 4.20 = 24.20",
    )


def test_the_same_difference_is_kept_once(notes: Notes) -> None:
    for _again in range(2):
        note(notes)
        notes.save({"phase": "orders"})
    assert Discrepancy.objects.count() == 1


def test_figures_that_differ_behind_what_is_shown_of_them_are_others(notes: Notes) -> None:
    for end in ("1", "2"):
        finding = Finding(Kind.VAT, "x" * 500 + end, "", Remedy.CORRECT)
        notes.differs(finding, order_id=1, reference="SHOP-1", day=None)
    notes.save({"phase": "orders"})
    assert Discrepancy.objects.values("figures").distinct().count() == 2
    assert set(Discrepancy.objects.values_list("expected", flat=True)) == {"x" * 400}


def test_a_process_that_lost_the_run_stores_nothing(notes: Notes) -> None:
    ReconciliationRun.objects.update(lease_token=99)
    note(notes)
    with pytest.raises(leases.LeaseLost):
        notes.save({"phase": "refunds"})
    assert not Discrepancy.objects.exists()
    assert ReconciliationRun.objects.get().cursor == {}
