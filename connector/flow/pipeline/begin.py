"""The first stages of a turn: look again, claim, wait for another document of the order."""

from connector.domain.choices import DocumentKind
from connector.domain.document.states import State
from connector.flow import fault_points
from connector.flow.changes import credit_note, recheck
from connector.flow.customer.copies import directory
from connector.flow.invoice import take_out
from connector.flow.ledger import due_receipts, transitions
from connector.flow.payment import payments, receipt
from connector.flow.pipeline import failure
from connector.flow.pipeline.lane import Work
from connector.models.kept_words import english


def look_again(work: Work) -> None:
    """Read the order again after a delivery for a document without a next step, or take its invoice out of Exact.

    Raises the clients' errors, and Hold for an invoice that is not ours to delete.
    """
    document = work.document
    if document.decision == take_out.DECISION:
        take_out.take_out(document, work.exact)
        return
    if document.kind == DocumentKind.RECEIPT and document.state == State.POSTED:
        transitions.note(document, english("A delivery came; the receipt stays as it is."), recheck_at=None)
        return
    access = recheck.Access(
        work.fetch,
        lambda: work.store.refunds(document.order_id),
        lambda fetched: work.check_next_invoice(document, fetched),
    )
    recheck.look_again(document, access)
    if document.kind == DocumentKind.INVOICE:
        due_receipts.look_again(document)
        payments.look_again(document, work.store)


def claim(work: Work) -> None:
    """Take the document and count the attempt. Raises Hold when the document keeps killing workers."""
    document = work.document
    failure.raise_if_it_keeps_killing_workers(document)
    # The order is read in this turn, so the delivery is done with. An approved document, or one in Exact, is not read
    # again without a delivery, so it keeps the delivery.
    delivery = {} if document.approved_at or document.exact_id else {"recheck_at": None}
    transitions.move(
        document,
        State.PREPARING,
        english("A worker has started on it."),
        attempts=document.attempts + 1,
        lease_token=work.lane.lease.token,
        **delivery,
    )
    if document.order_data is not None:
        # It was tried before, and what held it may have been put right in Exact.
        directory.mark_stale(document.connection.division)
    fault_points.reach("claimed")


def await_another(work: Work) -> None:
    """Let a credit note wait for its invoice, and a second invoice for the credit note.

    Raises Hold when the other document will not be posted.
    """
    if work.document.kind == DocumentKind.RECEIPT:
        receipt.settled_by(work.document)
    elif why := credit_note.must_wait(work.document):
        failure.wait(work.document, why)
