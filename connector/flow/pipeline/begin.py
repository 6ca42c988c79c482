"""The stages with which a turn begins: a second look, the claim, and the wait for another document of the order."""

from connector.domain.choices import DocumentKind
from connector.domain.document.states import State
from connector.flow import fault_points
from connector.flow.changes import credit_note, recheck
from connector.flow.ledger import due_receipts, transitions
from connector.flow.payment import receipt
from connector.flow.pipeline import failure
from connector.flow.pipeline.lane import Work


def look_again(work: Work) -> None:
    """A delivery came for a document that rests. Raises the store client's errors."""
    document = work.document
    if document.kind == DocumentKind.RECEIPT and document.state == State.POSTED:
        transitions.note(document, "A delivery came; the receipt stays as it is.", recheck_at=None)
        return
    recheck.look_again(document, work.fetch, lambda: work.store.refunds(document.order_id))
    due_receipts.look_again(document)


def claim(work: Work) -> None:
    """Take the document; the attempt is counted before the work. Raises Hold for one that keeps killing workers."""
    document = work.document
    failure.raise_if_it_keeps_killing_workers(document)
    # A delivery is forgotten because the order is read anyway; of an approved one it is not, unless one came, nor of
    # one that is in Exact already.
    heard = {} if document.approved_at or document.exact_id else {"recheck_at": None}
    transitions.move(
        document,
        State.PREPARING,
        "A worker has started on it.",
        attempts=document.attempts + 1,
        lease_token=work.lane.lease.token,
        **heard,
    )
    fault_points.reach("claimed")


def await_another(work: Work) -> None:
    """A credit note waits for its invoice, a second invoice for the credit note. Raises Hold when none will come."""
    if work.document.kind == DocumentKind.RECEIPT:
        receipt.posted_invoice(work.document)
    elif why := credit_note.must_wait(work.document):
        failure.wait(work.document, why)
