"""How much of each invoice line a refund gives back, VAT included.

The refund's total decides. The sum of its items may differ from that total by one cent per line, not more.
Amounts are positive, in the order's currency.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.domain.choices import OrderRefundVat, PostingSettings, VatRounding
from connector.domain.document.codes import Code
from connector.domain.document.result import CannotBe
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.invoice.predict import add_up
from connector.domain.money import ZERO, minor_digits, round_half_up, shortest, total
from connector.domain.order.model import LineKind, Order, whole_key
from connector.domain.order.refund import Refund, RefundItem, RefundOf
from connector.domain.vat_arithmetic import Totals

_KINDS: Mapping[RefundOf, tuple[LineKind, ...]] = {
    RefundOf.PRODUCT: (LineKind.PRODUCT, LineKind.GIFT_CERTIFICATE),
    RefundOf.GIFT_WRAPPING: (LineKind.WRAPPING,),
    RefundOf.SHIPPING: (LineKind.SHIPPING,),
    RefundOf.HANDLING: (LineKind.HANDLING,),
    RefundOf.FEE: (LineKind.FEE,),
}
# Lines of the whole order. They take the part of a refund that no other line has.
_ORDER_LEVEL = {LineKind.TAX, LineKind.ROUNDING}
# Lines that are no supply. An amount for the whole order is for what was supplied.
_NO_SUPPLY = {*_ORDER_LEVEL, LineKind.GIFT_CERTIFICATE}


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
    def unit(self) -> Decimal:
        """The smallest amount of the currency."""
        return Decimal(1).scaleb(-minor_digits(self.draft.currency))

    @property
    def rest(self) -> Decimal:
        """What remains of the invoice's total."""
        return self.draft.gross - total(abs(each.gross) for each in self.earlier)

    def done(self, key: str) -> Totals:
        """Return what is credited of a line already."""
        drafts = (each.draft for each in self.earlier if each.draft)
        found = add_up(line for draft in drafts for line in _of_key(draft, key))
        return Totals(-found.net, -found.vat, -found.gross)

    def left(self, line: DraftLine) -> Totals:
        """Return what remains of a line."""
        done = self.done(line.key)
        return Totals(line.net - done.net, line.vat - done.vat, line.gross - done.gross)

    def refunded_quantity(self, key: str) -> Decimal:
        """Return how many pieces of a line earlier refunds gave back."""
        items = (item for each in self.earlier if each.refund for item in each.refund.items)
        pieces = (item for item in items if item.of in _BY_QUANTITY and item.amount is None)
        return total(item.quantity for item in pieces if self.key_of(item) == key)

    def sold(self, key: str) -> tuple[Decimal, Decimal, Decimal]:
        """Return a line's quantity, gross amount and tax as the shop sold it."""
        found = next((line for line in self.order.lines if line.key == key), None)
        if found is None:
            made = add_up(_of_key(self.draft, key))
            return Decimal(1), made.gross, made.vat
        return found.quantity, found.gross, found.tax

    def pieces(self, key: str) -> Decimal:
        """Return how many pieces a line has; a gift wrapping has those of its product."""
        kind, _, number = key.partition(":")
        product = f"{LineKind.PRODUCT}:{number}"
        is_wrapping = kind == LineKind.WRAPPING and any(line.key == product for line in self.order.lines)
        return self.sold(product if is_wrapping else key)[0]

    def key_of(self, item: RefundItem) -> str | None:
        """Return the key of the line that an item gives back; None when the invoice has no such line."""
        keys = dict.fromkeys(whole_key(line.key) for line in self.draft.lines)
        kinds = _KINDS.get(item.of, ())
        exact = next((f"{kind}:{item.id}" for kind in kinds if f"{kind}:{item.id}" in keys), None)
        if exact or item.of in _BY_QUANTITY:
            return exact
        of_kind = [key for key in keys if key.partition(":")[0] in kinds]
        return of_kind[0] if len(of_kind) == 1 else None  # the order's own cost has no address in its key


def _of_key(draft: Draft, key: str) -> list[DraftLine]:
    """The line of that key; of shipping at several rates, each part."""
    return [line for line in draft.lines if key in {line.key, whole_key(line.key)}]


_BY_QUANTITY = {RefundOf.PRODUCT, RefundOf.GIFT_WRAPPING}
Shares = dict[str, Decimal]
_Reading = Callable[[Invoiced, str, RefundItem], Decimal]


def allocate_refund(invoiced: Invoiced, refund: Refund, settings: PostingSettings) -> Shares:
    """Return the gross amount that the refund gives back of each line; the sum is the refund's total.

    Raises NotToBeCredited when the items do not fit the invoice.
    """
    if refund.of_tax_alone:
        return _allocate_tax_refund(invoiced, refund)
    whole = total(item.amount or ZERO for item in refund.items if item.of is RefundOf.ORDER)
    if whole and settings.order_refund_vat == OrderRefundVat.HOLD:
        raise NotToBeCredited(Code.REFUND_OF_ORDER_HELD, amount=whole, **refund_params(invoiced, refund))
    sold = _allocate_items(invoiced, refund, refund.total - whole)
    shares = _fit_to_invoice(invoiced, sold, by_code=settings.rounding == VatRounding.CODE)
    for key, share in _spread_over_supplies(invoiced, refund, whole, shares).items():
        shares[key] = shares.get(key, ZERO) + share
    return {key: share for key, share in shares.items() if share}


def refund_params(invoiced: Invoiced, refund: Refund | None) -> dict[str, object]:
    """Return a problem's parameters that name the refund. Without a refund, all that remains is credited."""
    return {
        "refund": refund.id if refund else "",
        "order": invoiced.order.id,
        "currency": invoiced.draft.currency,
    }


def _allocate_tax_refund(invoiced: Invoiced, refund: Refund) -> Shares:
    """A refund of tax alone can be credited when the tax has lines of its own. VAT without its amount cannot."""
    weights = {line.key: invoiced.left(line).gross for line in invoiced.draft.lines if line.kind is LineKind.TAX}
    if not ZERO < refund.total <= total(weights.values()):
        raise NotToBeCredited(Code.REFUND_OF_TAX_ALONE, amount=refund.total, **refund_params(invoiced, refund))
    return _spread(refund.total, weights, invoiced.unit)


def _allocate_items(invoiced: Invoiced, refund: Refund, wanted: Decimal) -> Shares:
    """Read the items in three ways, and return the amounts of the one that is nearest to the refund's total.

    An item that is not on the invoice must be worth nothing, such as a free part of a bundle or free shipping.
    """
    unknown_items = [item for item in refund.items if item.of in _KINDS and invoiced.key_of(item) is None]
    if refund.overridden or any(item.amount or item.adjustment for item in unknown_items):
        _raise_if_unknown(unknown_items, refund, invoiced)
    readings, obstacles = [], []
    for reading in (_with_tax, _without_tax, _by_quantity):
        try:
            readings.append(_sum_by_line(invoiced, refund, reading))
        except NotToBeCredited as obstacle:
            obstacles.append(obstacle)
    if not readings:
        raise obstacles[0]
    best = min(readings, key=lambda shares: abs(wanted - total(shares.values())))
    found = total(best.values())
    if found != wanted and refund.overridden:
        return _spread(wanted, best, invoiced.unit)
    if abs(found - wanted) > len(best) * invoiced.unit:
        _raise_if_unknown(unknown_items, refund, invoiced)
        raise NotToBeCredited(Code.REFUND_DOES_NOT_ADD_UP, sum=found, amount=wanted, **refund_params(invoiced, refund))
    return _correct_cents(best, wanted - found, invoiced)


def _raise_if_unknown(unknown_items: list[RefundItem], refund: Refund, invoiced: Invoiced) -> None:
    for item in unknown_items:
        raise NotToBeCredited(
            Code.REFUND_OF_UNKNOWN_LINE,
            what=item.of.lower(),
            id=item.id,
            reference=invoiced.draft.reference,
            **refund_params(invoiced, refund),
        )


def _sum_by_line(invoiced: Invoiced, refund: Refund, reading: _Reading) -> Shares:
    shares: Shares = {}
    for item in refund.items:
        key = invoiced.key_of(item)
        if key is not None:
            for part, share in _over_parts(invoiced, key, reading(invoiced, key, item)).items():
                shares[part] = shares.get(part, ZERO) + share
    return shares


def _over_parts(invoiced: Invoiced, key: str, amount: Decimal) -> Shares:
    """The amount of a line; of shipping at several rates, spread over what is left of each part."""
    parts = _of_key(invoiced.draft, key)
    if len(parts) == 1:
        return {parts[0].key: amount}
    return _spread(amount, {line.key: invoiced.left(line).gross for line in parts}, invoiced.unit)


def _by_quantity(invoiced: Invoiced, key: str, item: RefundItem) -> Decimal:
    """The amount of the pieces. All refunds of a line together give exactly the line.

    An item without pieces and without an amount gives back all that remains of its line.
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
            Code.REFUND_OF_MORE_PIECES, **_line_params(invoiced, key), refunded=shortest(after), sold=shortest(quantity)
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


def _correct_cents(shares: Shares, cents: Decimal, invoiced: Invoiced) -> Shares:
    """Add or take the cents that the shop rounded otherwise, on the last lines that have room for one."""
    step = invoiced.unit.copy_sign(cents)
    lines = {line.key: line for line in invoiced.draft.lines}
    for key in list(reversed(shares)):
        room = invoiced.left(lines[key]).gross + invoiced.sold(key)[1] - lines[key].gross
        if cents and ZERO <= shares[key] + step <= room:
            shares[key] += step
            cents -= step
    return shares


def _fit_to_invoice(invoiced: Invoiced, sold: Shares, *, by_code: bool) -> Shares:
    """Turn amounts as the shop sold into amounts on the invoice, where tax and rounding may be lines of their own.

    Where Exact rounds VAT once per code, a line has no exact gross amount, so a cent more is allowed.
    """
    lines = {line.key: line for line in invoiced.draft.lines}
    order_level = {key: invoiced.left(line).gross for key, line in lines.items() if line.kind in _ORDER_LEVEL}
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
                **_line_params(invoiced, key),
                amount=share,
                rest=left,
                gross=lines[key].gross,
                reference=invoiced.draft.reference,
            )
        shares[key] = share
    outside = total(sold.values()) - total(shares.values())
    if not ZERO <= outside <= max(ZERO, total(order_level.values())):
        raise NotToBeCredited(
            Code.REFUND_OUTSIDE_LINES,
            amount=total(sold.values()),
            taken=total(shares.values()),
            reference=invoiced.draft.reference,
        )
    return shares | _spread(outside, order_level, invoiced.unit)


def _spread_over_supplies(invoiced: Invoiced, refund: Refund, whole: Decimal, shares: Shares) -> Shares:
    """Spread an amount for the whole order over what remains of each supply after the shares.

    A gift certificate keeps its worth, a tax that is no VAT has no part in the amount, a rounding has no VAT. Raises
    NotToBeCredited when the supplies have less left.
    """
    supplies = (line for line in invoiced.draft.lines if line.kind not in _NO_SUPPLY)
    weights = {line.key: max(ZERO, invoiced.left(line).gross - shares.get(line.key, ZERO)) for line in supplies}
    if whole > total(weights.values()):
        raise NotToBeCredited(
            Code.REFUND_OF_MORE_THAN_SUPPLIES,
            amount=whole,
            rest=total(weights.values()),
            reference=invoiced.draft.reference,
            **refund_params(invoiced, refund),
        )
    return _spread(whole, weights, invoiced.unit)


def _spread(amount: Decimal, weights: Mapping[str, Decimal], unit: Decimal) -> Shares:
    """Spread the amount over the weights in whole units, by the largest remainders; the sum is exact."""
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


def _line_params(invoiced: Invoiced, key: str) -> dict[str, object]:
    """Return a problem's parameters that name a line of the invoice."""
    return {"line": key, "name": next(line.description for line in invoiced.draft.lines if line.key == key)}
