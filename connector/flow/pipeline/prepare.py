"""The stages that make the draft: they read and translate the order, or compute the credit note.

Every function raises the clients' errors, and Hold with all problems when a person must decide.
"""

from typing import Any

from connector.domain.credit.credit_note import numbered
from connector.domain.document.codes import Code
from connector.domain.document.result import Held, Needs, Problem
from connector.domain.document.states import State
from connector.domain.invoice.draft import Draft
from connector.domain.order.bare import bare_draft
from connector.flow.changes import cancelled, credit_note, recheck
from connector.flow.clock import database_now
from connector.flow.invoice import exact_document, post, replace
from connector.flow.invoice.verify import lacks_rate
from connector.flow.ledger import to_settle, transitions
from connector.flow.order import details
from connector.flow.order.fetch import Fetched, read
from connector.flow.pipeline.lane import Work
from connector.models.kept_words import NOTHING, Said, english, together


def replace_or_keep(work: Work) -> None:
    """Decide about the invoice in Exact of a document that a person re-posted: keep it when it equals the new draft.

    An invoice that differs is deleted. One that Exact does not have any more is created again.
    """
    document = work.document
    invoice = exact_document.read(document, work.exact)
    if invoice is None:
        post.raise_if_maybe_late(document)
        replace.forget(document)
        return
    wanted = _draft_now(work)
    work.lane.renew()
    if lacks_rate(wanted, document.connection.division.currency, invoice) and not invoice.is_final:
        replace.delete(document, invoice, work.exact, without_rate=True)
    elif document.draft is not None and wanted.becomes_the_same_as(post.draft_of(document)):
        transitions.note(
            document, english("Read again: the document in Exact is still right."), replace_requested=False
        )
    else:
        replace.delete(document, invoice, work.exact)


def _draft_now(work: Work) -> Draft:
    """Return the draft of the order as it is now. Raises Hold when no document is due any more."""
    if work.document.is_credit:
        return credit_note.drafted(work.document, work.terms.settings)[1]
    fetched = work.fetch()
    if why := work.terms.why_not_due(fetched.order, database_now()):
        raise replace.no_longer_due(work.document, why)
    outcome = _translated(work, fetched)[1]
    if not isinstance(outcome, Draft):
        raise details.hold_of(outcome)
    return outcome


def switch_form(work: Work) -> None:
    """Take the connection's present form when Exact has nothing in the form that was sent."""
    exact_document.switch_form_if_unsent(work.document, work.exact)


def take_approved(work: Work) -> None:
    """Take the approved draft. When the order changed since, the approval is withdrawn."""
    document = work.document
    document.refresh_from_db(fields=["recheck_at"])
    if document.recheck_at:
        if recheck.has_changed(document, work.fetch()):
            text = english("The order changed after it was approved; it is translated again.")
            transitions.note(document, text, approved_at=None, recheck_at=None)
            return
        transitions.note(document, english("Read again: nothing changed since it was approved."), recheck_at=None)
    work.order, work.draft = read(document.order_data or {}).order, post.draft_of(document)


def translate_order(work: Work) -> None:
    """Fetch and translate the order. The document is skipped when no invoice is due. Raises Hold."""
    document, terms = work.document, work.terms
    fetched, zone = work.fetch(), document.connection.store.timezone
    if why := terms.why_not_due(fetched.order, database_now()):
        amount = cancelled.left_to_settle(document, fetched.order, why, work.store)
        left = to_settle.why_of_cancelled(amount, fetched.order.currency)
        transitions.move(document, State.SKIPPED, (why, *left), to_settle=amount, **fetched.facts(zone))
        return
    if work.found.store_is_shared:
        post.raise_if_posted_elsewhere(document)
    fetched, outcome = _translated(work, fetched)
    kept: dict[str, Any] = {"rules": terms.version, "form": terms.settings.document, **fetched.facts(zone)}
    if not isinstance(outcome, Draft):
        transitions.note_with_next(document, english("Read, with problems."), draft=None, **kept)
        raise details.hold_of(outcome)
    paid = to_settle.of_invoice(document.connection, fetched.order, outcome)
    amount = to_settle.of_later_invoice(document, paid)
    by_hand = to_settle.paid_text(amount, outcome.currency) if amount else NOTHING
    transitions.note_with_next(
        document,
        together(_translated_text(outcome), to_settle.in_words(by_hand)),
        draft=bare_draft(outcome.to_json()) if fetched.is_bare else outcome.to_json(),
        reference=outcome.reference,
        to_settle=amount,
        **kept | {"total": outcome.gross},
    )
    work.order, work.draft = fetched.order, outcome


def _translated_text(draft: Draft) -> Said:
    """Say what the order became."""
    return english("Read and translated into %(lines)s lines, %(gross)s %(currency)s.") % {
        "lines": len(draft.lines),
        "gross": draft.gross,
        "currency": draft.currency,
    }


def work_out_credit_note(work: Work) -> None:
    """Compute the credit note from its invoice. It is skipped when nothing remains to be credited."""
    document = work.document
    if why := credit_note.nothing_left(document):
        transitions.move(document, State.SKIPPED, (why,))
    else:
        work.order, work.draft = credit_note.prepare(document, work.terms.settings)


def show_only(work: Work) -> None:
    """Skip the document in shadow mode: the draft is shown and not posted."""
    transitions.move(work.document, State.SKIPPED, (Problem(Code.SHADOW),))


def ask_approval(work: Work) -> None:
    """Wait for a person's approval."""
    transitions.move(work.document, State.AWAITING_APPROVAL, english("Waits for a person's approval."))


def _translated(work: Work, fetched: Fetched) -> tuple[Fetched, Draft | Held | Needs]:
    """Translate the order, and read the details that the rules need."""
    fetched, outcome = details.translate(work.terms, fetched, work.store, work.lane.renew)
    return fetched, numbered(outcome, work.document.sequence) if isinstance(outcome, Draft) else outcome
