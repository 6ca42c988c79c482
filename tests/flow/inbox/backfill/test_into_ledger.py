"""Each order gets one row, in its last state, whatever happens in between."""

import pytest

from connector.flow.clock import database_now
from connector.flow.inbox.backfill import into_ledger
from connector.flow.inbox.backfill import run as backfill
from connector.flow.order.fetch import fetch
from connector.models import OrderSync
from tests.acme import DIVISION, Acme
from tests.flow.inbox.backfill.hand import INVOICES, STYLES, type_in
from tests.flow.inbox.backfill.scene import Killed, begin, one_step, turns

pytestmark = pytest.mark.django_db


def test_a_document_that_was_deleted_meanwhile_is_not_adopted(acme: Acme) -> None:
    typed = type_in(acme, 1001, "order number")
    run = begin(acme)
    while run.step != "ledger":
        one_step(run)
    acme.sandbox.exact.remove(DIVISION, INVOICES, typed)
    assert turns(run).adopted == 0
    assert acme.document(1001).state == "pending"


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
