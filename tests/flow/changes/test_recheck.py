"""A second look at an order: the payment status that the store last gave, and what a certificate paid since."""

from decimal import Decimal

from connector.models import OrderSync, SyncEvent
from connector.sandbox.bigcommerce.state import Store
from tests.acme import Acme
from tests.flow.by_hand import post
from tests.flow.changes.test_credit_note import ring, setting


def reported(acme: Acme) -> list[str]:
    """What the history says of the payment's status."""
    events = SyncEvent.objects.filter(document=acme.document(1001), text__contains="payment's status")
    return list(events.order_by("id").values_list("text", flat=True))


def test_after_posting_it_is_read_again_and_a_change_is_reported(acme: Acme, shop: Store) -> None:
    shop.change(1001, payment_status="authorized")
    assert post(acme).payment_status == "authorized"
    before = acme.exact_calls()
    shop.change(1001, payment_status="captured")
    ring(acme)
    document = acme.document(1001)
    assert (document.state, document.payment_status, document.change_pending) == ("posted", "captured", False)
    assert reported(acme) == ["The payment's status was authorized and is now captured."]
    ring(acme)
    assert len(reported(acme)) == 1
    assert acme.exact_calls() == before
    assert len(acme.invoices(1001)) == 1


def test_it_is_read_again_beside_a_refund(acme: Acme, shop: Store) -> None:
    setting(acme, refunds="credit")
    post(acme)
    shop.refund(1001)
    shop.change(1001, payment_status="refunded")
    ring(acme)
    assert acme.document(1001).payment_status == "refunded"
    assert [each.state for each in acme.credits(1001)] == ["posted"]


def test_it_is_read_again_while_a_draft_waits_for_approval(acme: Acme, shop: Store) -> None:
    setting(acme, mode="approval")
    shop.change(1001, payment_status="pending")
    assert post(acme).state == "awaiting_approval"
    shop.change(1001, payment_status="captured")
    ring(acme)
    document = acme.document(1001)
    assert (document.state, document.payment_status) == ("awaiting_approval", "captured")


def test_a_draft_that_waits_for_approval_is_made_again_for_what_a_single_purpose_certificate_pays(
    acme: Acme, shop: Store
) -> None:
    acme.configure(mode="approval", gift_certificates="single")
    assert post(acme).state == "awaiting_approval"
    shop.change(1001, gift_certificate_amount="5.0000")
    ring(acme)
    document = acme.document(1001)
    assert (document.state, document.total) == ("awaiting_approval", Decimal("12.90"))


def test_another_amount_from_such_a_certificate_is_an_edit_of_a_posted_invoice(acme: Acme, shop: Store) -> None:
    acme.configure(gift_certificates="single", edits="credit_and_repost")
    post(acme)
    shop.change(1001, gift_certificate_amount="5.0000")
    ring(acme)
    assert [(note.state, note.total) for note in acme.credits(1001)] == [("posted", Decimal("-17.90"))]
    made = OrderSync.objects.filter(connection=acme.connection, order_id=1001, kind="invoice").order_by("id")
    assert [(row.state, row.total) for row in made] == [("posted", Decimal("17.90")), ("posted", Decimal("12.90"))]
