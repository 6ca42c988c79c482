"""Reads BigCommerce's refunds into ours. Amounts are positive, in the order's currency, and include tax by default.

Facts: BigCommerce reference "Orders V3", payment actions, refunds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from connector.domain.money import ZERO, round_half_up, total
from connector.domain.order.fields import Expected, Fields, UnreadableOrder
from connector.domain.order.model import Order

_REFUNDED = frozenset({4, 14})
# Providers of a refund that give no money back. The vendor writes them in several ways.
_STORE_CREDIT, _GIFT_CERTIFICATE = "storecredit", "giftcertificate"


class RefundOf(StrEnum):
    """What an item of a refund gives back. ORDER is an amount of the whole order, without a tax of its own."""

    PRODUCT = "PRODUCT"
    GIFT_WRAPPING = "GIFT_WRAPPING"
    SHIPPING = "SHIPPING"
    HANDLING = "HANDLING"
    ORDER = "ORDER"
    FEE = "FEE"
    TAX = "TAX"


@dataclass(frozen=True, slots=True)
class RefundItem:
    """One thing that a refund gives back.

    `amount` is what the merchant entered, with or without tax like the store's prices. None means the line's price
    times `quantity`. `adjustment` is added to it; below zero it is kept by the merchant.
    """

    of: RefundOf
    id: str
    quantity: Decimal
    amount: Decimal | None
    adjustment: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund. `total` includes `tax`. Without items it corrects the tax, when all of it is tax.

    `paid` is what the payment providers accepted; None when the refund has no payments. `to_store_credit` and
    `to_gift_certificate` are its parts that were given as these, so that no money went back.
    `overridden`: the merchant entered total and tax.
    """

    id: int
    created: datetime | None
    reason: str
    total: Decimal
    tax: Decimal | None
    overridden: bool
    items: tuple[RefundItem, ...]
    paid: Decimal | None
    to_store_credit: Decimal = ZERO
    to_gift_certificate: Decimal = ZERO

    @property
    def declined(self) -> bool:
        """Whether every payment was declined, so that no money went back."""
        return self.paid == ZERO and self.total > ZERO

    @property
    def of_tax_alone(self) -> bool:
        """Whether it gives back only tax."""
        return all(item.of is RefundOf.TAX for item in self.items) if self.items else self.total == self.tax

    @property
    def for_the_order(self) -> Decimal:
        """The amount that it gives back for the whole order, naming no line."""
        return total(item.amount or ZERO for item in self.items if item.of is RefundOf.ORDER)

    @property
    def by_lines(self) -> bool:
        """Whether it gives back only lines, and no amount of the whole order."""
        return all(item.of is not RefundOf.ORDER for item in self.items)


Pair = tuple[Refund, Any]
"""A refund and its row as BigCommerce sent it, which is an object."""


def shows_refund(order: Order) -> bool:
    """Whether the order says that some of it was refunded."""
    return order.status_id in _REFUNDED or order.has_refunds


def read_refunds(rows: Iterable[object], digits: int) -> tuple[Refund, ...]:
    """Return the refunds of an order, oldest first. Raises UnreadableOrder when a field cannot be read.

    `digits` are the decimals of the order's currency.
    """
    read = (_refund(row, place, digits) for place, row in enumerate(rows))
    return tuple(sorted(read, key=lambda refund: refund.id))


def read_each_refund(rows: Iterable[object], digits: int) -> tuple[list[Pair], list[UnreadableOrder]]:
    """Return each refund with its row, oldest first, and what is wrong with the rows that cannot be read."""
    found: list[Pair] = []
    unreadable: list[UnreadableOrder] = []
    for place, row in enumerate(rows):
        try:
            found.append((_refund(row, place, digits), row))
        except UnreadableOrder as error:
            unreadable.append(error)
    return sorted(found, key=lambda pair: pair[0].id), unreadable


def _refund(value: object, place: int, digits: int) -> Refund:
    row = Fields.of(value, f"refund[{place}]")
    payments = row.many("payments")
    accepted = [payment for payment in payments if not payment.flag("is_declined")]
    taken = total(payment.amount("amount") for payment in accepted)
    amount = row.amount("total_amount")
    if amount < 0:
        raise row.unreadable("total_amount", Expected.NOT_NEGATIVE)
    # What is booked is never more than the refund, whose cents a provider may round up.
    credit = min(_given_as(_STORE_CREDIT, accepted, digits), round_half_up(amount, digits))
    certificate = min(_given_as(_GIFT_CERTIFICATE, accepted, digits), round_half_up(amount, digits) - credit)
    return Refund(
        id=row.whole("id"),
        created=row.moment("created") if row.has("created") else None,
        reason=row.text("reason"),
        total=round_half_up(amount, digits),
        tax=round_half_up(row.amount("total_tax"), digits) if row.has("total_tax") else None,
        overridden=row.flag("uses_merchant_override_values"),
        items=tuple(_item(item, digits) for item in row.many("items")),
        paid=round_half_up(taken, digits) if payments else None,
        to_store_credit=credit,
        to_gift_certificate=certificate,
    )


def _given_as(provider: str, payments: Iterable[Fields], digits: int) -> Decimal:
    names = ((payment, payment.text("provider_id").casefold()) for payment in payments)
    own = (payment for payment, name in names if "".join(filter(str.isalpha, name)) == provider)
    return round_half_up(total(payment.amount("amount") for payment in own), digits)


def _item(row: Fields, digits: int) -> RefundItem:
    kind = row.text("item_type").upper()
    if kind not in set(RefundOf):
        raise row.unreadable("item_type", Expected.KIND_OF_REFUND)
    adjustments = total(each.amount("amount", ZERO) for each in row.many("adjustments"))
    asked = row.amount("requested_amount") if row.has("requested_amount") else None
    return RefundItem(
        of=RefundOf(kind),
        id=row.text("item_id"),
        quantity=row.amount("quantity", ZERO),
        amount=None if asked is None else round_half_up(asked, digits),
        adjustment=round_half_up(adjustments, digits),
    )


__all__ = ["Refund", "RefundItem", "RefundOf", "UnreadableOrder", "read_each_refund", "read_refunds", "shows_refund"]
