"""What was paid of an order, and the receipt that books it on the customer's account.

Only captured money counts; an authorisation is a promise. Offline payments (bank transfer, cash on delivery) come with
the bank statement. Store credit and gift certificates are no new money.
Vendor: BigCommerce, "Orders V3", order transactions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from connector.domain.document.codes import Code
from connector.domain.document.result import CannotBe
from connector.domain.money import ZERO, plain, total
from connector.domain.order.fields import Fields

_PAID = {"purchase", "capture", "settled"}
_NOT_BY_GATEWAY = {"offline", "custom", "gift_certificate", "store_credit"}


class NotToBeBooked(CannotBe):
    """The payments do not fit the invoice; the problem has both figures."""


@dataclass(frozen=True, slots=True)
class Captured:
    """Money that a gateway took, less what it gave back, in the order's currency. `last` is the last payment (UTC)."""

    amount: Decimal
    last: datetime | None = None
    references: tuple[str, ...] = ()


def captured(rows: Iterable[Mapping[str, Any]], currency: str, *, test_orders: bool) -> Captured:
    """Add up an order's transactions.

    Raises UnreadableOrder when a field cannot be read, and NotToBeBooked when money is in another currency.
    """
    counted = [each for each in (Fields(row, "transaction") for row in rows) if _counts(each, test_orders)]
    voided = {each.text("reference_transaction_id") for each in counted if each.text("event") == "void"} - {""}
    taken = [each for each in counted if each.text("event") in _PAID and each.text("id") not in voided]
    paid = [each for each in taken if not _settles(each, taken)]
    back = [each for each in counted if each.text("event") == "refund"]
    for each in (*paid, *back):
        if each.text("currency").upper() != currency:
            raise NotToBeBooked(Code.PAYMENT_CURRENCY, payment_currency=each.text("currency"), currency=currency)
    amount = total(each.amount("amount") for each in paid) - total(abs(each.amount("amount")) for each in back)
    return Captured(
        amount,
        max((each.moment("date_created") for each in paid), default=None),
        tuple(filter(None, (each.text("gateway_transaction_id") for each in paid))),
    )


def _counts(row: Fields, test_orders: bool) -> bool:
    by_gateway = row.text("method") not in _NOT_BY_GATEWAY
    return by_gateway and row.text("status") == "ok" and (test_orders or not row.flag("test"))


def _settles(row: Fields, taken: list[Fields]) -> bool:
    """Whether a settlement only reports the arrival of money that is counted already."""
    if row.text("event") != "settled":
        return False
    others = [each for each in taken if each is not row and each.text("event") != "settled"]
    ids = {each.text("id") for each in others} | {each.text("gateway_transaction_id") for each in others}
    return bool({row.text("reference_transaction_id"), row.text("gateway_transaction_id")} & (ids - {""}))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A bank entry. `settled` is booked on the customer's account; gift certificate and store credit are parts of it.

    The journal gains `settled` less these two, in `currency`. The entry is found again by its `reference`.
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


def check(receipt: Receipt, invoiced: Decimal) -> None:
    """Raise NotToBeBooked when more was paid than invoiced, or the journal would gain less than nothing."""
    if receipt.settled > invoiced or receipt.money < ZERO:
        raise NotToBeBooked(
            Code.PAYMENTS_DO_NOT_FIT,
            settled=receipt.settled,
            currency=receipt.currency,
            money=receipt.money,
            gift_certificate=receipt.gift_certificate,
            store_credit=receipt.store_credit,
            gross=invoiced,
        )
