"""A page counts once: its figures, differences and cursor are stored together, by the process that has the run."""

import pytest

from connector.domain.document.reconcile import Bucket, Finding, Kind, Remedy
from connector.flow import leases
from connector.flow.reconcile.notes import Notes
from connector.models import Discrepancy, ReconciliationRun, RunDocument
from tests.factories import ConnectionFactory, OrderSyncFactory


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
    notes.differs(finding, order_id=1, reference="SHOP-1", currency="EUR")
    notes.expected.append(OrderSyncFactory.create(connection=notes.run.connection).pk)


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


def test_the_same_difference_is_kept_once(notes: Notes) -> None:
    for _again in range(2):
        note(notes)
        notes.save({"phase": "orders"})
    assert Discrepancy.objects.count() == 1


def test_a_process_that_lost_the_run_stores_nothing(notes: Notes) -> None:
    ReconciliationRun.objects.update(lease_token=99)
    note(notes)
    with pytest.raises(leases.LeaseLost):
        notes.save({"phase": "refunds"})
    assert not Discrepancy.objects.exists()
    assert ReconciliationRun.objects.get().cursor == {}
