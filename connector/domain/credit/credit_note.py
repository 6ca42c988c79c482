"""The credit note of a refund, a cancellation or an edit, mirroring the invoice that it credits.

Same item, GL account, cost centre and VAT code as the invoice's line; amounts negative, in the order's currency.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from connector.domain.credit.allocate import Before, Invoiced, NotToBeCredited, Shares, of_refund, shares_of
from connector.domain.credit.lines import credit_lines
from connector.domain.document.codes import Code
from connector.domain.invoice.draft import CREDIT_OF, Draft, DraftLine
from connector.domain.invoice.lines import shorten
from connector.domain.invoice.predict import add_up, predict
from connector.domain.money import ZERO, minor_digits
from connector.domain.order.model import LineKind
from connector.domain.order.refund import Refund
from connector.domain.rules.settings import PostingSettings

__all__ = ["Before", "Heading", "Invoiced", "NotToBeCredited", "credit", "credit_reference", "numbered"]


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the credit note: our reference, its day in the store, and the number of what it credits."""

    reference: str
    day: date
    invoice_number: str


def numbered(draft: Draft, sequence: int) -> Draft:
    """The draft as that of the order's n-th invoice: SHOP-1001, SHOP-1001-2."""
    if sequence == 1:
        return draft
    reference = f"{draft.reference}-{sequence}"
    return replace(draft, reference=reference, payment_reference=reference)


def credit_reference(reference: str, sequence: int) -> str:
    """The reference of a credit note by its sequence: a refund's id, 0 for a cancellation, -n for invoice n of an
    edited order."""
    return f"{reference}-C{sequence}" if sequence >= 0 else f"{reference}-C0-{-sequence}"


def credit(invoiced: Invoiced, refund: Refund | None, settings: PostingSettings, heading: Heading) -> Draft:
    """The credit note, exact to the cent. Without a refund it takes all that remains of the invoice.

    Raises NotToBeCredited, with both figures, when it would not be the refund's total or more than what remains.
    """
    draft, order = invoiced.draft, invoiced.order
    # An invoice is credited as an invoice, whatever the connection makes by now.
    settings = replace(settings, document=draft.form)
    wanted = invoiced.rest if refund is None else refund.total
    which = of_refund(invoiced, refund)
    if not ZERO < wanted <= invoiced.rest:
        raise NotToBeCredited(
            Code.REFUND_OF_MORE_THAN_REMAINS,
            amount=wanted,
            rest=invoiced.rest,
            reference=draft.reference,
            gross=draft.gross,
            **which,
        )
    if refund and refund.paid is not None and refund.paid < refund.total:
        raise NotToBeCredited(Code.REFUND_DECLINED_IN_PART, amount=refund.total, paid=refund.paid, **which)
    lines = credit_lines(invoiced, _shares(invoiced, refund, settings), refund, settings)
    made = predict(lines, settings.rounding, minor_digits(draft.currency))
    if -made.gross != wanted:
        raise NotToBeCredited(Code.REFUND_CREDITED_OTHERWISE, amount=wanted, credited=-made.gross, **which)
    if refund and refund.by_lines and wanted != invoiced.rest:
        _check_tax(invoiced, refund, lines, -made.vat)
    what = "entry" if draft.is_entry else "invoice"
    return replace(
        draft,
        reference=heading.reference,
        payment_reference=heading.reference,
        order_date=heading.day,
        description=shorten(f"Credit of {what} {heading.invoice_number}, order {order.id}"),
        remarks=f"Refund {refund.id}: {refund.reason}" if refund and refund.reason else "",
        lines=lines,
        net=made.net,
        vat=made.vat,
        gross=made.gross,
        order_total=-wanted,
        type=CREDIT_OF[draft.type],
    )


def _shares(invoiced: Invoiced, refund: Refund | None, settings: PostingSettings) -> Shares:
    """What each line gives back; the refund that takes the rest of the invoice takes the rest of every line."""
    by_hand = any(each.draft is None for each in invoiced.before)
    if (refund is None or refund.total == invoiced.rest) and not by_hand:
        return {line.key: left for line in invoiced.draft.lines if (left := invoiced.left(line).gross)}
    if refund is None:
        raise NotToBeCredited(Code.REFUND_WITHOUT_LINES_LEFT, reference=invoiced.draft.reference, rest=invoiced.rest)
    return shares_of(invoiced, refund, settings)


def _check_tax(invoiced: Invoiced, refund: Refund, lines: tuple[DraftLine, ...], vat: Decimal) -> None:
    """The tax that the shop gave back is what is credited, the currency's smallest unit a line aside."""
    credited = vat - add_up(line for line in lines if line.kind is LineKind.TAX).gross
    if refund.tax is not None and abs(credited - refund.tax) > len(lines) * invoiced.unit:
        raise NotToBeCredited(Code.REFUND_TAX_DIFFERS, tax=refund.tax, credited=credited, **of_refund(invoiced, refund))
