"""The lines of a credit note, made so that Exact computes them to the cent.

Exact rounds VAT on each line, or once per VAT code. So the lines are settled in groups: one line, or all lines of a
code. All credit notes of a group together have exactly the group's net, VAT and gross.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from connector.domain.choices import CreditSign, PostingSettings, VatRounding
from connector.domain.credit.allocate import ORDER_LEVEL, Shares
from connector.domain.credit.invoiced import Invoiced, NotToBeCredited
from connector.domain.document.codes import Code
from connector.domain.document.lengths import shorten
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.invoice.lines import unit_price
from connector.domain.invoice.predict import add_up, predict
from connector.domain.money import ZERO, minor_digits, round_half_up, shortest, smallest_unit, tidy, total
from connector.domain.order.model import LineKind, whole_key
from connector.domain.order.refund import Refund, RefundOf
from connector.domain.vat_arithmetic import Totals, with_vat

# A line that Exact would compute wrongly is cut: off come at most two parts, of at most 300 cents each.
_LARGEST_PART_IN_CENTS = 300
_MOST_CUTS = 2


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines whose VAT Exact rounds together: the `whole`, the `rest` that remains, and the `gross` to credit.

    Exact rounds to `digits`, the shop to `charged_digits`.
    """

    lines: tuple[DraftLine, ...]
    whole: Totals
    rest: Totals
    gross: Decimal
    digits: int
    charged_digits: int

    @property
    def unit(self) -> Decimal:
        """The smallest amount that the shop charges or gives back."""
        return smallest_unit(self.charged_digits)

    @property
    def included(self) -> bool:
        """Whether quantity times price includes VAT."""
        return self.lines[0].vat_type == "I"

    @property
    def takes_rest(self) -> bool:
        """Whether nothing of the group remains after this credit note."""
        return self.gross == self.rest.gross

    @property
    def vat_due(self) -> Decimal:
        """The VAT to credit: that of all credit notes up to this one, less that of the earlier ones."""
        if not self.whole.gross:
            return self.rest.vat
        done = self.whole.gross - self.rest.gross
        by_now = round_half_up(self.whole.vat * (done + self.gross) / self.whole.gross, self.charged_digits)
        least = max(ZERO, self.gross - self.rest.net)
        return min(max(by_now - (self.whole.vat - self.rest.vat), least), self.rest.vat)

    def options(self) -> Iterator[Decimal]:
        """Yield the VAT that is due, then a cent less and a cent more where a later credit note can correct that."""
        yield self.vat_due
        for vat in (self.vat_due - self.unit, self.vat_due + self.unit):
            if ZERO <= vat <= self.rest.vat and self.gross - vat <= self.rest.net:
                yield vat

    def amount(self, vat: Decimal) -> Decimal:
        """Return what quantity times price must be."""
        return self.gross if self.included else self.gross - vat

    def exact_vat(self, amount: Decimal) -> Decimal:
        """Return the VAT that Exact computes on an amount."""
        return with_vat(amount, self.lines[0].vat_percentage, self.digits, included=self.included).vat

    def is_computed_by_exact(self, vat: Decimal) -> bool:
        """Whether Exact computes this VAT on the amount that goes with it. An amount of zero makes no line."""
        return bool(self.amount(vat)) and self.exact_vat(self.amount(vat)) == vat


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line in the making. `amount` is quantity times price; `forced` is the VAT that is sent with it, if any."""

    amount: Decimal
    vat: Decimal
    forced: Decimal | None = None


def credit_lines(
    invoiced: Invoiced, shares: Shares, refund: Refund | None, settings: PostingSettings
) -> tuple[DraftLine, ...]:
    """Return the credit note's lines, with negative amounts.

    Raises NotToBeCredited, with both figures, when Exact would compute another VAT.
    """
    by_code = settings.rounding == VatRounding.CODE
    groups = _groups_by_code(invoiced, shares) if by_code else _groups_by_line(invoiced, shares)
    found: list[DraftLine] = []
    for group in groups:
        if by_code:
            pieces = _settle_code(invoiced, group, shares)
        else:
            pieces = [(group.lines[0], piece) for piece in _settle_line(group, settings)]
        parts = 1 if by_code else len(pieces)
        found += [
            _line(invoiced, line, piece, refund, part=at, parts=parts, settings=settings)
            for at, (line, piece) in enumerate(pieces)
        ]
    return tuple(found)


def _groups_by_line(invoiced: Invoiced, shares: Shares) -> list[_Group]:
    digits = minor_digits(invoiced.draft.currency)
    return [
        _Group(
            (line,),
            Totals(line.net, line.vat, line.gross),
            invoiced.left(line),
            shares[line.key],
            digits,
            invoiced.charged_digits,
        )
        for line in invoiced.draft.lines
        if shares.get(line.key)
    ]


def _groups_by_code(invoiced: Invoiced, shares: Shares) -> list[_Group]:
    digits, code = minor_digits(invoiced.draft.currency), attrgetter("vat_code")
    takes_all = all(shares.get(line.key, ZERO) == invoiced.left(line).gross for line in invoiced.draft.lines)
    groups = []
    for name, members in groupby(sorted(invoiced.draft.lines, key=code), key=code):
        lines = tuple(members)
        whole = predict(lines, VatRounding.CODE, digits)
        credited = [
            predict(_of_code(each.draft, name), VatRounding.CODE, digits) for each in invoiced.earlier if each.draft
        ]
        rest = add_up([whole, *credited])
        gross = rest.gross if takes_all else total(shares.get(line.key, ZERO) for line in lines)
        if gross:
            groups.append(_Group(lines, whole, rest, gross, digits, charged_digits=digits))  # no VAT can be sent
    return groups


def _of_code(draft: Draft, code: str) -> list[DraftLine]:
    return [line for line in draft.lines if line.vat_code == code]


def _settle_line(group: _Group, settings: PostingSettings) -> list[_Piece]:
    """One line. Where Exact would compute another VAT on it, the VAT is sent, or the line is cut into parts.

    Raises NotToBeCredited.
    """
    (line,), vat = group.lines, group.vat_due
    if group.takes_rest and group.rest == group.whole:
        return [_Piece(group.amount(vat), vat, line.vat_amount)]
    amount = group.amount(vat)
    off = abs(group.exact_vat(amount) - vat)
    if amount and off and settings.force_vat and line.vat_percentage and off <= group.unit:
        return [_Piece(amount, vat, vat)]
    for each in group.options():
        if group.is_computed_by_exact(each):
            return [_Piece(group.amount(each), each)]
    for each in group.options():
        for cuts in range(1, _MOST_CUTS + 1):
            if cut := _cut(group, group.amount(each), each, cuts):
                return [_Piece(part, group.exact_vat(part)) for part in cut]
    raise _exact_differs(group, vat, Code.CREDIT_VAT_UNLESS_FORCED)


def _cut(group: _Group, amount: Decimal, vat: Decimal, cuts: int) -> list[Decimal]:
    """Cut the amount into parts on which Exact computes that VAT together; empty when that is not possible."""
    if not cuts:
        return [amount] if group.exact_vat(amount) == vat else []
    unit = smallest_unit(group.digits)
    for count in range(1, min(_LARGEST_PART_IN_CENTS, int(amount / unit / 2)) + 1):
        part = unit * count
        if others := _cut(group, amount - part, vat - group.exact_vat(part), cuts - 1):
            return [*others, part]
    return []


def _settle_code(invoiced: Invoiced, group: _Group, shares: Shares) -> list[tuple[DraftLine, _Piece]]:
    """The lines of one code. Exact rounds their VAT once, so only their sum must be right. Raises NotToBeCredited."""
    vat = next((each for each in group.options() if group.is_computed_by_exact(each)), None)
    if vat is None:
        raise _exact_differs(group, group.vat_due, Code.CREDIT_VAT_BY_HAND)
    credited = [line for line in group.lines if shares.get(line.key)]
    vats = {line.key: _vat_of(invoiced, line, shares[line.key], group.digits) for line in credited}
    last = credited[-1].key
    vats[last] += vat - total(vats.values())
    amounts = {key: shares[key] - (ZERO if group.included else of_line) for key, of_line in vats.items()}
    amounts[last] += group.amount(vat) - total(amounts.values())
    return [(line, _Piece(amounts[line.key], vats[line.key])) for line in credited]


def _vat_of(invoiced: Invoiced, line: DraftLine, share: Decimal, digits: int) -> Decimal:
    left = invoiced.left(line)
    return left.vat if share == left.gross else round_half_up(line.vat * share / line.gross, digits)


def _line(
    invoiced: Invoiced,
    line: DraftLine,
    piece: _Piece,
    refund: Refund | None,
    *,
    part: int,
    parts: int,
    settings: PostingSettings,
) -> DraftLine:
    """One line of the credit note. A part of a line has quantity 1, and its text says how many pieces it is for.

    Where goods come back into stock, the first part of a line has the pieces that the others leave.
    """
    pieces = _pieces(invoiced, line, refund)
    if parts > 1 and settings.moves_stock:
        pieces = max(Decimal(1), pieces - (parts - 1)) if part == 0 else Decimal(1)
    sold = pieces if parts == 1 or settings.moves_stock else Decimal(1)
    quantity, price = unit_price(abs(piece.amount), sold, minor_digits(invoiced.draft.currency))
    name = _name(invoiced, line, refund)
    if abs(piece.amount) == abs(line.quantity * line.net_price):
        quantity, price, name = abs(line.quantity), abs(line.net_price), line.description
    elif pieces not in {quantity, Decimal(1)}:
        name = f"{shortest(pieces)} x {name}"
    by_quantity = settings.credit_sign == CreditSign.QUANTITY
    net = piece.amount - (piece.vat if line.vat_type == "I" else ZERO)
    return replace(
        line,
        description=shorten(name),
        quantity=quantity.copy_sign(-piece.amount) if by_quantity else quantity,
        net_price=price if by_quantity else price.copy_sign(-piece.amount),
        net=-net,
        vat=-piece.vat,
        gross=-(net + piece.vat),
        vat_amount=_vat_to_send(piece, line, settings),
    )


def _vat_to_send(piece: _Piece, line: DraftLine, settings: PostingSettings) -> Decimal | None:
    """The VAT that is sent with the line: always for a sales entry, else only where it is forced."""
    sent = piece.vat if settings.is_entry and line.vat_percentage else piece.forced
    return None if sent is None else -sent


def _pieces(invoiced: Invoiced, line: DraftLine, refund: Refund | None) -> Decimal:
    """How many pieces of the line are given back; 1 when the refund is an amount."""
    if refund is None and line.kind is LineKind.PRODUCT:
        return tidy(max(Decimal(1), invoiced.pieces(line.key) - invoiced.refunded_quantity(line.key)))
    items = [item for item in refund.items if item.of is RefundOf.PRODUCT] if refund else []
    return tidy(max(Decimal(1), total(item.quantity for item in items if invoiced.key_of(item) == line.key)))


def _name(invoiced: Invoiced, line: DraftLine, refund: Refund | None) -> str:
    """The name of the line. One that the refund does not name carries a part of an earlier amount for the order."""
    name = next((each.name for each in invoiced.order.lines if each.key == line.key), line.description)
    if refund is None or not refund.items or not refund.by_lines or line.kind in ORDER_LEVEL:
        return name
    named = {invoiced.key_of(item) for item in refund.items}
    return name if whole_key(line.key) in named else f"{name}, part of an earlier credit"


def _exact_differs(group: _Group, vat: Decimal, code: Code) -> NotToBeCredited:
    return NotToBeCredited(
        code,
        vat_code=group.lines[0].vat_code,
        names=", ".join(line.description for line in group.lines[:3]),
        gross=group.gross,
        vat=vat,
        computed=group.exact_vat(group.amount(vat)),
    )
