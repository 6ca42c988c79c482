"""What a person does about a difference, with a reason, and once."""

import pytest

from connector.flow.actions import discrepancies
from connector.flow.actions.transaction import NotPossible
from connector.flow.records.walk import walk
from connector.models import Discrepancy, SyncEvent
from tenants.models import User
from tests.acme import Acme
from tests.flow.by_hand import WHY
from tests.flow.reconcile.books import CENT, change, delete, hide, one, run
from tests.flow.reconcile.conftest import beginning, posted

__all__ = ["beginning", "posted"]


def test_a_deleted_document_is_posted_again_by_a_person_alone(posted: Acme, ann: User) -> None:
    delete(posted, 1001)
    row = one(run(posted), "deleted")
    posted.settle()
    assert posted.in_exact(1001) == {}
    discrepancies.carry_out(row, ann, WHY)
    posted.settle()
    assert posted.document(1001).state == "posted"
    assert list(posted.in_exact(1001)) == ["NLS-1001"]
    assert (row.state, row.owner, row.reason) == ("open", ann, WHY)
    assert row.carried_out_at
    assert posted.document(1001).history.filter(actor=ann, text__contains="posted again").exists()


def test_one_that_is_there_after_all_is_kept(posted: Acme, ann: User) -> None:
    """A person put it back meanwhile."""
    before = posted.invoice(1001)
    taken = posted.sandbox.exact.remove(100001, "salesinvoice/SalesInvoices", before["InvoiceID"])
    row = one(run(posted), "deleted")
    posted.sandbox.exact.put_back(100001, "salesinvoice/SalesInvoices", before["InvoiceID"], taken)
    discrepancies.carry_out(row, ann, WHY)
    posted.settle()
    assert (posted.document(1001).state, posted.document(1001).exact_id) == ("posted", before["InvoiceID"])
    assert len(posted.invoices(1001)) == 1


def test_what_a_person_does_in_exact_is_said_and_not_done(posted: Acme, ann: User) -> None:
    change(posted, 1001, AmountFC=posted.invoice(1001)["AmountFC"] + CENT)
    row = one(run(posted), "amount")
    with pytest.raises(NotPossible, match="Put it right in Exact, then reconcile again"):
        discrepancies.carry_out(row, ann, WHY)
    discrepancies.assign(row, ann)
    discrepancies.accept(row, ann, WHY)
    assert Discrepancy.objects.get(pk=row.pk).state == "accepted"
    entry = SyncEvent.objects.latest("pk")
    assert (entry.actor, entry.data["action"], entry.data["reason"]) == (ann, "accept_difference", WHY)
    assert (entry.data["difference"]["found"], entry.data["difference"]["figures"]) == (row.found, row.figures)
    with pytest.raises(NotPossible, match="not open any more"):
        discrepancies.accept(row, ann, WHY)
    done = run(posted)
    assert done.complete
    assert one(done, "amount").owner == ann
    assert list(walk(posted.connection)) == []
    Discrepancy.objects.filter(run=done).update(figures="another hash")
    assert [fault.text for fault in walk(posted.connection)] == [
        "the difference of NLS-1001 is accepted, and no entry says so"
    ]


def test_the_history_keeps_who_had_an_order_read_that_has_no_document(posted: Acme, ann: User) -> None:
    hide(posted, 1001)
    discrepancies.carry_out(one(run(posted), "missing_document"), ann, WHY)
    entry = SyncEvent.objects.filter(kind="action").latest("pk")
    assert (entry.actor, entry.data["action"], entry.data["reason"], entry.place) == (ann, "take_in", WHY, 0)
    assert "NLS-1001" in entry.text


@pytest.mark.parametrize("act", [discrepancies.carry_out, discrepancies.accept])
def test_a_reason_is_needed(posted: Acme, ann: User, act: object) -> None:
    change(posted, 1001, AmountFC=posted.invoice(1001)["AmountFC"] + CENT)
    row = one(run(posted), "amount")
    with pytest.raises(NotPossible, match="Say why"):
        act(row, ann, " ")  # type: ignore[operator]
