"""How much of each invoice line a refund gives back, before anything is known of VAT.

The refund's total leads: what its items come to on the invoice must be that total, a cent a line aside.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.domain.choices import OrderRefundVat, VatRounding
from connector.domain.document.codes import Code
from connector.domain.document.result import CannotBe
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.invoice.predict import add_up
from connector.domain.money import ZERO, minor_digits, round_half_up, shortest, total
from connector.domain.order.model import LineKind, Order
from connector.domain.order.refund import Refund, RefundItem, RefundOf
from connector.domain.rules.settings import PostingSettings
from connector.domain.vat_arithmetic import Totals

_KINDS: Mapping[RefundOf, tuple[LineKind, ...]] = {
    RefundOf.PRODUCT: (LineKind.PRODUCT, LineKind.GIFT_CERTIFICATE),
    RefundOf.GIFT_WRAPPING: (LineKind.WRAPPING,),
    RefundOf.SHIPPING: (LineKind.SHIPPING,),
    RefundOf.HANDLING: (LineKind.HANDLING,),
    RefundOf.FEE: (LineKind.FEE,),
}
# What stands on the invoice for the order as a whole takes what the lines themselves do not carry.
_OF_THE_WHOLE = {LineKind.TAX, LineKind.ROUNDING}


class NotToBeCredited(CannotBe):
    """The refund cannot become a credit note as things are; the problem says why, with the figures."""


@dataclass(frozen=True, slots=True)
class Before:
    """A credit note that the invoice has already; `draft` None: one typed by hand, of which the total is known."""

    refund: Refund | None
    draft: Draft | None
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Invoiced:
    """The invoice and the order it was made of, with what was credited of it before. Amounts here are positive."""

    draft: Draft
    order: Order
    before: tuple[Before, ...]

    @property
    def unit(self) -> Decimal:
        """The smallest amount of the currency."""
        return Decimal(1).scaleb(-minor_digits(self.draft.currency))

    @property
    def rest(self) -> Decimal:
        """What remains of the invoice's total."""
        return self.draft.gross - total(abs(each.gross) for each in self.before)

    def done(self, key: str) -> Totals:
        """What was credited of a line."""
        drafts = (each.draft for each in self.before if each.draft)
        found = add_up(line for draft in drafts for line in draft.lines if line.key == key)
        return Totals(-found.net, -found.vat, -found.gross)

    def left(self, line: DraftLine) -> Totals:
        """What remains of a line."""
        done = self.done(line.key)
        return Totals(line.net - done.net, line.vat - done.vat, line.gross - done.gross)

    def refunded_quantity(self, key: str) -> Decimal:
        """How many of a line's pieces were refunded before."""
        items = (item for each in self.before if each.refund for item in each.refund.items)
        pieces = (item for item in items if item.of in _BY_QUANTITY and item.amount is None)
        return total(item.quantity for item in pieces if self.key_of(item) == key)

    def sold(self, key: str) -> tuple[Decimal, Decimal, Decimal]:
        """A line's quantity, gross amount and tax as the shop sold it."""
        found = next((line for line in self.order.lines if line.key == key), None)
        if found is None:
            line = next(line for line in self.draft.lines if line.key == key)
            return Decimal(1), line.gross, line.vat
        return found.quantity, found.gross, found.tax

    def pieces(self, key: str) -> Decimal:
        """How many pieces a line is for; a wrapping is for those of its product."""
        kind, _, number = key.partition(":")
        product = f"{LineKind.PRODUCT}:{number}"
        is_wrapping = kind == LineKind.WRAPPING and any(line.key == product for line in self.order.lines)
        return self.sold(product if is_wrapping else key)[0]

    def key_of(self, item: RefundItem) -> str | None:
        """The key of the line that an item gives back; None when the invoice has no such line."""
        keys = {line.key for line in self.draft.lines}
        kinds = _KINDS.get(item.of, ())
        exact = next((f"{kind}:{item.id}" for kind in kinds if f"{kind}:{item.id}" in keys), None)
        if exact or item.of in _BY_QUANTITY:
            return exact
        of_kind = [line.key for line in self.draft.lines if line.kind in kinds]
        return of_kind[0] if len(of_kind) == 1 else None  # the order's own cost, known by no address


_BY_QUANTITY = {RefundOf.PRODUCT, RefundOf.GIFT_WRAPPING}
Shares = dict[str, Decimal]
_Reading = Callable[[Invoiced, str, RefundItem], Decimal]


def shares_of(invoiced: Invoiced, refund: Refund, settings: PostingSettings) -> Shares:
    """The gross amount of each line that the refund gives back, together its total. Raises NotToBeCredited."""
    if refund.of_tax_alone:
        return _tax_alone(invoiced, refund)
    whole = total(item.amount or ZERO for item in refund.items if item.of is RefundOf.ORDER)
    if whole and settings.order_refund_vat == OrderRefundVat.HOLD:
        raise NotToBeCredited(Code.REFUND_OF_ORDER_HELD, amount=whole, **of_refund(invoiced, refund))
    sold = _read_items(invoiced, refund, refund.total - whole)
    shares = _on_the_invoice(invoiced, sold, by_code=settings.rounding == VatRounding.CODE)
    for key, share in _spread(whole, _weights(invoiced, shares), invoiced.unit).items():
        shares[key] = shares.get(key, ZERO) + share
    return {key: share for key, share in shares.items() if share}


def of_refund(invoiced: Invoiced, refund: Refund | None) -> dict[str, object]:
    """Say which refund of which order it is, for a problem's parameters; without one, all that remains."""
    return {
        "refund": refund.id if refund else "",
        "order": invoiced.order.id,
        "currency": invoiced.draft.currency,
    }


def _tax_alone(invoiced: Invoiced, refund: Refund) -> Shares:
    """Tax that stands on lines of its own can be credited; VAT without an amount that it is of cannot."""
    weights = {line.key: invoiced.left(line).gross for line in invoiced.draft.lines if line.kind is LineKind.TAX}
    if not ZERO < refund.total <= total(weights.values()):
        raise NotToBeCredited(Code.REFUND_OF_TAX_ALONE, amount=refund.total, **of_refund(invoiced, refund))
    return _spread(refund.total, weights, invoiced.unit)


def _read_items(invoiced: Invoiced, refund: Refund, wanted: Decimal) -> Shares:
    """The lines' amounts in the reading of the items that comes to the refund's total, cents put right.

    What is not on the invoice must be worth nothing: the free parts of a bundle, a shipping that cost nothing.
    """
    strangers = [item for item in refund.items if item.of in _KINDS and invoiced.key_of(item) is None]
    if refund.overridden or any(item.amount or item.adjustment for item in strangers):
        _refuse(strangers, refund, invoiced)
    readings, obstacles = [], []
    for reading in (_with_tax, _without_tax, _by_quantity):
        try:
            readings.append(_added(invoiced, refund, reading))
        except NotToBeCredited as obstacle:
            obstacles.append(obstacle)
    if not readings:
        raise obstacles[0]
    best = min(readings, key=lambda shares: abs(wanted - total(shares.values())))
    found = total(best.values())
    if found != wanted and refund.overridden:
        return _spread(wanted, best, invoiced.unit)
    if abs(found - wanted) > len(best) * invoiced.unit:
        _refuse(strangers, refund, invoiced)
        raise NotToBeCredited(Code.REFUND_DOES_NOT_ADD_UP, sum=found, amount=wanted, **of_refund(invoiced, refund))
    return _nudged(best, wanted - found, invoiced)


def _refuse(strangers: list[RefundItem], refund: Refund, invoiced: Invoiced) -> None:
    for item in strangers:
        raise NotToBeCredited(
            Code.REFUND_OF_UNKNOWN_LINE,
            what=item.of.lower(),
            id=item.id,
            reference=invoiced.draft.reference,
            **of_refund(invoiced, refund),
        )


def _added(invoiced: Invoiced, refund: Refund, reading: _Reading) -> Shares:
    shares: Shares = {}
    for item in refund.items:
        key = invoiced.key_of(item)
        if key is not None:
            shares[key] = shares.get(key, ZERO) + reading(invoiced, key, item)
    return shares


def _by_quantity(invoiced: Invoiced, key: str, item: RefundItem) -> Decimal:
    """The pieces' part of the line; parts are cut so that all of them together are the line.

    What is not counted in pieces, and has no amount, is all that is left of its line.
    """
    if item.of not in _BY_QUANTITY and item.amount is None:
        return max(ZERO, invoiced.sold(key)[1] - invoiced.done(key).gross) + item.adjustment
    if item.of not in _BY_QUANTITY or not item.quantity:
        return (item.amount or ZERO) + item.adjustment
    gross, quantity = invoiced.sold(key)[1], invoiced.pieces(key)
    before = invoiced.refunded_quantity(key)
    after = before + item.quantity
    if after > quantity:
        raise NotToBeCredited(
            Code.REFUND_OF_MORE_PIECES, **_of_line(invoiced, key), refunded=shortest(after), sold=shortest(quantity)
        )
    digits = minor_digits(invoiced.draft.currency)
    parts = [round_half_up(gross * pieces / quantity, digits) for pieces in (before, after)]
    return parts[1] - parts[0] + item.adjustment


def _with_tax(invoiced: Invoiced, key: str, item: RefundItem) -> Decimal:
    return _by_quantity(invoiced, key, item) if item.amount is None else item.amount + item.adjustment


def _without_tax(invoiced: Invoiced, key: str, item: RefundItem) -> Decimal:
    if item.amount is None:
        return _by_quantity(invoiced, key, item)
    _, gross, tax = invoiced.sold(key)
    net = item.amount + item.adjustment
    if gross == tax:
        return net
    return net + round_half_up(net * tax / (gross - tax), minor_digits(invoiced.draft.currency))


def _nudged(shares: Shares, cents: Decimal, invoiced: Invoiced) -> Shares:
    """Cents that the shop rounded otherwise go to the last lines that have room for one."""
    step = invoiced.unit.copy_sign(cents)
    lines = {line.key: line for line in invoiced.draft.lines}
    for key in list(reversed(shares)):
        room = invoiced.left(lines[key]).gross + invoiced.sold(key)[1] - lines[key].gross
        if cents and ZERO <= shares[key] + step <= room:
            shares[key] += step
            cents -= step
    return shares


def _on_the_invoice(invoiced: Invoiced, sold: Shares, *, by_code: bool) -> Shares:
    """From amounts as the shop sold to those of the invoice, where tax or a rounding may be lines of their own.

    Where Exact rounds VAT once per code a line has no gross amount of its own, so a cent more is no cent too much.
    """
    lines = {line.key: line for line in invoiced.draft.lines}
    of_the_whole = {key: invoiced.left(line).gross for key, line in lines.items() if line.kind in _OF_THE_WHOLE}
    has_tax_lines = any(line.kind is LineKind.TAX for line in lines.values())
    shares: Shares = {}
    for key, amount in sold.items():
        gross, left = invoiced.sold(key)[1], invoiced.left(lines[key]).gross
        off = abs(gross - lines[key].gross)
        share = amount
        if has_tax_lines and off:
            share = round_half_up(amount * lines[key].gross / gross, minor_digits(invoiced.draft.currency))
        elif amount - left <= off and not by_code:
            share = min(amount, left)
        if share > left + (off if by_code else ZERO):
            raise NotToBeCredited(
                Code.REFUND_OF_MORE_THAN_LINE,
                **_of_line(invoiced, key),
                amount=share,
                rest=left,
                gross=lines[key].gross,
                reference=invoiced.draft.reference,
            )
        shares[key] = share
    outside = total(sold.values()) - total(shares.values())
    if not ZERO <= outside <= max(ZERO, total(of_the_whole.values())):
        raise NotToBeCredited(
            Code.REFUND_OUTSIDE_LINES,
            amount=total(sold.values()),
            taken=total(shares.values()),
            reference=invoiced.draft.reference,
        )
    return shares | _spread(outside, of_the_whole, invoiced.unit)


def _weights(invoiced: Invoiced, shares: Shares) -> Shares:
    """What is left of each line after the shares; a rounding is no part of the VAT mix."""
    lines = (line for line in invoiced.draft.lines if line.kind is not LineKind.ROUNDING)
    return {line.key: max(ZERO, invoiced.left(line).gross - shares.get(line.key, ZERO)) for line in lines}


def _spread(amount: Decimal, weights: Mapping[str, Decimal], unit: Decimal) -> Shares:
    """The amount over the weights in whole units, by the largest remainders, so that the sum is exact."""
    whole = total(weights.values())
    if not amount or not whole:
        return {}
    exact = {key: amount * weight / whole for key, weight in weights.items()}
    shares = {key: each // unit * unit for key, each in exact.items()}
    units = int((amount - total(shares.values())) / unit)
    for key in _largest(exact, shares, units):
        shares[key] += unit
    return {key: share for key, share in shares.items() if share}


def _largest(exact: Mapping[str, Decimal], shares: Shares, count: int) -> Iterable[str]:
    return sorted(exact, key=lambda key: exact[key] - shares[key], reverse=True)[:count]


def _of_line(invoiced: Invoiced, key: str) -> dict[str, object]:
    """Say which line of the invoice it is, for a problem's parameters."""
    return {"line": key, "name": next(line.description for line in invoiced.draft.lines if line.key == key)}
