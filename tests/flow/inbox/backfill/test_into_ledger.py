"""Each order gets one row, in its last state, whatever happens in between."""

from dataclasses import replace
from datetime import date

import pytest

from connector.clients.exact.records import Invoice, read_invoice
from connector.clients.exact.wire import Row
from connector.flow.clock import database_now
from connector.flow.inbox.backfill import into_ledger
from connector.flow.inbox.backfill import run as backfill
from connector.flow.order.fetch import fetch
from connector.models import OrderSync
from tests.acme import DIVISION, Acme
from tests.flow.inbox.backfill.hand import INVOICES, STYLES, type_in
from tests.flow.inbox.backfill.scene import Killed, begin, one_step, turns
from tests.flow.reconcile.books import LINES, found
from tests.flow.reconcile.books import run as reconcile

pytestmark = pytest.mark.django_db


def test_a_document_that_was_deleted_meanwhile_is_not_adopted(acme: Acme) -> None:
    typed = type_in(acme, 1001, "order number")
    run = begin(acme)
    while run.step != "ledger":
        one_step(run)
    acme.sandbox.exact.remove(DIVISION, INVOICES, typed)
    assert turns(run).adopted == 0
    assert acme.document(1001).state == "pending"


def without_lines(row: Row) -> Invoice:
    return replace(read_invoice(row), lines=())


@pytest.mark.parametrize("whole", [True, False])
def test_what_changes_of_an_adopted_document_later_is_a_difference(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    """Its lines are kept as they were, whatever our rules give, also when they do not come with the document."""
    typed = type_in(acme, 1001, "our reference")
    lines = acme.sandbox.exact.divisions[DIVISION].table(LINES)
    line = next(key for key, each in lines.items() if each["InvoiceID"] == typed)
    if not whole:
        monkeypatch.setattr("connector.clients.exact.client.records.read_invoice", without_lines)
    assert turns(begin(acme)).adopted == 1
    kept = acme.document(1001).exact_data
    assert kept is not None
    assert [(each["vat_code"], each["net"]) for each in kept["lines"]] == [("0", "17.9")]
    day = date(2026, 1, 5)
    assert ("vat", 1001) not in found(reconcile(acme, day, day))
    acme.sandbox.exact.change(DIVISION, LINES, line, VATCode="1")
    assert ("vat", 1001) in found(reconcile(acme, day, day))


def test_orders_that_the_ledger_has_are_not_touched(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    before = OrderSync.objects.values().get()
    run = turns(begin(acme))
    assert (run.queued, run.skipped) == (23, 1)
    assert OrderSync.objects.values().get(order_id=1001) == before
    again = turns(begin(acme))
    assert (again.queued, again.skipped) == (0, 24)


def test_a_row_that_comes_in_between_wins(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(acme, 1001, "order number")

    def delivered(*args: object, **more: object) -> object:
        OrderSync.invoice_row(acme.connection, 1001, due_at=database_now(), request="").save()
        return fetch(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("connector.flow.inbox.backfill.into_ledger.fetch", delivered)
    run = turns(begin(acme))
    assert (run.adopted, run.skipped) == (0, 1)
    assert not acme.document(1001).backfilled


def test_orders_without_a_document_due_are_skipped_with_their_reason(acme: Acme) -> None:
    acme.sandbox.stores.store("nlshop1").change(1002, status_id=5)
    run = turns(begin(acme))
    assert (run.queued, run.skipped) == (23, 1)
    assert (acme.document(1002).state, acme.document(1002).reason) == ("skipped", "status")


def test_a_kill_between_two_rows_of_the_ledger_doubles_nothing(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    for at, style in enumerate(STYLES[:4]):
        type_in(acme, 1001 + at, style)
    run, done, left = begin(acme), into_ledger.IntoLedger._done, [3]

    def dies(*args: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        done(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(into_ledger.IntoLedger, "_done", dies)
    with pytest.raises(Killed):
        backfill.go_on(run.pk)
    assert (turns(run).adopted, run.queued, run.skipped) == (4, 20, 0)
