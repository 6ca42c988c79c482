"""How much of each invoice line a refund gives back, VAT included.

The refund's total decides. The sum of its items may differ from that total by one cent per line, not more.
Amounts are positive, in the order's currency.

An amount for the whole order takes from the rest of the invoice, not from a line that may still come back. It is
booked on the lines of its day. When such a line is returned, the other lines of its VAT rate carry that amount.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from connector.domain.choices import OrderRefundVat, PostingSettings, VatRounding
from connector.domain.credit.invoiced import (
    BY_QUANTITY,
    KINDS,
    WRAPPING_OF_ORDER,
    EarlierCredit,
    Invoiced,
    NotToBeCredited,
    of_key,
)
from connector.domain.document.codes import Code
from connector.domain.invoice.draft import DraftLine
from connector.domain.money import ZERO, round_half_up, shortest, total
from connector.domain.order.model import LineKind
from connector.domain.order.refund import Refund, RefundItem

# Lines of the whole order. They take the part of a refund that no other line has.
ORDER_LEVEL = {LineKind.TAX, LineKind.ROUNDING}
# Lines that are no supply. An amount for the whole order is for what was supplied.
_NO_SUPPLY = {*ORDER_LEVEL, LineKind.GIFT_CERTIFICATE}


Shares = dict[str, Decimal]


class DoesNotAddUp(NotToBeCredited):
    """The lines that a refund names come to another amount than the refund: `more` than it, below zero to less."""

    def __init__(self, lines: Decimal, amount: Decimal, **which: object) -> None:
        super().__init__(Code.REFUND_DOES_NOT_ADD_UP, sum=lines, amount=amount, **which)
        self.more = lines - amount


_Reading = Callable[[Invoiced, str, RefundItem, Shares], Decimal]


def allocate_refund(invoiced: Invoiced, refund: Refund, settings: PostingSettings) -> Shares:
    """Return the gross amount that the refund gives back of each line; the sum is the refund's total.

    Raises NotToBeCredited when the items do not fit the invoice.
    """
    if refund.of_tax_alone:
        return _allocate_tax_refund(invoiced, refund)
    if not refund.items:
        raise NotToBeCredited(Code.REFUND_NAMES_NO_LINE, amount=refund.total, **refund_params(invoiced, refund))
    whole = refund.for_the_order
    if whole and settings.order_refund_vat == OrderRefundVat.HOLD:
        raise NotToBeCredited(Code.REFUND_OF_ORDER_HELD, amount=whole, **refund_params(invoiced, refund))
    shares = allocate_items(invoiced, refund, settings)
    for key, share in _spread_over_supplies(invoiced, refund, whole, shares).items():
        shares[key] = shares.get(key, ZERO) + share
    return {key: share for key, share in shares.items() if share}


def allocate_items(invoiced: Invoiced, refund: Refund, settings: PostingSettings) -> Shares:
    """Return what the refund gives back of each line that it names. Raises NotToBeCredited, DoesNotAddUp.

    A line gives back no more pieces and no more money than it was sold for; nor does a VAT rate.
    """
    named, by_code = _given_back_by_name(invoiced), settings.rounding == VatRounding.CODE
    sold = _allocate_named(invoiced, refund, named)
    return _move_to_others(invoiced, _fit_to_invoice(invoiced, sold, named, by_code=by_code), by_code=by_code)


def refund_params(invoiced: Invoiced, refund: Refund | None) -> dict[str, object]:
    """Return a problem's parameters that name the refund; none for what a person typed, and for all that remains."""
    return {
        "refund": refund.id if refund and refund.id > 0 else "",
        "order": invoiced.order.id,
        "currency": invoiced.draft.currency,
    }


def _allocate_tax_refund(invoiced: Invoiced, refund: Refund) -> Shares:
    """A refund of tax alone can be credited when the tax has lines of its own. VAT without its amount cannot.

    Raises NotToBeCredited.
    """
    weights = {line.key: invoiced.left(line).gross for line in invoiced.draft.lines if line.kind is LineKind.TAX}
    if refund.total > total(weights.values()):
        raise NotToBeCredited(Code.REFUND_OF_TAX_ALONE, amount=refund.total, **refund_params(invoiced, refund))
    return _spread(refund.total, weights, invoiced.unit)


def _given_back_by_name(invoiced: Invoiced) -> Shares:
    """Return what earlier refunds gave back of the lines that they named, as the shop sold them."""
    found: Shares = {}
    for place, each in enumerate(invoiced.earlier):
        before = replace(invoiced, earlier=invoiced.earlier[:place])
        for key, amount in _named_in(before, each, found).items():
            found[key] = found.get(key, ZERO) + amount
    return found


def _named_in(before: Invoiced, each: EarlierCredit, named: Shares) -> Shares:
    """Return what a credit note gave back by name. One that took all that remained has only its own lines."""
    if each.refund and each.refund.of_tax_alone:
        return {}
    try:
        if each.refund:
            return _allocate_named(before, each.refund, named)
    except NotToBeCredited:
        pass  # it was made all the same: its lines count
    lines = each.draft.lines if each.draft else ()
    return {key: -total(line.gross for line in lines if line.key == key) for key in {line.key for line in lines}}


def _allocate_named(invoiced: Invoiced, refund: Refund, named: Shares) -> Shares:
    """Read the items in three ways, and return the amounts of the one that is nearest to the refund's total.

    An item that is not on the invoice must be worth nothing, such as a free part of a bundle or free shipping.
    `named` is what earlier refunds gave back of each line by name. Raises NotToBeCredited, DoesNotAddUp.
    """
    wanted = refund.total - refund.for_the_order
    unknown_items = [item for item in refund.items if item.of in KINDS and invoiced.key_of(item) is None]
    if refund.overridden or any(item.amount or item.adjustment for item in unknown_items):
        _raise_if_unknown(unknown_items, refund, invoiced)
    best = _nearest_reading(invoiced, refund, wanted, named)
    found = total(best.values())
    if found != wanted and refund.overridden:
        best, found = _spread(wanted, best, invoiced.unit), wanted
    _check_lines(invoiced, best, named)
    if abs(found - wanted) > len(best) * invoiced.unit:
        _raise_if_unknown(unknown_items, refund, invoiced)
        raise DoesNotAddUp(found, wanted, **refund_params(invoiced, refund))
    return _correct_cents(best, wanted - found, invoiced, named)


def _nearest_reading(invoiced: Invoiced, refund: Refund, wanted: Decimal, named: Shares) -> Shares:
    readings, obstacles = [], []
    for reading in (_with_tax, _without_tax, _by_quantity):
        try:
            readings.append(_sum_by_line(invoiced, refund, reading, named))
        except NotToBeCredited as obstacle:
            obstacles.append(obstacle)
    if not readings:
        raise obstacles[0]
    return min(readings, key=lambda shares: abs(wanted - total(shares.values())))


def _check_lines(invoiced: Invoiced, shares: Shares, named: Shares) -> None:
    """Raise NotToBeCredited when a line gives back more money than it was sold for."""
    for key, share in shares.items():
        if share > (rest := invoiced.sold(key)[1] - named.get(key, ZERO)):
            raise NotToBeCredited(
                Code.REFUND_OF_MORE_THAN_LINE,
                **_line_params(invoiced, key),
                amount=share,
                rest=rest,
                gross=invoiced.sold(key)[1],
                reference=invoiced.draft.reference,
            )


def _raise_if_unknown(unknown_items: list[RefundItem], refund: Refund, invoiced: Invoiced) -> None:
    for item in unknown_items:
        raise NotToBeCredited(
            Code.REFUND_OF_UNKNOWN_LINE,
            what=item.of.lower(),
            id=item.id,
            reference=invoiced.draft.reference,
            **refund_params(invoiced, refund),
        )


def _sum_by_line(invoiced: Invoiced, refund: Refund, reading: _Reading, named: Shares) -> Shares:
    shares: Shares = {}
    for item in refund.items:
        key = invoiced.key_of(item)
        if key is not None:
            amount = reading(invoiced, key, item, named)
            for part, share in _over_parts(invoiced, key, amount, named).items():
                shares[part] = shares.get(part, ZERO) + share
    return shares


def _over_parts(invoiced: Invoiced, key: str, amount: Decimal, named: Shares) -> Shares:
    """The amount of a line; of shipping at several rates, spread over what was not given back of each part."""
    parts = of_key(invoiced.draft, key)
    if len(parts) == 1:
        return {parts[0].key: amount}
    return _spread(amount, {line.key: line.gross - named.get(line.key, ZERO) for line in parts}, invoiced.unit)


def _by_quantity(invoiced: Invoiced, key: str, item: RefundItem, named: Shares) -> Decimal:
    """The amount of the pieces. All refunds of a line together give exactly the line.

    An item without pieces and without an amount gives back all that remains of its line. Raises NotToBeCredited.
    """
    in_pieces = item.of in BY_QUANTITY and key != WRAPPING_OF_ORDER
    if not in_pieces and item.amount is None:
        before = total(named.get(line.key, ZERO) for line in of_key(invoiced.draft, key))
        return max(ZERO, invoiced.sold(key)[1] - before) + item.adjustment
    if not in_pieces or not item.quantity:
        return (item.amount or ZERO) + item.adjustment
    gross, quantity = invoiced.sold(key)[1], invoiced.pieces(key)
    before = invoiced.refunded_quantity(key)
    after = before + item.quantity
    if after > quantity:
        raise NotToBeCredited(
            Code.REFUND_OF_MORE_PIECES, **_line_params(invoiced, key), refunded=shortest(after), sold=shortest(quantity)
        )
    digits = invoiced.charged_digits
    parts = [round_half_up(gross * pieces / quantity, digits) for pieces in (before, after)]
    return parts[1] - parts[0] + item.adjustment


def _with_tax(invoiced: Invoiced, key: str, item: RefundItem, named: Shares) -> Decimal:
    return _by_quantity(invoiced, key, item, named) if item.amount is None else item.amount + item.adjustment


def _without_tax(invoiced: Invoiced, key: str, item: RefundItem, named: Shares) -> Decimal:
    if item.amount is None:
        return _by_quantity(invoiced, key, item, named)
    _, gross, tax = invoiced.sold(key)
    net = item.amount + item.adjustment
    if gross == tax:
        return net
    return net + round_half_up(net * tax / (gross - tax), invoiced.charged_digits)


def _correct_cents(shares: Shares, cents: Decimal, invoiced: Invoiced, named: Shares) -> Shares:
    """Add or take the cents that the shop rounded otherwise, on the last lines that have room for one."""
    step = invoiced.unit.copy_sign(cents)
    for key in list(reversed(shares)):
        room = invoiced.sold(key)[1] - named.get(key, ZERO)
        if cents and ZERO <= shares[key] + step <= room:
            shares[key] += step
            cents -= step
    return shares


def _fit_to_invoice(invoiced: Invoiced, sold: Shares, named: Shares, *, by_code: bool) -> Shares:
    """Turn amounts as the shop sold into amounts on the invoice, where tax and rounding may be lines of their own.

    Where Exact rounds VAT once per code, a line has no exact gross amount, so a cent more is allowed.
    Raises NotToBeCredited.
    """
    lines = {line.key: line for line in invoiced.draft.lines}
    order_level = {key: invoiced.left(line).gross for key, line in lines.items() if line.kind in ORDER_LEVEL}
    has_tax_lines = any(line.kind is LineKind.TAX for line in lines.values())
    shares: Shares = {}
    for key, amount in sold.items():
        gross, whole = invoiced.sold(key)[1], lines[key].gross
        shares[key] = amount
        if has_tax_lines and gross != whole:
            shares[key] = round_half_up(amount * whole / gross, invoiced.charged_digits)
        elif order_level and not by_code:
            shares[key] = min(amount, max(ZERO, whole - named.get(key, ZERO)))
    outside = total(sold.values()) - total(shares.values())
    if not ZERO <= outside <= max(ZERO, total(order_level.values())):
        raise NotToBeCredited(
            Code.REFUND_OUTSIDE_LINES,
            amount=total(sold.values()),
            taken=total(shares.values()),
            reference=invoiced.draft.reference,
        )
    return shares | _spread(outside, order_level, invoiced.unit)


def _move_to_others(invoiced: Invoiced, shares: Shares, *, by_code: bool) -> Shares:
    """Let the other lines of a VAT rate carry what a line has no room for, because of an amount for the whole order.

    Raises NotToBeCredited when the rate has less left.
    """
    lines = {line.key: line for line in invoiced.draft.lines}
    fitting, over = dict(shares), {}
    for key, share in shares.items():
        off = abs(invoiced.sold(key)[1] - lines[key].gross) if by_code else ZERO
        fitting[key] = min(share, max(ZERO, invoiced.left(lines[key]).gross + off))
        over[key] = share - fitting[key]
    for key, amount in over.items():
        if _lay_on(invoiced, _others(invoiced, lines[key]), amount, fitting):
            raise _more_than_rate(invoiced, lines[key], shares)
    return {key: share for key, share in fitting.items() if share}


def _more_than_rate(invoiced: Invoiced, line: DraftLine, shares: Shares) -> NotToBeCredited:
    """What the refund gives back at the line's VAT rate is more than what remains at that rate."""
    of_rate = [line, *_others(invoiced, line)]
    return NotToBeCredited(
        Code.REFUND_OF_MORE_THAN_RATE,
        **_line_params(invoiced, line.key),
        amount=total(shares.get(each.key, ZERO) for each in of_rate),
        rest=total(max(ZERO, invoiced.left(each).gross) for each in of_rate),
        rate=shortest(line.vat_percentage),
        reference=invoiced.draft.reference,
    )


def _lay_on(invoiced: Invoiced, lines: list[DraftLine], amount: Decimal, shares: Shares) -> Decimal:
    """Add the amount to the shares of these lines, as far as each has so much left; returns what has no room."""
    for line in lines:
        share = shares.get(line.key, ZERO)
        part = max(ZERO, min(amount, invoiced.left(line).gross - share))
        shares[line.key] = share + part
        amount -= part
    return amount


def _others(invoiced: Invoiced, line: DraftLine) -> list[DraftLine]:
    """Return the other supplies of the line's VAT rate: those of its code first, the largest first."""
    found = [
        each
        for each in invoiced.draft.lines
        if each.key != line.key and each.vat_percentage == line.vat_percentage and each.kind not in _NO_SUPPLY
    ]
    return sorted(found, key=lambda each: (each.vat_code != line.vat_code, -invoiced.left(each).gross))


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
    if not whole:
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
