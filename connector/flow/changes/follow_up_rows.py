"""The ledger rows that follow a posted invoice: a credit note, or the order's next invoice."""

from decimal import Decimal

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.document.states import SkipReason, State
from connector.domain.order.refund import Refund
from connector.flow import trace
from connector.flow.changes.detect import Row
from connector.flow.clock import database_now
from connector.flow.ledger import due_receipts, to_settle
from connector.flow.ledger.transitions import causes
from connector.models import OrderSync


def credit_note_row(invoice: OrderSync, sequence: int, total: Decimal, refund: Row | None = None) -> OrderSync:
    """Return the row of a credit note that is due now."""
    request = trace.following(invoice.request)
    note = OrderSync.credit_note_row(invoice, sequence, total, due_at=database_now(), request=request, refund=refund)
    note.to_settle = to_settle.of_refund(invoice.connection, due_receipts.refund_of(note))
    return note


def left_refund_row(invoice: OrderSync, refund: Refund, row: Row) -> OrderSync:
    """Return the row of a refund that a person leaves. It is skipped, and can be re-posted."""
    left = credit_note_row(invoice, refund.id, -refund.total, row)
    left.state, left.reason, left.next_attempt_at = State.SKIPPED, SkipReason.PERSON, None
    left.to_settle = None
    for name, value in causes((Problem(Code.REFUND_LEFT),)).items():
        setattr(left, name, value)
    return left


def next_invoice_row(invoice: OrderSync) -> OrderSync:
    """Return the row of the order's next invoice, which is due now."""
    return OrderSync.invoice_row(
        invoice.connection,
        invoice.order_id,
        due_at=database_now(),
        request=trace.following(invoice.request),
        sequence=invoice.sequence + 1,
    )
