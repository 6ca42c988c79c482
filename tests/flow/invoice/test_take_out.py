"""An open invoice that a person does not want is taken out of Exact, and one that is final stays."""

import pytest

from connector.domain.choices import Mode
from connector.flow.actions import documents, first_document
from connector.flow.actions.transaction import NotPossible
from connector.models import Connection, DailyCount, OrderSync
from connector.sandbox.exact.state import INVOICES
from tenants.models import User
from tests.acme import DIVISION, STORE, Acme
from tests.flow.actions.test_first_document import WHY, post_chosen

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(shadowed: Acme, ann: User) -> OrderSync:
    """The chosen order's invoice, in Exact and not decided on."""
    return post_chosen(shadowed, shadowed.order_of_kind("two VAT rates"), ann)


def test_one_that_is_taken_out_is_gone_from_exact_and_may_be_posted_again(
    shadowed: Acme, posted: OrderSync, ann: User
) -> None:
    first_document.take_out(posted, ann, WHY)
    with pytest.raises(NotPossible, match="already"):
        first_document.take_out(shadowed.document(posted.order_id), ann, WHY)
    shadowed.drain()
    row = shadowed.document(posted.order_id)
    assert shadowed.invoices(posted.order_id) == []
    assert (row.state, row.code, row.exact_id, row.chosen_at) == ("skipped", "taken_out", "", None)
    assert [(day.posted, str(day.posted_amount)) for day in DailyCount.objects.all()] == [(0, "0.0000")]
    shadowed.ring(posted.order_id, "store/order/updated")  # a delivery alone does not bring it back
    Connection.objects.update(mode=Mode.LIVE, schedule="immediate", start_date="2026-01-01")
    shadowed.drain()
    assert shadowed.invoices(posted.order_id) == []
    documents.re_post(shadowed.document(posted.order_id), ann, WHY)
    shadowed.drain()
    assert shadowed.invoice(posted.order_id)["Status"] == 50  # and printed now, as the connection says


def test_an_unclear_deletion_is_looked_at_before_it_is_repeated(shadowed: Acme, posted: OrderSync, ann: User) -> None:
    shadowed.sandbox.exact.faults.add("close_after", "DELETE", "*SalesInvoices*")
    first_document.take_out(posted, ann, WHY)
    shadowed.drain()
    assert shadowed.document(posted.order_id).state == "posted"
    shadowed.make_due()
    shadowed.drain()
    assert shadowed.document(posted.order_id).code == "taken_out"
    assert shadowed.sandbox.exact.calls.count("DELETE", "*") == 1


def test_one_that_was_printed_meanwhile_stays(shadowed: Acme, posted: OrderSync, ann: User) -> None:
    shadowed.sandbox.exact.change(DIVISION, INVOICES, posted.exact_id, Status=50)
    first_document.take_out(posted, ann, WHY)
    shadowed.drain()
    row = shadowed.document(posted.order_id)
    assert (row.state, row.chosen_at, row.decision) == ("posted", None, "")
    assert len(shadowed.invoices(posted.order_id)) == 1


def test_one_that_was_credited_meanwhile_stays(shadowed: Acme, posted: OrderSync, ann: User) -> None:
    """Without its invoice the credit note would stand alone in Exact."""
    Connection.objects.update(mode=Mode.LIVE, schedule="immediate", start_date="2026-01-01")
    Connection.objects.update(cancellations="credit", finalize=False)
    shadowed.sandbox.stores.store(STORE).change(posted.order_id, status_id=5)
    shadowed.ring(posted.order_id, "store/order/updated")
    shadowed.drain()
    (note,) = shadowed.credits(posted.order_id)
    assert note.state == "posted", note.message
    with pytest.raises(NotPossible, match=r"(?i)credit note"):
        first_document.take_out(shadowed.document(posted.order_id), ann, WHY)
    shadowed.drain()
    assert len(shadowed.in_exact(posted.order_id)) == 2
