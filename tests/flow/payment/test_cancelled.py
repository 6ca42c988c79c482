"""An order that vouchers paid in part is cancelled, and its money and its vouchers are given back afterwards."""

from decimal import Decimal as D

from tests.acme import Acme
from tests.flow.payment.test_payments import balances, connected, look, store


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
