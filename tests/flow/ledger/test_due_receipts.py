"""Which receipts a posted document has: one row, and none without receipts."""

from decimal import Decimal as D
from typing import Any

import pytest

from connector.flow.actions.settle import settle
from connector.flow.ledger import due_receipts
from connector.models import Connection, OrderSync
from tests.acme import Acme
from tests.cases.outcome import item, refund
from tests.factories import ConnectionFactory, OrderSyncFactory
from tests.flow.by_hand import WHY
from tests.flow.payment.test_payments import balances, connected, entries, look, store
from tests.flow.payment.test_receipt import PAYMENTS

pytestmark = pytest.mark.django_db
ONE = item("PRODUCT", 1, quantity=1)


def by(provider: str) -> dict[str, Any]:
    paid = [{"id": 1, "provider_id": provider, "amount": "24.20", "is_declined": False}]
    return {"refund": refund("24.20", "4.20", ONE, payments=paid)}


def receipts(connection: Connection, **document: Any) -> list[int]:
    """The sequences of the receipts that a document of an order has after it was posted."""
    posted = OrderSyncFactory.create(connection=connection, posted=True, currency="EUR", **document)
    due_receipts.create_receipt_row(posted)
    due_receipts.create_receipt_row(posted)
    return list(OrderSync.objects.filter(order_id=posted.order_id, kind="receipt").values_list("sequence", flat=True))


@pytest.mark.parametrize(
    ("document", "found"),
    [
        pytest.param({"kind": "invoice"}, [0], id="an invoice, for its first payment"),
        pytest.param({"kind": "invoice", "sequence": 2}, [], id="a later one: its order has them already"),
        pytest.param({"kind": "credit", "sequence": 11, "order_data": by("storecredit")}, [-11], id="store credit"),
        pytest.param({"kind": "credit", "sequence": 11, "order_data": by("cards")}, [], id="money"),
        pytest.param({"kind": "credit", "sequence": 0}, [], id="a cancellation"),
    ],
)
def test_a_posted_document_has_its_receipt_once(document: dict[str, Any], found: list[int]) -> None:
    assert receipts(ConnectionFactory.create(payments="receipts"), **document) == found
    assert receipts(ConnectionFactory.create(payments="off"), **document) == []


def test_what_a_single_purpose_certificate_paid_is_no_part_of_what_was_credited(acme: Acme) -> None:
    booking = connected(acme, gift_certificates="single")
    store(booking).orders[1001].order["gift_certificate_amount"] = "5.0000"
    store(booking).orders[1001].transactions[0]["amount"] = 12.9
    look(booking, "store/order/created")
    store(booking).change(1001, status_id=5)
    look(booking)
    store(booking).refund(1001, gift_certificate=D("5.00"))
    look(booking)
    assert [(note.sequence, note.state, note.total) for note in booking.credits(1001)] == [(0, "posted", D("-12.90"))]
    assert not booking.document(1001).change_pending
    assert balances(booking) == {}


@pytest.mark.parametrize("payments", [PAYMENTS, "off"])
def test_a_refund_after_the_cancellation_was_credited_puts_the_liability_back_too(acme: Acme, payments: Any) -> None:
    booking = connected(acme, payments=payments)
    look(booking, "store/order/created")
    store(booking).cancel(1001)
    look(booking)
    store(booking).refund(1001, store_credit=D("17.90"))
    look(booking, "store/order/refund/created")
    look(booking)
    refund = store(booking).refunds[1001][0]["id"]
    texts = " ".join(booking.document(1001).history.values_list("text", flat=True))
    (note,) = booking.credits(1001)
    if payments == "off":
        assert "To settle by hand: 17.90 EUR, given back as store credit or gift certificate." in texts
        assert note.to_settle == D("17.90")
        settle(note, None, WHY)
        booking.make_due()
        look(booking)
        assert booking.credits(1001)[0].to_settle is None
    else:
        assert note.to_settle is None
        assert entries(booking) == [("NLS-1001-P1001", D("17.90")), (f"NLS-1001-R{refund}", D("-17.90"))]
        assert balances(booking) == {"1550": D("-17.90")}
