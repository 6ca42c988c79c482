"""A second look at an order keeps the payment status that the store last gave. Its document does not depend on it."""

from connector.models import SyncEvent
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
