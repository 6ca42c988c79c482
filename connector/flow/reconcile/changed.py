"""What the store changed of an order or a refund since it was posted, and what of it a person or the policy left."""

from decimal import Decimal

from connector.clients.bigcommerce.period import MadeRefund, PlacedOrder
from connector.domain.document.reconcile import BUCKET_OF, Bucket, Remedy
from connector.domain.document.states import State
from connector.domain.document.sums import TOLERANCE
from connector.domain.money import ZERO, minor_digits, round_half_up
from connector.domain.rules.due import undone
from connector.flow.reconcile import ledger
from connector.flow.reconcile.ledger import OfOrder
from connector.models import OrderSync


def credited(note: OrderSync) -> tuple[Bucket, str]:
    """Where a refund or a cancellation is by its credit note, and the reason."""
    return (Bucket.CREDITED, "") if note.state == State.POSTED else (BUCKET_OF[State(note.state)], note.reason)


def is_left(last: OrderSync, *, total: Decimal | None = None, status: int | None = None) -> bool:
    """Whether the store's total, or its status, is the very one that was recorded and needs nothing any more."""
    if last.change_pending:
        return False
    if total is not None:
        return last.reviewed_total is not None and abs(last.reviewed_total - total) < TOLERANCE
    return last.reviewed_status == status


def is_active_again(order: PlacedOrder, last: OrderSync, note: OrderSync) -> bool:
    """Whether an order whose cancellation was credited is a sale once more, and nobody left it so."""
    return note.state == State.POSTED and not undone(order) and not is_left(last, status=order.status_id)


def by_store(last: OrderSync) -> Remedy:
    """What puts right what the store changed of a posted order."""
    return Remedy.DECIDE if last.change_pending else Remedy.TAKE_IN


def vat_moved(order: PlacedOrder, known: OfOrder) -> Decimal:
    """Return how much more VAT the store has now at the total that is invoiced, or that was left; 0 where not known.

    The store's tax is held against the store's own of then, in the smallest unit of the currency, as an edit of an
    order is found: what Exact rounds otherwise is no change. Nothing is left of it once the order was cancelled.
    """
    last = known.last
    if last is None or last.state != State.POSTED or known.cancelled is not None:
        return ZERO
    facts, left = ledger.facts_of(last), is_left(last, total=order.total_inc)
    if not left and (facts.total is None or abs(facts.total - order.total_inc) >= TOLERANCE):
        return ZERO  # the total says it
    before = facts.tax if not left or last.reviewed_tax is None else last.reviewed_tax
    return ZERO if before is None else _rounded(order.total_tax, order.currency) - _rounded(before, order.currency)


def refund_moved(refund: MadeRefund, note: OrderSync) -> tuple[Decimal, Decimal]:
    """Return how much more a refund is now than it was credited with, and how much more VAT; 0 where not known."""
    total, tax = ledger.refunded(note)
    moved = ZERO if total is None else refund.total - total
    if tax is None or refund.tax is None:
        vat = ZERO
    else:
        vat = _rounded(refund.tax, note.currency) - _rounded(tax, note.currency)
    return moved if abs(moved) >= TOLERANCE else ZERO, vat


def _rounded(amount: Decimal, currency: str) -> Decimal:
    return round_half_up(amount, minor_digits(currency))
