"""A payment that cannot be read, and may undo another one."""

from decimal import Decimal as D
from typing import Any

from connector.flow.actions.documents import re_post
from tests.acme import Acme
from tests.flow.by_hand import WHY
from tests.flow.payment.test_payments import connected, entries, look, receipts, store


def test_a_payment_that_cannot_be_read_holds_the_receipt_and_is_named(acme: Acme) -> None:
    """It may be the void of another payment, so none of the order's is booked before a person looked."""
    booking = connected(acme)
    rows: list[Any] = store(booking).orders[1001].transactions
    rows.append({**rows[0], "id": 7, "amount": {"value": "1.00"}})
    look(booking, "store/order/created")
    held = receipts(booking)[0]
    assert (held.state, held.reason, held.code) == ("blocked", "totals", "payments_unreadable")
    assert "transaction[1].amount" in held.message
    rows[1] = None
    re_post(held, None, WHY)
    booking.drain()
    assert "transaction[1] is empty or missing; it must be an object" in receipts(booking)[0].message
    assert entries(booking) == []
    rows.pop()
    re_post(receipts(booking)[0], None, WHY)
    booking.drain()
    assert [amount for _reference, amount in entries(booking)] == [D("17.90")]
