"""The receipt that books a payment of an order on the customer's account.

A receipt is for one transaction, or for what a gift certificate or store credit paid, or for a refund that put it back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from connector.domain.document.codes import Code
from connector.domain.document.lengths import shorten_reference
from connector.domain.document.result import CannotBe
from connector.domain.money import ZERO, plain


class NotToBeBooked(CannotBe):
    """The payments do not fit the invoice; the problem has both figures."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A bank entry. `settled` is booked on the customer's account; gift certificate and store credit are parts of it.

    The journal gains `settled` less these two, in `currency`. What was given back is below zero. The entry is found
    again by its `reference`.
    """

    reference: str
    journal: str
    currency: str
    day: date
    settled: Decimal
    gift_certificate: Decimal
    store_credit: Decimal
    notes: str

    def to_json(self) -> dict[str, str]:
        """Return a JSON object, with decimals and the day as text."""
        read = {name: getattr(self, name) for name in self.__slots__}
        return {name: plain(value) if isinstance(value, Decimal) else str(value) for name, value in read.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Self:
        """Read the receipt that `to_json` wrote."""
        return cls(
            reference=data["reference"],
            journal=data["journal"],
            currency=data["currency"],
            day=date.fromisoformat(data["day"]),
            settled=Decimal(data["settled"]),
            gift_certificate=Decimal(data["gift_certificate"]),
            store_credit=Decimal(data["store_credit"]),
            notes=data["notes"],
        )

    @property
    def money(self) -> Decimal:
        """The amount that the journal gains, in `currency`."""
        return self.settled - self.gift_certificate - self.store_credit


@dataclass(frozen=True, slots=True)
class Paid:
    """What counts as paid of an order with a receipt, less what was given back, in its currency."""

    money: Decimal
    gift_certificate: Decimal
    store_credit: Decimal
    currency: str

    @property
    def settled(self) -> Decimal:
        """What is settled of the invoice in all."""
        return self.money + self.gift_certificate + self.store_credit


def receipt_reference(order: str, sequence: int) -> str:
    """Return the reference of a receipt of an order (`SHOP-1001`).

    The sequence is a transaction's id, 0 for what gift certificates and store credit paid, or -n for refund n that
    was given as one of these.
    """
    return shorten_reference(f"{order}-R{-sequence}" if sequence < 0 else f"{order}-P{sequence or ''}")


def check(receipt: Receipt, paid: Paid, invoiced: Decimal) -> None:
    """Raise NotToBeBooked when in all more was paid than invoiced, or more money given back than came in."""
    if paid.settled > invoiced if receipt.settled > ZERO else paid.money < ZERO:
        raise NotToBeBooked(
            Code.PAYMENTS_DO_NOT_FIT,
            settled=paid.settled,
            currency=receipt.currency,
            money=paid.money,
            gift_certificate=paid.gift_certificate,
            store_credit=paid.store_credit,
            gross=invoiced,
        )
