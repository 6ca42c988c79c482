"""What was paid of an order: the transactions of its store that moved money.

Only captured money counts; an authorisation is a promise. Offline payments (bank transfer, cash on delivery) come with
the bank statement. Store credit and gift certificates are no new money.
Vendor: BigCommerce, "Orders V3", order transactions.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import accumulate

from connector.domain.money import ZERO, minor_digits, round_half_up, total
from connector.domain.order.fields import Fields

_PAID = {"purchase", "capture", "settled"}
_NOT_BY_GATEWAY = {"offline", "custom", "gift_certificate", "store_credit"}


@dataclass(frozen=True, slots=True)
class Payment:
    """One transaction: `amount` is what the gateway took (UTC `moment`), below zero what it gave back.

    `id` is the transaction's, `reference` the gateway's. A void that takes whole captures back, or a refund, names them
    in `undoes`.
    """

    id: int
    amount: Decimal
    currency: str
    moment: datetime
    reference: str
    undoes: frozenset[int] = frozenset()


def read_payments(rows: Iterable[object], *, test_orders: bool) -> tuple[Payment, ...]:
    """Return the transactions that moved money, the oldest first.

    Raises UnreadableOrder, which names the row: one that cannot be read may undo another one.
    """
    every = [Fields.of(row, f"transaction[{place}]") for place, row in enumerate(rows)]
    counted = [each for each in {each.text("id"): each for each in every}.values() if _counts(each, test_orders)]
    taken = [each for each in counted if _event(each) in _PAID]
    captures = [_payment(each, each.amount("amount")) for each in taken if not _settles(each, taken)]
    refunds = [_payment(each, -abs(each.amount("amount"))) for each in counted if _event(each) == "refund"]
    promised = {each.text("gateway_transaction_id") for each in counted if _event(each) == "authorization"}
    known = {each.text("id") for each in counted}
    voids: list[Payment] = []
    for row in counted:
        if _event(row) == "void":
            undone = {number for void in voids for number in void.undoes}
            left = [each for each in (*captures, *refunds) if each.id not in undone]
            voids += _void(row, _named(row, left, known, promised), promised)
    return tuple(sorted([*captures, *refunds, *voids], key=lambda each: (each.moment, each.id)))


def unbooked(payments: Sequence[Payment], known: Collection[int], covered: Collection[int] = ()) -> list[Payment]:
    """Return the payments that need a receipt, the oldest first.

    `known` have one already, and `covered` are in a receipt of several payments. What was voided before it had a
    receipt needs none, and nor does its void.
    """
    voided = {number for each in payments for number in each.undoes}
    booked = {*known, *covered}
    return [
        each
        for each in payments
        if each.id not in booked and (each.undoes & booked if each.undoes else each.id not in voided)
    ]


def paid_with(payments: Sequence[Payment], number: int, booked: Collection[int], room: Decimal) -> Decimal:
    """Return what is paid in all with one capture, by its id; 0 is none of them.

    What was given back and what is `booked` counts first, then the captures before it, in their order, that leave the
    sum within `room`. So of two captures that exceed an invoice together, the first one fits.
    """
    paid = total(each.amount for each in payments if each.amount < ZERO or each.id in booked)
    captures = [each for each in payments if each.amount > ZERO and each.id not in booked]
    own = next((place for place, each in enumerate(captures) if each.id == number), None)
    if own is None:
        return paid
    for before in captures[:own]:
        paid += before.amount if before.amount <= room - paid else ZERO
    return paid + captures[own].amount


def covered_by(payments: Sequence[Payment], money: Decimal, read_at: datetime) -> frozenset[int] | None:
    """Return the payments that one receipt of `money` has, when they were read at a moment (UTC).

    They are the first ones, up to that moment, that come to its amount; None when none do.
    """
    before = [each for each in payments if each.moment <= read_at]
    sums = accumulate((each.amount for each in before), initial=ZERO)
    fitting = [count for count, paid in enumerate(sums) if paid == money]
    return frozenset(each.id for each in before[: fitting[-1]]) if fitting else None


def _counts(row: Fields, test_orders: bool) -> bool:
    by_gateway = row.text("method").casefold() not in _NOT_BY_GATEWAY
    return by_gateway and row.text("status").casefold() == "ok" and (test_orders or not row.flag("test"))


def _event(row: Fields) -> str:
    return row.text("event").casefold()


def _payment(row: Fields, amount: Decimal, undoes: frozenset[int] = frozenset()) -> Payment:
    currency = row.text("currency").upper()
    return Payment(
        id=row.whole("id"),
        amount=round_half_up(amount, minor_digits(currency)),
        currency=currency,
        moment=row.moment("date_created"),
        reference=row.text("gateway_transaction_id"),
        undoes=undoes,
    )


def _settles(row: Fields, taken: list[Fields]) -> bool:
    """Whether a settlement only reports the arrival of money that is counted already."""
    if _event(row) != "settled":
        return False
    others = [each for each in taken if _event(each) != "settled"]
    ids = {each.text("id") for each in others} | {each.text("gateway_transaction_id") for each in others}
    return bool(_names(row) & ids)


def _names(row: Fields) -> set[str]:
    """The ids, the store's or the gateway's, of the transactions that this one is about."""
    return {row.text("reference_transaction_id"), row.text("gateway_transaction_id")} - {""}


def _named(row: Fields, moved: list[Payment], known: set[str], promised: set[str]) -> list[Payment]:
    """What a void is about: the capture or refund whose id it names, else the captures of the gateway's id.

    One that names nothing is about the only capture of an order without an authorisation, whose rest it may else be.
    """
    about = row.text("reference_transaction_id")
    if not _names(row):
        return [] if promised or len(moved) != 1 else [each for each in moved if each.amount > 0]
    if about in known:
        return [each for each in moved if str(each.id) == about]
    return [each for each in moved if each.reference in _names(row) and each.amount > 0]


def _void(row: Fields, named: list[Payment], promised: set[str]) -> list[Payment]:
    """What a void takes back: the captures, or the refund, that it names, or a part of the captures.

    Under one id of the gateway a smaller amount is the rest of an authorisation, which was never taken.
    """
    amount, whole = row.amount("amount", ZERO), total(each.amount for each in named)
    if not named:
        return []
    if not amount or amount >= whole:
        return [_payment(row, -whole, frozenset(each.id for each in named))]
    if equal := next((each for each in named if each.amount == amount), None):
        return [_payment(row, -amount, frozenset({equal.id}))]
    return [] if _names(row) & promised else [_payment(row, -amount)]
