"""The first document: posted in any mode and left open, read back; then kept, or taken out of Exact again."""

import pytest

from connector.domain.choices import Mode
from connector.flow.actions import documents, first_document
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.models import Connection, DailyCount, OrderSync
from connector.sandbox.exact.state import INVOICES
from tenants.models import User
from tests.acme import DIVISION, STORE, Acme

pytestmark = pytest.mark.django_db
WHY = "I looked at it"


@pytest.fixture
def shadowed(acme: Acme) -> Acme:
    """Acme before it goes live: in shadow mode, with a manual schedule, printing, from today on."""
    Connection.objects.update(mode=Mode.SHADOW, schedule="manual", start_date=database_now().date())
    acme.connection.refresh_from_db()
    return acme


@pytest.fixture
def order_id(shadowed: Acme) -> int:
    return shadowed.order_of_kind("two VAT rates")


@pytest.fixture
def posted(shadowed: Acme, order_id: int, ann: User) -> OrderSync:
    """The chosen order's invoice, in Exact and not decided on."""
    first_document.choose(shadowed.connection, order_id, ann, WHY)
    shadowed.drain()
    return shadowed.document(order_id)


def test_it_is_posted_in_shadow_mode_and_left_open_although_the_connection_prints(
    shadowed: Acme, posted: OrderSync, ann: User
) -> None:
    invoice = shadowed.invoice(posted.order_id)
    assert (posted.state, invoice["AmountFC"]) == ("posted", shadowed.total(posted.order_id))
    assert invoice["Status"] < 50
    assert first_document.chosen(shadowed.connection) == posted
    assert [event.actor for event in posted.history.filter(kind="action")] == [ann]


def test_a_double_click_posts_once(shadowed: Acme, order_id: int, ann: User) -> None:
    for _click in range(2):
        first_document.choose(shadowed.connection, order_id, ann, WHY)
    shadowed.drain()
    first_document.choose(shadowed.connection, order_id, ann, WHY)
    shadowed.drain()
    assert len(shadowed.invoices()) == 1


def test_no_other_order_of_a_shadow_connection_is_posted_beside_it(shadowed: Acme, order_id: int, ann: User) -> None:
    other = next(number for number in shadowed.sandbox.stores.store(STORE).orders if number != order_id)
    shadowed.ring(other)
    first_document.choose(shadowed.connection, order_id, ann, WHY)
    shadowed.drain()
    assert [invoice["YourRef"] for invoice in shadowed.invoices()] == [f"{shadowed.store.prefix}-{order_id}"]


def test_one_is_decided_on_before_another_is_posted(shadowed: Acme, posted: OrderSync, ann: User) -> None:
    other = next(number for number in shadowed.sandbox.stores.store(STORE).orders if number != posted.order_id)
    with pytest.raises(NotPossible, match=f"order {posted.order_id} is right"):
        first_document.choose(shadowed.connection, other, ann, WHY)
    first_document.keep(posted, ann, WHY)
    first_document.choose(shadowed.connection, other, ann, WHY)
    assert shadowed.document(other).chosen_at


def test_a_kept_one_is_the_orders_one_document_when_the_connection_goes_live(
    shadowed: Acme, posted: OrderSync, ann: User
) -> None:
    first_document.keep(posted, ann, WHY)
    assert first_document.chosen(shadowed.connection) is None
    Connection.objects.update(mode=Mode.LIVE, schedule="immediate", start_date="2026-01-01")
    shadowed.ring(posted.order_id, "store/order/updated")
    shadowed.drain()
    assert len(shadowed.invoices(posted.order_id)) == 1
    assert shadowed.document(posted.order_id).state == "posted"
    with pytest.raises(NotPossible):
        first_document.take_out(shadowed.document(posted.order_id), ann, WHY)


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


def test_a_held_one_is_posted_once_the_cause_is_put_right(shadowed: Acme, order_id: int, ann: User) -> None:
    Connection.objects.update(invoice_template="No such template")
    shadowed.connection.refresh_from_db()
    first_document.choose(shadowed.connection, order_id, ann, WHY)
    shadowed.drain()
    assert shadowed.document(order_id).code == "template_missing"
    Connection.objects.update(invoice_template="")
    first_document.choose(shadowed.connection, order_id, ann, WHY)
    shadowed.drain()
    assert shadowed.document(order_id).state == "posted"


def test_receipts_begin_when_it_is_kept(shadowed: Acme, order_id: int, ann: User) -> None:
    Connection.objects.update(payments="receipts")
    shadowed.connection.refresh_from_db()
    first_document.choose(shadowed.connection, order_id, ann, WHY)
    shadowed.drain()
    assert not OrderSync.objects.filter(kind="receipt").exists()
    first_document.keep(shadowed.document(order_id), ann, WHY)
    assert OrderSync.objects.filter(kind="receipt").exists()


def test_a_connection_that_is_switched_off_posts_none(shadowed: Acme, order_id: int, ann: User) -> None:
    Connection.objects.update(mode=Mode.OFF)
    shadowed.connection.refresh_from_db()
    with pytest.raises(NotPossible, match="switched off"):
        first_document.choose(shadowed.connection, order_id, ann, WHY)
