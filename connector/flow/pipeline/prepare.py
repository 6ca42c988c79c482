"""The stages that find out what a document is to be: the order is read and translated, or the credit note worked out.

Every function raises the clients' errors, and Hold with every problem at once when a person must decide.
"""

from typing import Any

from connector.domain.credit.credit_note import numbered
from connector.domain.document.codes import Code
from connector.domain.document.result import Held, Needs, Problem
from connector.domain.document.states import State
from connector.domain.invoice.draft import Draft
from connector.domain.order.fingerprint import fingerprint
from connector.flow.changes import credit_note, recheck
from connector.flow.clock import database_now
from connector.flow.invoice import exact_document, post, replace
from connector.flow.invoice.verify import lacks_rate
from connector.flow.ledger import due_receipts, transitions
from connector.flow.order import details
from connector.flow.order.fetch import Fetched, read
from connector.flow.pipeline.lane import Work
from connector.problems.catalogue import sentence


def replace_or_keep(work: Work) -> None:
    """A person sent it through again with its invoice in Exact: keep that one while it is what is wanted.

    What is not there any more is forgotten, so that another is made now; what differs is deleted.
    """
    document = work.document
    invoice = replace.still_in_exact(document, work.exact)
    if invoice is None:
        post.raise_if_maybe_late(document)
        replace.forget(document)
        return
    wanted = _wanted_now(work)
    work.lane.renew()
    if lacks_rate(wanted, document.connection.division.currency, invoice) and not invoice.is_final:
        replace.delete(document, invoice, work.exact, "it was made when Exact had no exchange rate")
    elif document.draft is not None and wanted.becomes_the_same_as(post.draft_of(document)):
        transitions.note(document, "Read again: the one in Exact is still what is wanted.", replace_requested=False)
    else:
        replace.delete(document, invoice, work.exact)


def _wanted_now(work: Work) -> Draft:
    """What a document that is in Exact would be by now. Raises Hold when nothing is due any more."""
    if work.document.is_credit:
        return credit_note.drafted(work.document, work.terms.settings)[1]
    fetched = work.fetch()
    if why := work.terms.why_not_due(fetched.order, database_now()):
        raise replace.no_longer_due(work.document, sentence(why))
    _, outcome = _translated(work, fetched)
    if not isinstance(outcome, Draft):
        raise details.hold_of(outcome)
    return outcome


def switch_form(work: Work) -> None:
    """What was sent in one form, of which Exact has nothing, takes the form that the connection says now."""
    exact_document.switch_form_if_unsent(work.document, work.exact)


def take_approved(work: Work) -> None:
    """What was approved is what is posted. When the order changed since, the approval is withdrawn."""
    document = work.document
    document.refresh_from_db(fields=["recheck_at"])
    if document.recheck_at:
        if recheck.has_changed(document, work.fetch()):
            text = "The order changed after it was approved; it is translated anew."
            transitions.note(document, text, approved_at=None, recheck_at=None)
            return
        transitions.note(document, "Read again: nothing changed since it was approved.", recheck_at=None)
    work.order, work.draft = read(document.order_data or {}).order, post.draft_of(document)


def translate_order(work: Work) -> None:
    """Fetch and translate. The document is skipped when the order asks for no invoice."""
    document, terms = work.document, work.terms
    fetched = work.fetch()
    if why := terms.why_not_due(fetched.order, database_now()):
        transitions.move(document, State.SKIPPED, (why,), **_facts(fetched))
        return
    post.raise_if_posted_elsewhere(document)
    fetched, outcome = _translated(work, fetched)
    kept: dict[str, Any] = {"rules": terms.version, "form": terms.settings.document, **_facts(fetched)}
    if not isinstance(outcome, Draft):
        transitions.note(document, "Read, with problems.", draft=None, **kept)
        raise details.hold_of(outcome)
    to_settle = due_receipts.to_settle(document.connection, fetched.order)
    by_hand = f" To settle by hand: {due_receipts.settlement_text(to_settle, outcome.currency)}." if to_settle else ""
    transitions.note(
        document,
        f"Read and translated into {len(outcome.lines)} lines, {outcome.gross} {outcome.currency}.{by_hand}",
        draft=outcome.to_json(),
        reference=outcome.reference,
        to_settle=to_settle,
        **kept,
    )
    work.order, work.draft = fetched.order, outcome


def work_out_credit_note(work: Work) -> None:
    """Work the credit note out from its invoice. It is skipped when nothing remains to be credited."""
    document = work.document
    if why := credit_note.nothing_left(document):
        transitions.move(document, State.SKIPPED, (why,))
    else:
        work.order, work.draft = credit_note.prepare(document, work.terms.settings)


def show_only(work: Work) -> None:
    """Shadow mode ends here."""
    transitions.move(work.document, State.SKIPPED, (Problem(Code.SHADOW),))


def ask_approval(work: Work) -> None:
    """Approval mode rests here until a person approves."""
    transitions.move(work.document, State.AWAITING_APPROVAL, "Waits for a person's approval.")


def _translated(work: Work, fetched: Fetched) -> tuple[Fetched, Draft | Held | Needs]:
    """Translate, reading what the rules turn out to need of the order."""
    fetched, outcome = details.translate(work.terms, fetched, work.store, work.lane.renew)
    return fetched, numbered(outcome, work.document.sequence) if isinstance(outcome, Draft) else outcome


def _facts(fetched: Fetched) -> dict[str, Any]:
    """Return what the ledger keeps of an order, besides its draft."""
    order = fetched.order
    return {
        "order_data": fetched.raw,
        "total": order.total_inc,
        "currency": order.currency,
        "customer": (order.billing.company or order.billing.name)[:200],
        "email": order.billing.email[:254],
        "fingerprint": fingerprint(order),
        "payment_status": fetched.payment_status,
        "change_pending": False,
    }
