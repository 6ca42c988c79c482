"""Compares Exact's invoice with the draft: the totals, and each line's accounts, VAT code and VAT.

The lines are compared because Exact gives no error for a line without a VAT code, or for an id of another division.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from connector.clients.exact.records import Invoice, InvoiceLine
from connector.domain.choices import PostingSettings, VatRounding
from connector.domain.document.differences import Difference, Differs, difference
from connector.domain.invoice.draft import DIRECT_INVOICE, SALES_INVOICE, Draft, DraftLine
from connector.domain.invoice.predict import predict
from connector.domain.money import minor_digits, total
from connector.domain.order.model import LineKind

# Exact computes in binary floating point: two amounts are the same when they are less than half a cent apart.
TOLERANCE = Decimal("0.005")
Line = TypeVar("Line", DraftLine, InvoiceLine)
# What differs in one of the facts that `_meant` and `_made` return, in their order.
_FACTS = (Differs.ITEM, Differs.GL_ACCOUNT, Differs.COST_CENTER, Differs.COST_UNIT, Differs.VAT_CODE)


@dataclass(frozen=True, slots=True)
class Correction:
    """What to set on one open line. `difference` says from what to what, for the history."""

    line_id: str
    difference: Difference
    vat_amount: Decimal | None = None
    net_price: Decimal | None = None


def differences(draft: Draft, invoice: Invoice) -> list[Difference]:
    """Return how the totals of Exact's invoice differ from the draft."""
    pairs = [
        (Differs.TOTAL, draft.gross, invoice.amount_fc),
        (Differs.VAT, draft.vat, invoice.vat_amount),
        (Differs.NET, draft.net, invoice.amount_excl),
    ]
    found = [
        difference(what, theirs=theirs, ours=ours)
        for what, ours, theirs in pairs
        if theirs is not None and _differ(ours, theirs)
    ]
    if invoice.currency and invoice.currency != draft.currency:
        found.append(difference(Differs.CURRENCY, theirs=invoice.currency, ours=draft.currency))
    return found


def taken_on_trust(draft: Draft) -> frozenset[str]:
    """Return the sets of account, cost centre, cost unit and VAT code that equal totals do not prove.

    Empty when every line must be read back: VAT that was sent may hide another line's cent, and the signs that Exact
    gives a credit note are not certain.
    """
    if draft.type not in {SALES_INVOICE, DIRECT_INVOICE} or any(line.vat_amount is not None for line in draft.lines):
        return frozenset()
    return frozenset("|".join(_meant(line)[1:]) for line in draft.lines)


def line_differences(draft: Draft, lines: Sequence[InvoiceLine], settings: PostingSettings) -> list[Difference]:
    """Return how the lines differ in number, in codes, or else in the sums under a code and in VAT that was sent."""
    codes = _code_differences(draft, lines)
    return codes or [*_sum_differences(draft, lines, settings), *_sent_differences(draft, lines)]


def corrections(draft: Draft, lines: Sequence[InvoiceLine], settings: PostingSettings) -> list[Correction]:
    """Return the corrections that make the lines equal; empty when the connection allows none.

    With `force_vat` the VAT of a taxed line may change by one smallest unit. The rounding line may change up to its
    limit.
    """
    if _code_differences(draft, lines) or settings.rounding != VatRounding.LINE:
        return []
    pairs = list(zip(draft.lines, lines, strict=True))
    wrong = [(ours, theirs) for ours, theirs in pairs if _differ(ours.vat, theirs.vat)]
    if wrong:
        unit = Decimal(1).scaleb(-minor_digits(draft.currency))
        may = settings.force_vat and all(_within(ours, theirs, unit) for ours, theirs in wrong)
        return [_vat_correction(ours, theirs) for ours, theirs in wrong] if may else []
    return _rounding(pairs, settings)


def _code_differences(draft: Draft, lines: Sequence[InvoiceLine]) -> list[Difference]:
    """Return how the lines differ in number or in their codes. The order of the lines is free."""
    if len(lines) != len(draft.lines):
        return [difference(Differs.LINES, theirs=len(lines), ours=len(draft.lines))]
    if Counter(map(_meant, draft.lines)) == Counter(map(_made, lines)):
        return []
    shown = {each.item_id.casefold(): each.item_code for each in draft.lines}
    shown |= {each.gl_account_id.casefold(): each.gl_account for each in draft.lines}
    return [
        difference(what, number=number, theirs=shown.get(theirs, theirs), ours=shown.get(ours, ours))
        for number, (line, made) in enumerate(zip(draft.lines, lines, strict=True), 1)
        for what, ours, theirs in zip(_FACTS, _meant(line), _made(made), strict=True)
        if ours != theirs
    ]


def _meant(line: DraftLine) -> tuple[str, ...]:
    facts = (line.item_id, line.gl_account_id, line.cost_center, line.cost_unit, line.vat_code)
    return tuple(fact.casefold() for fact in facts)


def _made(line: InvoiceLine) -> tuple[str, ...]:
    facts = (line.item, line.gl_account, line.cost_center, line.cost_unit, line.vat_code)
    return tuple(fact.casefold() for fact in facts)


def _sum_differences(draft: Draft, lines: Sequence[InvoiceLine], settings: PostingSettings) -> list[Difference]:
    """Return how VAT and net differ per VAT code. The VAT return consists of these sums."""
    ours, theirs = _by_code(draft.lines), _by_code(lines)
    found = []
    for code, meant in ours.items():
        wanted = predict(meant, settings.rounding, minor_digits(draft.currency))
        vat, net = total(line.vat for line in theirs[code]), total(line.net for line in theirs[code])
        if _differ(wanted.vat, vat):
            found.append(difference(Differs.VAT_OF_CODE, code=code, theirs=vat, ours=wanted.vat))
        if _differ(wanted.net, net):
            found.append(difference(Differs.NET_OF_CODE, code=code, theirs=net, ours=wanted.net))
    return found


def _by_code(lines: Iterable[Line]) -> dict[str, list[Line]]:
    found = defaultdict[str, list[Line]](list)
    for line in lines:
        found[line.vat_code.casefold()].append(line)
    return found


def _sent_differences(draft: Draft, lines: Sequence[InvoiceLine]) -> list[Difference]:
    """Return which VAT was sent with a line and is on no line with the same codes."""
    wanted = Counter((_meant(line), line.vat) for line in draft.lines if line.vat_amount is not None)
    found = Counter((_made(line), round(line.vat, 6)) for line in lines)
    missing = [(line, vat) for (line, vat), count in wanted.items() if found[line, vat] < count]
    return [difference(Differs.SENT_VAT, vat=vat) for _line, vat in missing]


def _within(ours: DraftLine, theirs: InvoiceLine, unit: Decimal) -> bool:
    same_line = _meant(ours) == _made(theirs) and ours.vat_percentage > 0 and ours.vat_type in {"E", "I"}
    return same_line and abs(ours.vat - theirs.vat) < unit + TOLERANCE


def _vat_correction(ours: DraftLine, theirs: InvoiceLine) -> Correction:
    changed = difference(Differs.VAT_OF_LINE, number=theirs.number, before=theirs.vat, after=ours.vat)
    return Correction(theirs.id, changed, vat_amount=ours.vat)


def _rounding(pairs: Sequence[tuple[DraftLine, InvoiceLine]], settings: PostingSettings) -> list[Correction]:
    rest = total(ours.net - theirs.net for ours, theirs in pairs)
    for ours, theirs in pairs:
        price = theirs.net + rest
        if ours.kind is LineKind.ROUNDING and abs(price) <= settings.rounding_limit:
            changed = difference(Differs.ROUNDING_OF_LINE, number=theirs.number, before=theirs.net, after=price)
            return [Correction(theirs.id, changed, net_price=price)]
    return []


def _differ(ours: Decimal, theirs: Decimal) -> bool:
    return abs(ours - theirs) >= TOLERANCE
