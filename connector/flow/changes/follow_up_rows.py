"""The ledger rows that follow a posted invoice: a credit note, or the order's next invoice."""

from typing import Any

from connector.domain.choices import DocumentKind
from connector.domain.document.states import SkipReason, State
from connector.domain.money import minor_digits, round_half_up
from connector.domain.order.refund import Refund
from connector.flow.changes.detect import Row
from connector.flow.clock import database_now
from connector.models import OrderSync


def credit_note_row(document: OrderSync, sequence: int, total: Any, refund: Row | None = None) -> OrderSync:
    return OrderSync(
        connection=document.connection,
        division_id=document.division_id,
        order_id=document.order_id,
        kind=DocumentKind.CREDIT,
        sequence=sequence,
        form=document.form,
        original=document,
        next_attempt_at=database_now(),
        order_data={**(document.order_data or {}), **({"refund": refund} if refund else {})},
        total=round_half_up(total, minor_digits(document.currency)),
        currency=document.currency,
        customer=document.customer,
        email=document.email,
        rules=document.rules,
    )


def left_refund_row(document: OrderSync, refund: Refund, row: Row) -> OrderSync:
    """A refund that a person leaves: its row says so, and can be re-posted."""
    left = credit_note_row(document, refund.id, -refund.total, row)
    left.state, left.reason, left.next_attempt_at = State.SKIPPED, SkipReason.PERSON, None
    left.message = "A person chose to make no credit note of this refund; the history of the invoice says who and why."
    return left


def next_invoice_row(document: OrderSync) -> OrderSync:
    return OrderSync(
        connection=document.connection,
        division_id=document.division_id,
        order_id=document.order_id,
        sequence=document.sequence + 1,
        form=document.connection.document,
        next_attempt_at=database_now(),
    )
