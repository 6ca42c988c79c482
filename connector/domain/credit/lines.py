"""From what is given back of each line to a credit note's lines that Exact computes to the cent.

VAT is rounded on each line, or once per VAT code, so it is settled in groups: one line, or all lines of a code. What is
credited of a group in several parts is, together, the group's own net, VAT and gross.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from connector.domain.choices import CreditSign, VatRounding
from connector.domain.credit.allocate import Invoiced, NotToBeCredited, Shares
from connector.domain.document.codes import Code
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.invoice.lines import shorten, unit_price
from connector.domain.invoice.predict import add_up, predict
from connector.domain.money import ZERO, minor_digits, round_half_up, shortest, tidy, total
from connector.domain.order.model import LineKind
from connector.domain.order.refund import Refund, RefundOf
from connector.domain.rules.settings import PostingSettings
from connector.domain.vat_arithmetic import Totals, with_vat

_MOST_CENTS = 300  # how far a line is searched for a place to cut it
_MOST_CUTS = 2


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines whose VAT Exact rounds together, what remains of them, and what is to be credited. All positive."""

    lines: tuple[DraftLine, ...]
    whole: Totals
    rest: Totals
    gross: Decimal
    digits: int

    @property
    def included(self) -> bool:
        """Whether quantity times price includes VAT."""
        return self.lines[0].vat_type == "I"

    @property
    def takes_rest(self) -> bool:
        """Whether nothing of the group remains after this."""
        return self.gross == self.rest.gross

    @property
    def vat_due(self) -> Decimal:
        """The VAT of all parts up to this one, less what was credited before: parts never drift apart."""
        if self.takes_rest or not self.whole.gross:
            return self.rest.vat
        done = self.whole.gross - self.rest.gross
        by_now = round_half_up(self.whole.vat * (done + self.gross) / self.whole.gross, self.digits)
        least = max(ZERO, self.gross - self.rest.net)
        return min(max(by_now - (self.whole.vat - self.rest.vat), least), self.rest.vat)

    def options(self) -> Iterator[Decimal]:
        """The VAT that is due, and a cent beside it while later parts can make up for that."""
        yield self.vat_due
        unit = Decimal(1).scaleb(-self.digits)
        for vat in (self.vat_due - unit, self.vat_due + unit):
            fits = ZERO <= vat <= self.rest.vat and self.gross - vat <= self.rest.net
            if fits and not self.takes_rest:
                yield vat

    def amount(self, vat: Decimal) -> Decimal:
        """What quantity times price must come to."""
        return self.gross if self.included else self.gross - vat

    def of_exact(self, amount: Decimal) -> Decimal:
        """The VAT that Exact makes of an amount."""
        return with_vat(amount, self.lines[0].vat_percentage, self.digits, included=self.included).vat

    def comes_out(self, vat: Decimal) -> bool:
        """Whether Exact makes this VAT of the amount that goes with it; nothing is no line."""
        return bool(self.amount(vat)) and self.of_exact(self.amount(vat)) == vat


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line to be: `amount` is quantity times price, `forced` the VAT that is sent lest Exact compute it."""

    amount: Decimal
    vat: Decimal
    forced: Decimal | None = None


def credit_lines(
    invoiced: Invoiced, shares: Shares, refund: Refund | None, settings: PostingSettings
) -> tuple[DraftLine, ...]:
    """The credit note's lines, amounts negative. Raises NotToBeCredited with both figures where Exact would differ."""
    by_code = settings.rounding == VatRounding.CODE
    groups = _groups_by_code(invoiced, shares) if by_code else _groups_by_line(invoiced, shares)
    found: list[DraftLine] = []
    for group in groups:
        if by_code:
            pieces = _settle_code(invoiced, group, shares)
        else:
            pieces = [(group.lines[0], piece) for piece in _settle_line(group, settings)]
        whole = by_code or len(pieces) == 1
        found += [
            _line(invoiced, line, piece, _pieces(invoiced, line, refund), whole=whole, settings=settings)
            for line, piece in pieces
        ]
    return tuple(found)


def _groups_by_line(invoiced: Invoiced, shares: Shares) -> list[_Group]:
    digits = minor_digits(invoiced.draft.currency)
    return [
        _Group((line,), Totals(line.net, line.vat, line.gross), invoiced.left(line), shares[line.key], digits)
        for line in invoiced.draft.lines
        if shares.get(line.key)
    ]


def _groups_by_code(invoiced: Invoiced, shares: Shares) -> list[_Group]:
    digits, code = minor_digits(invoiced.draft.currency), attrgetter("vat_code")
    takes_all = total(shares.values()) == invoiced.rest
    groups = []
    for name, members in groupby(sorted(invoiced.draft.lines, key=code), key=code):
        lines = tuple(members)
        whole = predict(lines, VatRounding.CODE, digits)
        credited = [
            predict(_of_code(each.draft, name), VatRounding.CODE, digits) for each in invoiced.before if each.draft
        ]
        rest = add_up([whole, *credited])
        gross = rest.gross if takes_all else total(shares.get(line.key, ZERO) for line in lines)
        if gross:
            groups.append(_Group(lines, whole, rest, gross, digits))
    return groups


def _of_code(draft: Draft, code: str) -> list[DraftLine]:
    return [line for line in draft.lines if line.vat_code == code]


def _settle_line(group: _Group, settings: PostingSettings) -> list[_Piece]:
    """One line; where Exact would make other VAT of it, that VAT is sent, or the line is cut."""
    (line,), vat = group.lines, group.vat_due
    if group.takes_rest and group.rest == group.whole:
        return [_Piece(group.amount(vat), vat, line.vat_amount)]
    amount = group.amount(vat)
    off = abs(group.of_exact(amount) - vat)
    if amount and off and settings.force_vat and line.vat_percentage and off <= Decimal(1).scaleb(-group.digits):
        return [_Piece(amount, vat, vat)]
    for each in group.options():
        if group.comes_out(each):
            return [_Piece(group.amount(each), each)]
    for each in group.options():
        if cut := _cut(group, group.amount(each), each, _MOST_CUTS):
            return [_Piece(part, group.of_exact(part)) for part in cut]
    raise _not_computed(group, vat, Code.CREDIT_VAT_UNLESS_FORCED)


def _cut(group: _Group, amount: Decimal, vat: Decimal, cuts: int) -> list[Decimal]:
    """The amount in parts of which Exact makes that VAT together; nothing when there are none."""
    if amount and group.of_exact(amount) == vat:
        return [amount]
    unit = Decimal(1).scaleb(-group.digits)
    for count in range(1, min(_MOST_CENTS, int(amount / unit / 2)) + 1 if cuts else 0):
        part = unit * count
        if group.of_exact(part) <= vat and (others := _cut(group, amount - part, vat - group.of_exact(part), 0)):
            return [*others, part]
    for count in range(1, min(_MOST_CENTS, int(amount / unit / 2)) + 1 if cuts > 1 else 0):
        part = unit * count
        if others := _cut(group, amount - part, vat - group.of_exact(part), 1):
            return [*others, part]
    return []


def _settle_code(invoiced: Invoiced, group: _Group, shares: Shares) -> list[tuple[DraftLine, _Piece]]:
    """The lines of one code: Exact rounds their VAT once, so they need only come to it together."""
    vat = next((each for each in group.options() if group.comes_out(each)), None)
    if vat is None:
        raise _not_computed(group, group.vat_due, Code.CREDIT_VAT_BY_HAND)
    credited = [line for line in group.lines if shares.get(line.key)]
    vats = [_vat_of(invoiced, line, shares[line.key], group.digits) for line in credited]
    vats[-1] += vat - total(vats)
    amounts = [shares[line.key] - (ZERO if group.included else each) for line, each in zip(credited, vats, strict=True)]
    amounts[-1] += group.amount(vat) - total(amounts)
    return [(line, _Piece(amount, each)) for line, amount, each in zip(credited, amounts, vats, strict=True)]


def _vat_of(invoiced: Invoiced, line: DraftLine, share: Decimal, digits: int) -> Decimal:
    left = invoiced.left(line)
    return left.vat if share == left.gross else round_half_up(line.vat * share / line.gross, digits)


def _line(
    invoiced: Invoiced, line: DraftLine, piece: _Piece, pieces: Decimal, *, whole: bool, settings: PostingSettings
) -> DraftLine:
    """The line of the credit note; one that was cut is booked as one piece, with the pieces in its text."""
    sold = pieces if whole else Decimal(1)
    quantity, price = unit_price(abs(piece.amount), sold, minor_digits(invoiced.draft.currency))
    name = _name(invoiced, line)
    if abs(piece.amount) == abs(line.quantity * line.net_price):
        quantity, price, name = line.quantity, abs(line.net_price), line.description
    elif pieces not in {quantity, Decimal(1)}:
        name = f"{shortest(pieces)} x {name}"
    back = -1 if piece.amount > 0 else 1
    net = piece.amount - (piece.vat if line.vat_type == "I" else ZERO)
    return replace(
        line,
        description=shorten(name),
        quantity=quantity * back if settings.credit_sign == CreditSign.QUANTITY else quantity,
        net_price=price if settings.credit_sign == CreditSign.QUANTITY else price * back,
        net=-net,
        vat=-piece.vat,
        gross=-(net + piece.vat),
        vat_amount=_sent(piece, line, settings),
    )


def _sent(piece: _Piece, line: DraftLine, settings: PostingSettings) -> Decimal | None:
    """The VAT that goes with the line: of an entry always its own, else where Exact is not to compute it."""
    sent = piece.vat if settings.is_entry and line.vat_percentage else piece.forced
    return None if sent is None else -sent


def _pieces(invoiced: Invoiced, line: DraftLine, refund: Refund | None) -> Decimal:
    """How many pieces of the line are given back; 1 where it is an amount."""
    if refund is None and line.kind is LineKind.PRODUCT:
        return tidy(max(Decimal(1), invoiced.pieces(line.key) - invoiced.refunded_quantity(line.key)))
    items = [item for item in refund.items if item.of is RefundOf.PRODUCT] if refund else []
    return tidy(max(Decimal(1), total(item.quantity for item in items if invoiced.key_of(item) == line.key)))


def _name(invoiced: Invoiced, line: DraftLine) -> str:
    return next((each.name for each in invoiced.order.lines if each.key == line.key), line.description)


def _not_computed(group: _Group, vat: Decimal, code: Code) -> NotToBeCredited:
    return NotToBeCredited(
        code,
        vat_code=group.lines[0].vat_code,
        names=", ".join(line.description for line in group.lines[:3]),
        gross=group.gross,
        vat=vat,
        computed=group.of_exact(group.amount(vat)),
    )
