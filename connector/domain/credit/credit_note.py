"""The credit note of a refund, a cancellation or an edit.

Its lines have the item, GL account, cost centre and VAT code of the invoice's lines. Its amounts are negative, in the
order's currency.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from connector.domain.choices import GiftCertificates, PostingSettings
from connector.domain.credit.allocate import DoesNotAddUp, Shares, allocate_items, allocate_refund, refund_params
from connector.domain.credit.invoiced import EarlierCredit, Invoiced, NotToBeCredited
from connector.domain.credit.lines import credit_lines
from connector.domain.credit.pieces import Pieces, coming_back, free_lines, require
from connector.domain.document.codes import Code
from connector.domain.document.lengths import LONGEST_PAYMENT_REFERENCE, shorten, shorten_reference
from connector.domain.invoice.draft import CREDIT_NOTE, CREDIT_OF, DIRECT_INVOICE, Draft, DraftLine
from connector.domain.invoice.predict import add_up, predict
from connector.domain.money import ZERO, minor_digits, total
from connector.domain.order.model import LineKind
from connector.domain.order.refund import Refund

__all__ = ["TYPED", "EarlierCredit", "Heading", "Invoiced", "NotToBeCredited", "credit", "credit_reference", "numbered"]

# Below it are the sequences of amounts that a person typed: TYPED - 1 is the first.
TYPED = -1_000_000


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a credit note: our reference, its day in the store's time zone, and the number of its invoice."""

    reference: str
    day: date
    invoice_number: str


def numbered(draft: Draft, sequence: int) -> Draft:
    """Return the draft with the reference of the order's n-th invoice: SHOP-1001, SHOP-1001-2."""
    if sequence == 1:
        return draft
    reference = shorten_reference(f"{draft.reference}-{sequence}")
    return replace(
        draft, reference=reference, payment_reference=shorten_reference(reference, LONGEST_PAYMENT_REFERENCE)
    )


def credit_reference(reference: str, sequence: int) -> str:
    """Return the reference of a credit note.

    The sequence is a refund's id, 0 for a cancellation, -n for invoice n of an edited order, or TYPED - n for the n-th
    amount that a person typed.
    """
    if sequence < TYPED:
        return shorten_reference(f"{reference}-M{TYPED - sequence}")
    return shorten_reference(f"{reference}-C{sequence}" if sequence >= 0 else f"{reference}-C0-{-sequence}")


def credit(invoiced: Invoiced, refund: Refund | None, settings: PostingSettings, heading: Heading) -> Draft:
    """Return the credit note, exact to the cent. Without a refund it takes all that remains of the invoice.

    Raises NotToBeCredited, with both figures, when the refund is more than what remains, or when Exact would make
    another total or another VAT of the credit note.
    """
    draft, order = invoiced.draft, invoiced.order
    # A credit note has its invoice's form, also when the connection's setting has changed since.
    settings = replace(settings, document=draft.form)
    wanted = invoiced.rest if refund is None else refund.total - _kept_as_voucher(invoiced, refund, settings)
    which = refund_params(invoiced, refund)
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
    back = coming_back(invoiced, refund)
    lines = credit_lines(invoiced, _shares(invoiced, refund, wanted, settings), refund, settings)
    lines = (*lines, *free_lines(draft, back, settings))
    require(invoiced, back, lines)
    made = predict(lines, settings.rounding, minor_digits(draft.currency))
    if -made.gross != wanted:
        raise NotToBeCredited(Code.REFUND_CREDITED_OTHERWISE, amount=wanted, credited=-made.gross, **which)
    if refund and refund.by_lines and wanted == refund.total:  # a voucher that is given back keeps its VAT
        _check_tax(invoiced, refund, lines, -made.vat)
    what = "entry" if draft.is_entry else "invoice"
    return replace(
        draft,
        reference=heading.reference,
        payment_reference=shorten_reference(heading.reference, LONGEST_PAYMENT_REFERENCE),
        order_date=heading.day,
        description=shorten(f"Credit of {what} {heading.invoice_number}, order {order.id}"),
        remarks=_remarks(refund),
        lines=lines,
        net=made.net,
        vat=made.vat,
        gross=made.gross,
        order_total=-wanted,
        redeemed=ZERO,
        **_stock(draft, back),
    )


def _stock(draft: Draft, back: Pieces) -> dict[str, Any]:
    """The type, and for goods that come back the warehouse of the invoice. An amount alone moves no stock."""
    if draft.type == DIRECT_INVOICE and not back:
        return {"type": CREDIT_NOTE, "warehouse": "", "warehouse_id": ""}
    return {"type": CREDIT_OF[draft.type]}


def _remarks(refund: Refund | None) -> str:
    if refund is None or not refund.reason:
        return ""
    return f"Refund {refund.id}: {refund.reason}" if refund.id > 0 else refund.reason


def _kept_as_voucher(invoiced: Invoiced, refund: Refund, settings: PostingSettings) -> Decimal:
    """What a refund gave as gift certificates of a single purpose. Their VAT stays due, so it is not credited.

    Raises NotToBeCredited when there is no rest, or it is not clear which lines the rest gives back.
    """
    given = refund.to_gift_certificate if settings.gift_certificates == GiftCertificates.SINGLE else ZERO
    if given == refund.total and not invoiced.draft.gross:
        raise NotToBeCredited(
            Code.REFUND_ALL_AS_SINGLE_VOUCHER,
            amount=given,
            reference=invoiced.draft.reference,
            **refund_params(invoiced, refund),
        )
    if given and refund.total - given != invoiced.rest:
        raise NotToBeCredited(
            Code.REFUND_AS_SINGLE_VOUCHER, amount=given, rest=invoiced.rest, **refund_params(invoiced, refund)
        )
    return given


def _shares(invoiced: Invoiced, refund: Refund | None, wanted: Decimal, settings: PostingSettings) -> Shares:
    """What each line gives back. A refund of all that remains takes all that remains of every line.

    Raises NotToBeCredited.
    """
    if invoiced.is_all_that_remains(wanted):
        if refund and refund.items and not refund.of_tax_alone:
            _check_named_lines(invoiced, refund, settings)
        return {line.key: left for line in invoiced.draft.lines if (left := invoiced.left(line).gross)}
    if refund is None:
        raise NotToBeCredited(Code.REFUND_WITHOUT_LINES_LEFT, reference=invoiced.draft.reference, rest=invoiced.rest)
    return allocate_refund(invoiced, refund, settings)


def _check_named_lines(invoiced: Invoiced, refund: Refund, settings: PostingSettings) -> None:
    """Raise NotToBeCredited when a line that the refund names is not there, or was given back already.

    A refund of all that remains takes the rounding too, so a cent that no line has does not count. Lines that come
    back after an amount for the whole order come to as much more.
    """
    given = total(each.refund.for_the_order for each in invoiced.earlier if each.refund)
    try:
        allocate_items(invoiced, refund, settings)
    except DoesNotAddUp as why:
        if why.more != given:
            raise
    except NotToBeCredited as why:
        if why.problem.code != Code.REFUND_OUTSIDE_LINES:
            raise


def _check_tax(invoiced: Invoiced, refund: Refund, lines: tuple[DraftLine, ...], vat: Decimal) -> None:
    """Raise NotToBeCredited when the credited tax differs from the shop's by more than the smallest unit per line.

    The last credit note also has the units by which the earlier ones differed.
    """
    credited = vat - add_up(line for line in lines if line.kind is LineKind.TAX).gross
    earlier = sum(len(each.draft.lines) for each in invoiced.earlier if each.draft)
    count = len(lines) + (earlier if refund.total == invoiced.rest else 0)
    if refund.tax is not None and abs(credited - refund.tax) > count * invoiced.unit:
        raise NotToBeCredited(
            Code.REFUND_TAX_DIFFERS, tax=refund.tax, credited=credited, **refund_params(invoiced, refund)
        )
