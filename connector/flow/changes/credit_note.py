"""Credit notes: what they wait for, their draft, and their account. They are posted as invoices are.

A credit note is a row of its own. Its sequence is the refund's id, 0 for a cancellation, -n for invoice n of an edited
order, or TYPED - n for the n-th amount that a person typed. Its `order_data` is that of the invoice that it credits,
plus the refund.
"""

import dataclasses
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Invoice
from connector.domain.choices import DocumentKind, Mode, PostingSettings
from connector.domain.credit.credit_note import (
    TYPED,
    EarlierCredit,
    Heading,
    Invoiced,
    NotToBeCredited,
    credit,
    credit_reference,
)
from connector.domain.document.codes import Code
from connector.domain.document.differences import as_param
from connector.domain.document.result import Problem, problem
from connector.domain.document.states import SkipReason, State
from connector.domain.invoice.draft import Draft
from connector.domain.money import ZERO, minor_digits, plain, tidy, total
from connector.domain.order.model import Order
from connector.domain.order.refund import Refund, UnreadableOrder, read_refunds
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.invoice import compare, exact_document, post
from connector.flow.ledger import to_settle, transitions
from connector.flow.order.fetch import read
from connector.models import OrderSync
from connector.models.kept_words import Said, english, together


def must_wait(document: OrderSync) -> Problem | None:
    """Return what the document waits for; None when it can go on. Raises Hold when a person must act first."""
    if document.is_credit:
        invoice = original(document)
        if invoice.state == State.POSTED:
            return None
        return problem(Code.WAITS_FOR_INVOICE, noun=invoice.english_noun, reference=invoice.reference)
    if document.sequence == 1:
        return None
    corrected = OrderSync.objects.filter(
        connection=document.connection_id,
        order_id=document.order_id,
        kind=DocumentKind.CREDIT,
        original__sequence=document.sequence - 1,
        sequence__in=[0, 1 - document.sequence],
    ).first()
    if corrected is None or corrected.state == State.POSTED:
        return None
    if corrected.state == State.SKIPPED and document.connection.mode == Mode.SHADOW:
        return None
    if corrected.state == State.SKIPPED:
        raise Hold(Code.CREDIT_NOTE_SKIPPED, sequence=document.sequence - 1)
    return problem(Code.WAITS_FOR_CREDIT_NOTE, reference=corrected.reference or corrected.sequence)


def wake_waiting(document: OrderSync) -> None:
    """Wake the documents of the order that waited until this one was posted."""
    waiting = OrderSync.objects.filter(
        connection=document.connection_id, order_id=document.order_id, state=State.WAITING, sent_at=None
    ).exclude(pk=document.pk)
    # Nearly always there is none. To ask for all columns takes twice as long as to ask for one.
    found = list(waiting.values_list("pk", flat=True))
    for each in OrderSync.objects.filter(pk__in=found).select_related("connection__store") if found else ():
        transitions.note(
            each,
            english("%(Noun)s %(reference)s is posted.")
            % {"Noun": document.said_noun, "reference": document.reference},
            next_attempt_at=database_now(),
        )


def original(document: OrderSync) -> OrderSync:
    """Return the invoice that a credit note credits. Raises Hold when the ledger does not name it."""
    if document.original is None:
        raise Hold(Code.NO_ORIGINAL)
    return document.original


def refund_of(document: OrderSync) -> Refund | None:
    """Return the refund of a credit note; None for a credit note of all that remains. Raises Hold."""
    row = (document.order_data or {}).get("refund")
    if row is None:
        return None
    try:
        (refund,) = read_refunds([row], minor_digits(document.currency))
    except UnreadableOrder as error:
        raise Hold((unreadable(error),)) from error
    return dataclasses.replace(refund, id=document.sequence) if document.sequence < TYPED else refund


def unreadable(error: UnreadableOrder) -> Problem:
    """Return the problem of a refund that cannot be read. It names the row and the field."""
    return problem(Code.REFUNDS_UNREADABLE, field=error.field, value=error.value, expected=error.expected)


def invoiced(invoice: OrderSync, *, but: OrderSync | None = None) -> Invoiced:
    """Return an invoice with its credit notes, except `but`. Those on their way to Exact count too. Raises Hold."""
    counted = [each for each in invoice.credits.order_by("id") if _counts(each) and each.pk != (but and but.pk)]
    before = tuple(
        EarlierCredit(
            refund_of(each),
            Draft.from_json(each.draft) if each.draft else None,
            Draft.from_json(each.draft).gross if each.draft else each.total or ZERO,
        )
        for each in counted
    )
    return Invoiced(post.draft_of(invoice), read(invoice.order_data or {}).order, before)


def typed_without_refund(invoice: OrderSync) -> str:
    """Name the credits that a person typed and that may be refunds which the store reports later; "" for none.

    A refund that was left to a person since then is one of them.
    """
    of_invoice = invoice.credits.order_by("id")
    typed = list(of_invoice.filter(sequence__lt=TYPED).exclude(state=State.SKIPPED))
    if not typed:
        return ""
    left = of_invoice.filter(pk__gt=typed[0].pk, sequence__gt=0, state=State.SKIPPED, reason=SkipReason.PERSON)
    if total(each.total or ZERO for each in left) <= total(each.total or ZERO for each in typed):
        return ""
    base = f"{invoice.connection.store.prefix}-{invoice.order_id}"
    digits = minor_digits(invoice.currency)
    return ", ".join(
        f"{credit_reference(base, each.sequence)} ({plain(tidy(-(each.total or ZERO), digits))} {each.currency})"
        for each in typed
    )


def _counts(document: OrderSync) -> bool:
    """Whether a credit note is in Exact, or on its way there."""
    if document.state in {State.SKIPPED, State.BLOCKED}:
        return bool(document.exact_id or (document.state == State.BLOCKED and document.sent_at))
    return document.draft is not None or document.state == State.POSTED


def nothing_left(document: OrderSync) -> Problem | None:
    """Return the problem that nothing remains to be credited; None when something does. Raises Hold."""
    if refund_of(document) is not None:
        return None
    invoice = original(document)
    if invoice.draft is None or invoiced(invoice, but=document).rest:
        return None
    return problem(Code.NOTHING_REMAINS, noun=invoice.english_noun, reference=invoice.reference)


def prepare(document: OrderSync, settings: PostingSettings) -> tuple[Order, Draft]:
    """Compute the credit note and keep it as the document's draft. Raises Hold when it cannot be made."""
    order, draft = drafted(document, settings)
    refund = refund_of(document)
    amount = to_settle.of_refund(document.connection, refund) if refund else document.to_settle
    by_hand = to_settle.in_words(to_settle.text(document, amount))
    transitions.note(
        document,
        together(_computed_text(original(document), draft), by_hand),
        draft=draft.to_json(),
        reference=draft.reference,
        form=original(document).form,
        rules=original(document).rules,
        total=draft.gross,
        to_settle=amount,
    )
    return order, draft


def _computed_text(invoice: OrderSync, draft: Draft) -> Said:
    """Say what the credit note is computed from."""
    return english("Computed from %(noun)s %(reference)s: %(lines)s lines, %(gross)s %(currency)s.") % {
        "noun": invoice.said_noun,
        "reference": invoice.reference,
        "lines": len(draft.lines),
        "gross": draft.gross,
        "currency": draft.currency,
    }


def drafted(document: OrderSync, settings: PostingSettings) -> tuple[Order, Draft]:
    """Return the order and the draft of the credit note. Raises Hold when it cannot be made."""
    invoice, refund = original(document), refund_of(document)
    base = f"{settings.prefix}-{document.order_id}"
    number = invoice.exact_number or invoice.reference
    heading = heading_of(refund or document.sequence, base, number, settings, document.created_at)
    basis = invoiced(invoice, but=document)
    try:
        return basis.order, credit(basis, refund, settings, heading)
    except NotToBeCredited as why:
        raise Hold((why.problem,)) from None


def heading_of(
    cause: Refund | int, base: str, invoice_number: str, settings: PostingSettings, reported: datetime
) -> Heading:
    """Return the heading of a credit note. Its day is the refund's, or for a sequence the day of `reported`."""
    sequence, made = (cause, None) if isinstance(cause, int) else (cause.id, cause.created)
    return Heading(credit_reference(base, sequence), _day(made or reported, settings.time_zone), invoice_number)


def credited(document: OrderSync, client: ExactClient) -> Invoice:
    """Return the invoice that is credited, as it is in Exact.

    Raises Hold when Exact does not have the invoice any more as it was posted, and the client's errors: Unavailable
    while the invoice is so new that Exact may not show it yet.
    """
    invoice = original(document)
    found = exact_document.read(invoice, client)
    name = exact_document.in_exact(invoice)
    if found is None:
        post.raise_if_maybe_late(invoice)
        raise Hold(Code.CREDITED_GONE, **name)
    if differing := compare.differences(post.draft_of(invoice), found):
        raise Hold(Code.CREDITED_CHANGED, differences=as_param(differing), **name)
    if document.connection.finalize and not found.is_final:
        raise Hold(Code.CREDITED_OPEN, **name)
    return found


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
