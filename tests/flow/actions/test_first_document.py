"""The first document: posted in any mode and left open, read back; then kept, or taken out of Exact again."""

import pytest

from connector.domain.choices import Mode
from connector.flow.actions import first_document
from connector.flow.actions.transaction import NotPossible
from connector.models import Connection, OrderSync
from tenants.models import User
from tests.acme import STORE, Acme

pytestmark = pytest.mark.django_db
WHY = "I looked at it"


@pytest.fixture
def order_id(shadowed: Acme) -> int:
    return shadowed.order_of_kind("two VAT rates")


def post_chosen(acme: Acme, order_id: int, person: User) -> OrderSync:
    """Post the invoice of an order that a person chose; it is not decided on."""
    first_document.choose(acme.connection, order_id, person, WHY)
    acme.drain()
    return acme.document(order_id)


@pytest.fixture
def posted(shadowed: Acme, order_id: int, ann: User) -> OrderSync:
    """The chosen order's invoice, in Exact and not decided on."""
    return post_chosen(shadowed, order_id, ann)


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
