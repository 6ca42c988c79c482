"""Makes the rows of receipts when a document is posted, and wakes those that wait for a change of the order.

A receipt is for one payment. Its sequence is the transaction's id, 0 for what gift certificates and store credit paid,
or -n for refund n that was given as one of these. Before the payments are read, 0 is the receipt of the first one.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from connector.domain.choices import DocumentKind, GiftCertificates, Payments
from connector.domain.document.states import SkipReason, State
from connector.domain.money import minor_digits
from connector.domain.order.refund import Refund, read_refunds
from connector.flow import trace
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.models import Connection, OrderSync
from connector.models.kept_words import english


def create_receipt_row(document: OrderSync) -> None:
    """Make the receipt of a posted document due now, when the connection books receipts.

    An invoice has one for its first payment, a credit note for what was given back as store credit or gift
    certificate. A later invoice of the order wakes the receipts that did not fit the one before.
    """
    if document.connection.payments != Payments.RECEIPTS:
        return
    if document.is_credit:
        refund = refund_of(document)
        sequence = -document.sequence if refund and any(given_back(document.connection, refund)) else None
    else:
        known = receipts_of(document).filter(sequence__gte=0).exists()
        sequence = None if known or document.sequence > 1 else 0
        look_again(document)
    if sequence is not None:
        make_due(document, sequence)  # a re-posted document has its receipt already


def make_due(document: OrderSync, *sequences: int) -> None:
    """Make receipts due now that settle a document. One that the ledger has already stays as it is."""
    now = database_now()
    request = trace.following(document.request)
    rows = [OrderSync.receipt_row(document, sequence, due_at=now, request=request) for sequence in sequences]
    OrderSync.objects.bulk_create(rows, ignore_conflicts=True)


def rows_for_paid_out(invoice: OrderSync, refund: Refund, row: dict[str, Any]) -> list[OrderSync]:
    """Return the receipt of a refund that has no credit note, because the order's cancellation was credited.

    It puts back what was given as store credit or gift certificate; empty when there is nothing to book. `row` is the
    refund as BigCommerce gave it.
    """
    if invoice.connection.payments != Payments.RECEIPTS or not any(given_back(invoice.connection, refund)):
        return []
    request = trace.following(invoice.request)
    receipt = OrderSync.receipt_row(invoice, -refund.id, due_at=database_now(), request=request)
    receipt.order_data = {"refund": row}
    return [receipt]


def receipts_of(document: OrderSync) -> QuerySet[OrderSync]:
    """Return the receipts of a document's order."""
    return OrderSync.objects.filter(
        connection=document.connection_id, order_id=document.order_id, kind=DocumentKind.RECEIPT
    )


def refund_of(document: OrderSync) -> Refund | None:
    """Return the refund of a credit note or a receipt; None when it has none of its own."""
    row = (document.order_data or {}).get("refund")
    return read_refunds([row], minor_digits(document.currency))[0] if row else None


def given_back(connection: Connection, refund: Refund) -> tuple[Decimal, Decimal]:
    """Return what a refund gave back as gift certificate and as store credit, of what is a debt to their bearers.

    A certificate of a single purpose is no debt: it is turnover when it is sold.
    """
    single = connection.gift_certificates == GiftCertificates.SINGLE
    return Decimal(0) if single else refund.to_gift_certificate, refund.to_store_credit


def look_again(invoice: OrderSync) -> None:
    """Make the receipts of an order due again that are not paid yet or did not fit, because the order changed."""
    unpaid = Q(state=State.SKIPPED, reason=SkipReason.UNPAID, sequence=0)
    held = Q(state=State.BLOCKED, reason__in=transitions.RELEASED_BY_CHANGE, exact_id="")
    for receipt in receipts_of(invoice).filter(unpaid | held).select_related("connection__store"):
        transitions.move(
            receipt,
            State.PENDING,
            english("The order changed; looking whether it is paid."),
            attempts=0,
            worker_deaths=0,
            request=trace.following(invoice.request),
        )
