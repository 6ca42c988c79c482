"""What counts as money: figures that a bookkeeper can add up."""

from decimal import Decimal
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.domain.order.payments import NotToBeBooked, captured
from connector.problems.catalogue import sentence


def row(number: int, event: str, amount: str, **fields: Any) -> dict[str, Any]:
    usual = {"method": "credit_card", "currency": "EUR", "status": "ok", "test": False}
    more = {"date_created": "2026-01-05T08:00:00+00:00", "gateway_transaction_id": f"tr_{number}"}
    return {"id": number, "event": event, "amount": amount, **usual, **more, **fields}


CASES = {
    "purchase": ([row(1, "purchase", "17.90")], "17.90"),
    "authorisation alone": ([row(1, "authorization", "17.90")], "0"),
    "captured in two parts": (
        [row(1, "authorization", "17.90"), row(2, "capture", "10.00"), row(3, "capture", "7.90")],
        "17.90",
    ),
    "refused by the gateway": ([row(1, "purchase", "17.90", status="error")], "0"),
    "pending": ([row(1, "pending", "17.90")], "0"),
    "given back in part": ([row(1, "purchase", "17.90"), row(2, "refund", "7.90")], "10.00"),
    "given back, reported as a negative amount": ([row(1, "purchase", "17.90"), row(2, "refund", "-7.90")], "10.00"),
    "a refund that failed": ([row(1, "purchase", "17.90"), row(2, "refund", "7.90", status="error")], "17.90"),
    "settled alone": ([row(1, "settled", "17.90")], "17.90"),
    "settled after it was captured": (
        [row(1, "capture", "17.90"), row(2, "settled", "17.90", reference_transaction_id="1")],
        "17.90",
    ),
    "voided": ([row(1, "capture", "17.90"), row(2, "void", "17.90", reference_transaction_id="1")], "0"),
    "a bank transfer comes with the bank statement": ([row(1, "purchase", "17.90", method="offline")], "0"),
    "store credit is no money": (
        [row(1, "purchase", "15.00"), row(2, "purchase", "2.90", method="store_credit")],
        "15.00",
    ),
    "nothing": ([], "0"),
}


@pytest.mark.parametrize(("rows", "amount"), CASES.values(), ids=CASES)
def test_captured_money(rows: list[dict[str, Any]], amount: str) -> None:
    assert captured(rows, "EUR", test_orders=False).amount == Decimal(amount)


@pytest.mark.parametrize(("test_orders", "amount"), [(False, "0"), (True, "17.90")])
def test_test_payments_count_where_test_orders_do(test_orders: bool, amount: str) -> None:
    rows = [row(1, "purchase", "17.90", test=True)]
    assert captured(rows, "EUR", test_orders=test_orders).amount == Decimal(amount)


def test_money_in_another_currency_is_refused() -> None:
    with pytest.raises(NotToBeBooked) as refused:
        captured([row(1, "purchase", "17.90", currency="USD")], "EUR", test_orders=False)
    assert refused.value.problem.code == Code.PAYMENT_CURRENCY
    assert "in USD, but the invoice is in EUR" in sentence(refused.value.problem)
