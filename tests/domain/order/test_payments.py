"""What counts as money: figures that a bookkeeper can add up."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.domain.money import total
from connector.domain.order.payments import Payment, covered_by, paid_with, read_payments, unbooked

DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


def row(number: int, event: str, amount: str | None, **fields: Any) -> dict[str, Any]:
    usual = {"method": "credit_card", "currency": "EUR", "status": "ok", "test": False}
    moment = (DAY + timedelta(minutes=number)).isoformat()
    return {
        **{"id": number, "event": event, "amount": amount, "date_created": moment},
        **{"gateway_transaction_id": f"tr_{number}", **usual, **fields},
    }


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
    "a bank transfer comes with the bank statement": ([row(1, "purchase", "17.90", method="offline")], "0"),
    "store credit is no money": (
        [row(1, "purchase", "15.00"), row(2, "purchase", "2.90", method="store_credit")],
        "15.00",
    ),
    "in capitals": ([row(1, "Capture", "17.90", status="OK"), row(2, "purchase", "2.90", method="Offline")], "17.90"),
    "listed twice": ([row(1, "capture", "17.90"), row(1, "capture", "17.90")], "17.90"),
    "nothing": ([], "0"),
}
CAPTURE = row(1, "capture", "17.90", gateway_transaction_id="X")
VOIDS = {
    "of a refund": (
        [CAPTURE, row(2, "refund", "7.90"), row(3, "void", "7.90", reference_transaction_id="2")],
        "17.90",
    ),
    "by the transaction's id": ([CAPTURE, row(2, "void", "17.90", reference_transaction_id="1")], "0"),
    "by the gateway's id as a reference": (
        [CAPTURE, row(2, "void", "17.90", reference_transaction_id="X", gateway_transaction_id="")],
        "0",
    ),
    "by the gateway's id alone": ([CAPTURE, row(2, "void", "17.90", gateway_transaction_id="X")], "0"),
    "without an amount": ([CAPTURE, row(2, "void", None, gateway_transaction_id="X")], "0"),
    "reported twice": (
        [CAPTURE, *(row(number, "void", "17.90", gateway_transaction_id="X") for number in (2, 3))],
        "0",
    ),
    "of another payment": ([CAPTURE, row(2, "void", "17.90", gateway_transaction_id="Y")], "17.90"),
    "of the authorisation that it names": (
        [
            row(3, "authorization", "17.90", gateway_transaction_id="X"),
            CAPTURE,
            row(4, "void", "17.90", reference_transaction_id="3", gateway_transaction_id="X"),
        ],
        "17.90",
    ),
    "of the rest of an authorisation": (
        [
            row(3, "authorization", "20.00", gateway_transaction_id="X"),
            CAPTURE,
            row(4, "void", "2.10", gateway_transaction_id="X"),
        ],
        "17.90",
    ),
    "of one of two captures under one id": (
        [
            row(1, "capture", "10.00", gateway_transaction_id="X"),
            row(2, "capture", "7.90", gateway_transaction_id="X"),
            row(3, "void", "7.90", gateway_transaction_id="X"),
        ],
        "10.00",
    ),
    "of both captures under one id": (
        [
            row(1, "capture", "10.00", gateway_transaction_id="X"),
            row(2, "capture", "7.90", gateway_transaction_id="X"),
            row(3, "void", "17.90", gateway_transaction_id="X"),
        ],
        "0",
    ),
    "that names nothing, of the only capture": ([CAPTURE, row(2, "void", "17.90", gateway_transaction_id="")], "0"),
    "that names nothing, of one capture or another": (
        [CAPTURE, row(2, "capture", "2.10"), row(3, "void", "17.90", gateway_transaction_id="")],
        "20.00",
    ),
    "that names nothing, where the rest of an authorisation may be meant": (
        [row(3, "authorization", "20.00"), CAPTURE, row(4, "void", None, gateway_transaction_id="")],
        "17.90",
    ),
    "of a part": ([CAPTURE, row(2, "void", "7.90", gateway_transaction_id="X")], "10.00"),
    "that failed": ([CAPTURE, row(2, "void", "17.90", gateway_transaction_id="X", status="error")], "17.90"),
}


def read(rows: list[dict[str, Any]], *, test_orders: bool = False) -> tuple[Payment, ...]:
    return read_payments(rows, test_orders=test_orders)


def ids(payments: list[Payment]) -> list[int]:
    return [payment.id for payment in payments]


@pytest.mark.parametrize(("rows", "amount"), CASES.values(), ids=CASES)
def test_captured_money(rows: list[dict[str, Any]], amount: str) -> None:
    assert total(payment.amount for payment in read(rows)) == Decimal(amount)


@pytest.mark.parametrize(("rows", "amount"), VOIDS.values(), ids=VOIDS)
def test_a_void_takes_back_what_it_names(rows: list[dict[str, Any]], amount: str) -> None:
    found = read(rows)
    assert total(payment.amount for payment in found) == Decimal(amount)
    assert total(payment.amount for payment in unbooked(found, ())) == Decimal(amount)


@pytest.mark.parametrize(("test_orders", "amount"), [(False, "0"), (True, "17.90")])
def test_test_payments_count_where_test_orders_do(test_orders: bool, amount: str) -> None:
    rows = [row(1, "purchase", "17.90", test=True)]
    assert total(payment.amount for payment in read(rows, test_orders=test_orders)) == Decimal(amount)


def test_each_payment_that_is_not_booked_needs_a_receipt_the_oldest_first() -> None:
    found = read([row(3, "refund", "7.90"), row(2, "capture", "7.90"), row(1, "capture", "10.00")])
    assert ids(unbooked(found, ())) == [1, 2, 3]
    assert ids(unbooked(found, {1, 3})) == [2]
    assert ids(unbooked(found, {3}, covered={1, 2})) == []


def test_what_was_voided_before_it_was_booked_needs_no_receipt_and_nor_does_the_void() -> None:
    found = read([CAPTURE, row(2, "void", "17.90", reference_transaction_id="1")])
    assert unbooked(found, ()) == []
    assert ids(unbooked(found, {1})) == [2]
    assert ids(unbooked(found, (), covered={1})) == [2]


def test_a_receipt_of_several_payments_has_the_first_ones_that_come_to_its_amount() -> None:
    rows = [row(1, "capture", "17.90"), row(2, "refund", "7.90"), row(3, "capture", "7.90")]
    found = read(rows)
    late = DAY + timedelta(hours=1)
    assert covered_by(found, Decimal("17.90"), late) == frozenset({1, 2, 3})
    assert covered_by(found, Decimal("17.90"), DAY + timedelta(minutes=1)) == frozenset({1})
    assert covered_by(found, Decimal("10.00"), late) == frozenset({1, 2})
    assert covered_by(found, Decimal("9.00"), late) is None


def test_an_amount_has_its_currencys_decimals() -> None:
    (payment,) = read([row(1, "purchase", "1290.4", currency="jpy")])
    assert (str(payment.amount), payment.currency) == ("1290", "JPY")


def test_a_void_of_all_that_was_captured_takes_each_capture_back() -> None:
    captures = [row(number, "capture", "5.00", gateway_transaction_id="tr_a") for number in (1, 2)]
    (*_, void) = read_payments([*captures, row(3, "void", "10.00", gateway_transaction_id="tr_a")], test_orders=False)
    assert (void.amount, sorted(void.undoes)) == (Decimal("-10.00"), [1, 2])


def test_two_settlements_of_one_gateways_id_are_two_payments() -> None:
    settled = [row(number, "settled", "5.00", gateway_transaction_id="tr_a") for number in (1, 2)]
    assert [each.id for each in read_payments(settled, test_orders=False)] == [1, 2]


def test_a_receipt_has_the_longest_row_of_payments_that_comes_to_its_amount() -> None:
    rows = [row(1, "purchase", "5.00"), row(2, "purchase", "5.00"), row(3, "refund", "5.00"), row(4, "refund", "5.00")]
    payments, late = read_payments(rows, test_orders=False), DAY + timedelta(days=1)
    for amount, of_receipt in (("5.00", [1, 2, 3]), ("10.00", [1, 2]), ("0.00", [1, 2, 3, 4])):
        assert sorted(covered_by(payments, Decimal(amount), late) or ()) == of_receipt
    assert covered_by(payments, Decimal("7.00"), late) is None
    assert covered_by(payments, Decimal("15.00"), payments[1].moment) is None
    assert sorted(covered_by(payments, Decimal("5.00"), payments[1].moment) or ()) == [1]
    assert covered_by(payments, Decimal("0.00"), DAY) == frozenset()


@pytest.mark.parametrize(
    ("amounts", "booked", "sums"),
    [
        pytest.param(["17.90"], [], ["17.90"], id="one that fits"),
        pytest.param(["10.00", "17.90"], [], ["10.00", "27.90"], id="the second exceeds"),
        pytest.param(["10.00", "20.00", "7.90"], [], ["10.00", "30.00", "17.90"], id="a later one fits the rest"),
        pytest.param(["17.90", "5.00", "-5.00"], [], ["12.90", "17.90"], id="what was given back makes room"),
        pytest.param(["17.90", "10.00"], [2], ["27.90"], id="what is booked comes first"),
        pytest.param(["5.00", "7.90"], [1], ["12.90"], id="what is booked counts once"),
    ],
)
def test_captures_count_in_their_order_as_far_as_they_fit(
    amounts: list[str], booked: list[int], sums: list[str]
) -> None:
    found = [Payment(number, Decimal(amount), "EUR", DAY, "") for number, amount in enumerate(amounts, 1)]
    captures = [each.id for each in found if each.amount > 0 and each.id not in booked]
    assert [str(paid_with(found, number, booked, Decimal("17.90"))) for number in captures] == sums


def test_beside_vouchers_only_what_is_booked_or_given_back_counts() -> None:
    found = [
        Payment(number, Decimal(amount), "EUR", DAY, "") for number, amount in ((1, "9.00"), (2, "8.00"), (3, "-2"))
    ]
    assert paid_with(found, 0, {1}, Decimal("17.90")) == Decimal("7.00")
