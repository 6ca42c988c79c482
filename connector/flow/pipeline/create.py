"""The stages that write to Exact. Each write has its intent committed first, and Exact's id committed directly after.

Every function raises the clients' errors, and Hold when a person must decide.
"""

from typing import Any

from connector.clients.errors import Rejected
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.document.states import State, Step
from connector.domain.invoice.draft import eu_sales_code
from connector.flow import fault_points
from connector.flow.changes import after_posting, credit_note, next_invoice
from connector.flow.clock import database_now
from connector.flow.customer.account import accounts
from connector.flow.customer.copies import missing
from connector.flow.hold import Hold
from connector.flow.inbox.backfill import typed_since
from connector.flow.invoice import booking_date, post, stock
from connector.flow.invoice import make_items as items
from connector.flow.ledger import transitions
from connector.flow.payment import receipt
from connector.flow.pipeline import failure
from connector.flow.pipeline.lane import Work
from connector.models.kept_words import Said, english


def find_sent(work: Work) -> None:
    """Search Exact by our reference, because the document was sent before."""
    work.lane.renew()
    found = post.resolve(work.document, work.exact)
    if found is not None:
        work.invoice = found
        text = english("Found in Exact as %(noun)s %(number)s.") % {
            "noun": work.document.said_noun,
            "number": found.number or found.id,
        }
        transitions.note(work.document, text, exact_id=found.id, exact_number=found.number)


def check_codes(work: Work) -> None:
    """Check template, period and stock before anything is created. Raises Hold when one is missing or closed.

    An order of a backfill is held, or adopts the document that names it, when it was typed into Exact since.
    """
    work.lane.renew()
    if work.document.backfilled and work.document.sent_at is None and _is_typed_in(work):
        return
    post.template_id(work.document, work.codes)
    booking_date.day_for(work.document, work.prepared()[1], work.codes)
    stock.raise_if_not_there(work.document, work.prepared()[1], work.exact, work.lane.stock)


def make_items(work: Work) -> None:
    """Find or make the items of products that Exact does not have, and keep their ids in the draft."""
    document, draft = work.document, work.prepared()[1]
    if not draft.new_lines:
        return
    work.lane.renew()
    making = items.Work(document.connection, document.order_id, work.exact, work.lane.renew)
    work.draft = items.with_all_items(draft, work.codes.chart, making)
    ids = {line.new_sku: made.item_id for line, made in zip(draft.lines, work.draft.lines, strict=True) if line.new_sku}
    codes = dict.fromkeys(line.item_code for line in draft.new_lines)
    text = english("Exact has the items %(codes)s.") % {"codes": ", ".join(codes)}
    transitions.note(document, text, draft=post.draft_of(document).with_items(ids).to_json())


def _is_typed_in(work: Work) -> bool:
    """Look for an order of a backfill once more. The calls are no document's: they have those of other customers."""
    clients, document, order = work.lane.clients, work.document, work.prepared()[0]
    clients.document = None
    try:
        return typed_since.is_typed_in(document, order, work.exact, work.lane.looks)
    finally:
        clients.document = document


def find_account(work: Work) -> None:
    """Find or create the customer's account."""
    document = work.document
    order, draft = work.prepared()
    work.party = accounts.find_or_create_account(
        document.connection,
        order,
        work.exact,
        listed=eu_sales_code(draft, work.terms.chart),
        delivered=not document.is_entry,
    )


def take_account(work: Work) -> None:
    """Take the account of the invoice that is credited, and the exchange rate of a foreign sales entry."""
    invoice = credit_note.credited(work.document, work.exact)
    work.party = accounts.Party(invoice.ordered_by, "")
    work.rate = invoice.rate if work.prepared()[1].currency != work.lane.division.currency else None
    _make_certain_of_next_invoice(work)


def intend_to_create(work: Work) -> None:
    """Commit the intent to create the document."""
    draft = work.prepared()[1]
    text = english("About to create %(noun)s %(reference)s, %(gross)s %(currency)s.") % {
        "noun": work.document.said_noun,
        "reference": draft.reference,
        "gross": draft.gross,
        "currency": draft.currency,
    }
    _intend(work, Step.CREATE, text, form=draft.form)


def create(work: Work) -> None:
    """Create the document in Exact. An account that Exact does not have any more is removed from the ledger."""
    document, party = work.document, work.party
    draft = work.prepared()[1]
    assert party is not None
    work.lane.renew()
    try:
        made = post.create(
            document,
            draft,
            work.exact,
            account_id=party.account_id,
            address_id=party.address_id,
            rate=work.rate,
            codes=work.codes,
        )
    except Rejected as refusal:
        if not document.is_credit and missing.is_named_by(refusal):
            missing.forget_what_is_gone(document.division, party.account_id, work.exact)
        raise
    work.lane.stock.take(draft)
    # Exact decides about the sign of a credit note, so the note is read back before it is printed.
    work.invoice = None if document.is_credit else made


def go_on(work: Work) -> None:
    """Commit the intent to finish a document that is in Exact already."""
    document = work.document
    _make_certain_of_next_invoice(work)
    stock.raise_if_not_there(document, work.draft or post.draft_of(document), work.exact, work.lane.stock)
    _intend(work, Step.PRINT, english("Going on with %(title)s.") % {"title": document.said_title})


def finish(work: Work) -> None:
    """Compare with the draft, print, record. Wake the documents that waited for this one."""
    document = work.document
    work.lane.renew()
    draft = work.draft or post.draft_of(document)
    post.finish(document, draft, work.exact, work.invoice, remembered=work.lane.remembered, renew=work.lane.renew)
    if work.found.order_has_others:
        credit_note.wake_waiting(document)


def find_entry(work: Work) -> None:
    """Search Exact for the entry of a receipt that was sent before, and record it when it is there."""
    if "receipt" in (work.document.order_data or {}):
        receipt.find_sent(work.document, work.exact)


def book_entry(work: Work) -> None:
    """Book the receipt, or skip it when nothing is paid. The receipt of a void waits for that of its payment."""
    if why := receipt.book(work.document, work.store, work.exact):
        failure.wait(work.document, why)


def record_entry(work: Work) -> None:
    """Record the receipt, whose entry is in Exact already."""
    receipt.record(work.document, work.document.exact_id, work.document.exact_number)


def _make_certain_of_next_invoice(work: Work) -> None:
    """Let an invoice be credited only when the one that replaces it can be posted: both, or none. Raises Hold."""
    document = work.document
    if not document.is_credit or next_invoice.waits_for(document) is None:
        return
    try:
        work.check_next_invoice(credit_note.original(document), work.fetch(), make_account=True)
    except Hold as cause:
        raise Hold((Problem(Code.NEXT_INVOICE_HELD), *cause.problems)) from cause


def _intend(work: Work, step: Step, text: Said, **fields: Any) -> None:
    """Commit the intent before the write."""
    if work.order is not None:
        fields |= after_posting.recheck_fields(work.order)
    document = work.document
    transitions.move(document, State.POSTING, text, step=step, sent_at=database_now(), not_found_count=0, **fields)
    fault_points.reach("intended")
