"""An invoice with the credit notes that it has already, and what remains of it. Amounts are positive."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.domain.document.result import CannotBe
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.invoice.predict import add_up
from connector.domain.money import ZERO, minor_digits, round_half_up, smallest_unit, total
from connector.domain.order.model import LineKind, Order, whole_key
from connector.domain.order.refund import Refund, RefundItem, RefundOf
from connector.domain.vat_arithmetic import Totals

KINDS: Mapping[RefundOf, tuple[LineKind, ...]] = {
    RefundOf.PRODUCT: (LineKind.PRODUCT, LineKind.GIFT_CERTIFICATE),
    RefundOf.GIFT_WRAPPING: (LineKind.WRAPPING,),
    RefundOf.SHIPPING: (LineKind.SHIPPING,),
    RefundOf.HANDLING: (LineKind.HANDLING,),
    RefundOf.FEE: (LineKind.FEE,),
}
# Items that give back pieces.
BY_QUANTITY = {RefundOf.PRODUCT, RefundOf.GIFT_WRAPPING}
# The wrapping of an order whose products have none of their own. It has no pieces.
WRAPPING_OF_ORDER = f"{LineKind.WRAPPING}:0"


class NotToBeCredited(CannotBe):
    """The refund cannot become a credit note; the problem says why, with the figures."""


@dataclass(frozen=True, slots=True)
class EarlierCredit:
    """A credit note that the invoice has already. Without a `draft` a person made it, and only its total is known."""

    refund: Refund | None
    draft: Draft | None
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Invoiced:
    """An invoice, its order, and the credit notes that it has already. Amounts are positive."""

    draft: Draft
    order: Order
    earlier: tuple[EarlierCredit, ...]

    @property
    def charged_digits(self) -> int:
        """The decimals to which the shop rounds."""
        return 0 if self.order.in_whole_units else minor_digits(self.draft.currency)

    @property
    def unit(self) -> Decimal:
        """The smallest amount that the shop charges or gives back."""
        return smallest_unit(self.charged_digits)

    @property
    def by_hand(self) -> bool:
        """Whether a person made one of the credit notes, so that what remains of the lines is not known."""
        return any(each.draft is None for each in self.earlier)

    @property
    def on_accounts(self) -> Mapping[str, Decimal]:
        """What an invoice of 0.00 has on each GL account with its cost centre and unit; empty where that is 0.00 too.

        No credit note can take it back. Gift certificates of a single purpose paid for all of it, and are booked on
        another account than the goods.
        """
        found = defaultdict[str, Decimal](Decimal)
        for line in () if self.draft.gross else self.draft.lines:
            found[" ".join(filter(None, (line.gl_account, line.cost_center, line.cost_unit)))] += line.net
        return {account: net for account, net in found.items() if net}

    @property
    def has_something_left(self) -> bool:
        """Whether a credit note, or a person, has something to take back of it."""
        return self.rest > ZERO or bool(self.on_accounts)

    def is_all_that_remains(self, amount: Decimal) -> bool:
        """Whether to credit the amount takes all that remains of every line."""
        return not self.by_hand and amount == self.rest

    @property
    def rest(self) -> Decimal:
        """What remains of the invoice's total."""
        return self.draft.gross - total(abs(each.gross) for each in self.earlier)

    def done(self, key: str) -> Totals:
        """Return what is credited of a line already."""
        drafts = (each.draft for each in self.earlier if each.draft)
        found = add_up(line for draft in drafts for line in of_key(draft, key))
        return Totals(-found.net, -found.vat, -found.gross)

    def left(self, line: DraftLine) -> Totals:
        """Return what remains of a line when an amount for the whole order counts too."""
        done = self.done(line.key)
        return Totals(line.net - done.net, line.vat - done.vat, line.gross - done.gross)

    def refunded_quantity(self, key: str) -> Decimal:
        """Return how many pieces of a line earlier refunds gave back."""
        items = (item for each in self.earlier if each.refund for item in each.refund.items)
        pieces = (item for item in items if item.of in BY_QUANTITY and item.amount is None)
        return total(item.quantity for item in pieces if self.key_of(item) == key)

    def sold(self, key: str) -> tuple[Decimal, Decimal, Decimal]:
        """Return a line's quantity, gross amount and tax as the shop sold it."""
        found = next((line for line in self.order.lines if line.key == key), None)
        if found is None:
            made = add_up(of_key(self.draft, key))
            return Decimal(1), made.gross, made.vat
        gross, tax = (round_half_up(amount, self.charged_digits) for amount in (found.gross, found.tax))
        return found.quantity, gross, tax

    def pieces(self, key: str) -> Decimal:
        """Return how many pieces a line has; a gift wrapping has those of its product."""
        kind, _, number = key.partition(":")
        return self.sold(f"{LineKind.PRODUCT}:{number}" if kind == LineKind.WRAPPING else key)[0]

    def key_of(self, item: RefundItem) -> str | None:
        """Return the key of the line that an item gives back; None when the invoice has no such line."""
        keys = dict.fromkeys(whole_key(line.key) for line in self.draft.lines)
        kinds = KINDS.get(item.of, ())
        exact = next((f"{kind}:{item.id}" for kind in kinds if f"{kind}:{item.id}" in keys), None)
        if item.of is RefundOf.GIFT_WRAPPING and WRAPPING_OF_ORDER in keys:
            return WRAPPING_OF_ORDER  # it has no product's id
        if exact or item.of in BY_QUANTITY:
            return exact
        of_kind = [key for key in keys if key.partition(":")[0] in kinds]
        return of_kind[0] if len(of_kind) == 1 else None  # the order's own cost has no address in its key


def of_key(draft: Draft, key: str) -> list[DraftLine]:
    """Return the line of that key; of shipping at several rates, each part."""
    return [line for line in draft.lines if key in {line.key, whole_key(line.key)}]
