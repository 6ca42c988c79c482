"""The payments of an order, and the rows of their receipts. Each payment has one receipt, by the transaction's id."""

from datetime import datetime, timedelta

from django.db.models import Q

from connector.clients import errors
from connector.clients.bigcommerce.client import BigCommerceClient
from connector.domain.choices import DocumentKind, Mode, Payments
from connector.domain.document.codes import Code
from connector.domain.document.states import SkipReason, State
from connector.domain.money import ZERO
from connector.domain.order.fields import UnreadableOrder
from connector.domain.order.payments import Payment, covered_by, read_payments, unbooked
from connector.domain.order.receipt import Receipt
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.ledger import due_receipts, transitions
from connector.models import OrderSync
from connector.models.kept_words import Said, english
from connector.problems.calls import in_words

DONE = {State.POSTED, State.SKIPPED}
_CLOCKS_DIFFER = timedelta(minutes=1)  # the store's and the database's
# States of what is in Exact, or may be.
_IN_EXACT = [State.POSTED, State.POSTING, State.UNCERTAIN]
# States in which the first receipt of an order reads the payments when its turn comes.
_READS_ITSELF = {State.PENDING, State.PREPARING, State.WAITING, State.BLOCKED}


def read(document: OrderSync, store: BigCommerceClient) -> tuple[Payment, ...]:
    """Read the payments of a document's order. Raises the client's errors, and Hold when one cannot be understood."""
    rows = store.transactions(document.order_id)
    try:
        return read_payments(rows, test_orders=document.connection.test_orders)
    except UnreadableOrder as error:
        raise Hold(Code.PAYMENTS_UNREADABLE, field=error.field, value=error.value, expected=error.expected) from None


def look_again(invoice: OrderSync, store: BigCommerceClient) -> None:
    """Make a receipt due for each payment that came after the first ones were read.

    Only the order's last posted invoice looks, and only when its order has receipts. Raises the client's errors.
    """
    connection = invoice.connection
    if connection.payments != Payments.RECEIPTS or connection.mode == Mode.SHADOW or posted_invoice(invoice) != invoice:
        return
    states = dict(due_receipts.receipts_of(invoice).filter(sequence__gte=0).values_list("sequence", "state"))
    if not states or states.get(0) in _READS_ITSELF:
        return
    try:
        take_in(invoice, read(invoice, store))
    except (errors.Forbidden, Hold) as cause:
        transitions.note(invoice, cause.problems if isinstance(cause, Hold) else Said(in_words(cause)))
        if 0 not in states:  # a receipt that reads them is held for the same cause, where a person sees it
            due_receipts.make_due(invoice, 0)


def take_in(document: OrderSync, payments: tuple[Payment, ...], first: OrderSync | None = None) -> None:
    """Make a receipt due for each payment that has none.

    `first` is a receipt that has no payment yet: it takes the oldest one.
    """
    rows = due_receipts.receipts_of(document)
    known = set(rows.values_list("sequence", flat=True))
    earlier = rows.filter(sequence=0).first()
    covered = _covered(earlier, payments) if earlier else frozenset()
    due = unbooked(payments, known, covered or ())
    if first is not None and due:
        transitions.note(first, english("It is for payment %(payment)s.") % {"payment": due[0].id}, sequence=due[0].id)
        due = due[1:]
    due_receipts.make_due(document, *(payment.id for payment in due))
    if due and document.kind == DocumentKind.INVOICE:
        numbers = ", ".join(str(payment.id) for payment in due)
        transitions.note(document, english("A receipt follows for payment %(numbers)s.") % {"numbers": numbers})


def covered(document: OrderSync, payments: tuple[Payment, ...]) -> frozenset[int]:
    """Return the payments that need no receipt of their own, because the order's first receipt has them.

    Raises Hold when it was booked for several payments and it is not clear which.
    """
    earlier = due_receipts.receipts_of(document).filter(sequence=0).first()
    found = _covered(earlier, payments) if earlier else frozenset[int]()
    if earlier is not None and found is None:
        receipt = _booked(earlier)
        assert receipt is not None
        raise Hold(
            Code.EARLIER_RECEIPT_UNCLEAR, reference=receipt.reference, money=receipt.money, currency=receipt.currency
        )
    return found or frozenset()


def booked(document: OrderSync, payments: tuple[Payment, ...]) -> frozenset[int]:
    """Return the payments of the order that are in Exact, or may be, or that a person books by hand.

    Raises Hold as `covered` does.
    """
    others = due_receipts.receipts_of(document).exclude(pk=document.pk)
    by_person = Q(state=State.SKIPPED, reason=SkipReason.PERSON)
    found = others.filter(Q(state__in=_IN_EXACT) | by_person).values_list("sequence", flat=True)
    return covered(document, payments).union(found)


def states_of(document: OrderSync, ids: frozenset[int]) -> dict[int, str]:
    """Return the states of an order's receipts for some payments. A payment without a receipt is left out."""
    rows = due_receipts.receipts_of(document).filter(sequence__in=ids)
    return dict(rows.values_list("sequence", "state"))


def posted_invoice(document: OrderSync) -> OrderSync | None:
    """Return the last posted invoice of a document's order that we made; None when there is none."""
    return (
        OrderSync.objects.filter(
            connection=document.connection_id,
            order_id=document.order_id,
            kind=DocumentKind.INVOICE,
            state=State.POSTED,
            draft__isnull=False,
        )
        .select_related("connection__store", "connection__division")
        .order_by("-sequence")
        .first()
    )


def _covered(first: OrderSync, payments: tuple[Payment, ...]) -> frozenset[int] | None:
    """The payments that the order's first receipt has; None when that is not clear.

    Before each payment had a receipt of its own, one receipt had all payments up to then. What a person skipped, a
    person books.
    """
    if first.state == State.SKIPPED and first.reason == SkipReason.PERSON:
        skipped = _skipped_at(first)
        others = due_receipts.receipts_of(first).filter(sequence__gt=0, created_at__lte=skipped).exists()
        return frozenset(payment.id for payment in payments if payment.moment <= skipped and not others)
    receipt = _booked(first)
    if receipt is None or receipt.money == ZERO:
        return frozenset()
    return covered_by(payments, receipt.money, (first.sent_at or database_now()) + _CLOCKS_DIFFER)


def _booked(first: OrderSync) -> Receipt | None:
    data = (first.order_data or {}).get("receipt")
    return Receipt.from_json(data) if data and first.state == State.POSTED else None


def _skipped_at(document: OrderSync) -> datetime:
    found = document.history.filter(data__to=State.SKIPPED).values_list("at", flat=True).first()
    return found or document.updated_at
