"""What a person settles by hand in Exact: store credit and gift certificates for which no receipt is booked.

A document keeps the amount until a person says that it is settled. The history says how much was.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, QuerySet

from connector.domain.choices import DocumentKind, GiftCertificates, Payments
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.document.states import SkipReason, State
from connector.domain.invoice.draft import Draft
from connector.domain.money import ZERO, minor_digits, plain, tidy, total
from connector.domain.order.model import Order
from connector.domain.order.refund import Refund
from connector.flow.ledger import transitions
from connector.flow.ledger.due_receipts import given_back
from connector.models import Connection, OrderSync
from connector.models.kept_words import NOTHING, Said, english

SETTLE = "settle"
"""The name of a person's action in the history. Its data has the amount under `settled`."""

WITH_AMOUNT = Q(to_settle__isnull=False) & (
    Q(state=State.POSTED) | (Q(state=State.SKIPPED) & ~Q(reason=SkipReason.SHADOW))
)
"""The documents whose amount a person settles: nothing more is going to be posted of them."""


def of_invoice(connection: Connection, order: Order, draft: Draft) -> Decimal | None:
    """Return what was paid by store credit and gift certificates and no receipt settles; None for nothing.

    The amount is in the order's currency. What leaves the invoice itself needs no settling.
    """
    if connection.payments == Payments.RECEIPTS:
        return None
    return order.store_credit + order.gift_certificate - draft.redeemed or None


def of_refund(connection: Connection, refund: Refund | None) -> Decimal | None:
    """Return what a refund gave back as store credit or gift certificate and no receipt settles; None for nothing."""
    if refund is None or connection.payments == Payments.RECEIPTS:
        return None
    return sum(given_back(connection, refund)) or None


def of_cancelled(connection: Connection, order: Order, refunds: Iterable[Refund]) -> Decimal | None:
    """Return what an order without any invoice took of store credit and gift certificates and did not give back.

    Nothing of the order is booked, so no receipt settles it either. Below zero more was given back than was taken.
    None for nothing.
    """
    gift = ZERO if connection.gift_certificates == GiftCertificates.SINGLE else order.gift_certificate
    back = [given_back(connection, refund) for refund in refunds if not refund.declined]
    left = (gift - total(each[0] for each in back), order.store_credit - total(each[1] for each in back))
    return sum(left) or max(left) or None  # one may have been given back as the other


def rest(document: OrderSync, amount: Decimal | None) -> Decimal | None:
    """Return what is left of an amount after what a person has settled; None for nothing."""
    if not amount or document.pk is None:
        return amount or None
    return amount - _settled(document) or None


def of_later_invoice(invoice: OrderSync, amount: Decimal | None) -> Decimal | None:
    """Return what an edited order's invoice has to settle that the invoices before it have not; None for nothing.

    The vouchers paid once, and are booked on the customer's account, whichever invoice is credited.
    """
    if not amount or invoice.sequence == 1:
        return amount
    before = OrderSync.objects.filter(
        connection=invoice.connection_id,
        order_id=invoice.order_id,
        kind=DocumentKind.INVOICE,
        sequence__lt=invoice.sequence,
        state=State.POSTED,
    )
    return amount - total((each.to_settle or ZERO) + _settled(each) for each in before) or None


def add_paid_out(invoice: OrderSync, amount: Decimal | None) -> None:
    """Put on the credit note of a cancellation what the refunds after it gave as store credit or gift certificate."""
    if not amount:
        return
    rows = OrderSync.objects.filter(
        connection=invoice.connection_id, order_id=invoice.order_id, kind=DocumentKind.CREDIT, sequence=0
    )
    note = rows.select_related("connection__store").get()
    left = rest(note, amount)
    if left != note.to_settle:
        transitions.note(note, in_words(text(note, left)), to_settle=left)


def text(document: OrderSync, amount: Decimal | None) -> Said:
    """Return a text for an amount to settle of a document; empty for none.

    It is `7.90 EUR, paid by store credit or gift certificate`, or what was given back, or taken of a cancelled order.
    """
    if not amount:
        return NOTHING
    if document.is_credit:
        return given_back_text(amount, document.currency)
    if document.state == State.SKIPPED:
        return cancelled_text(amount, document.currency)
    return paid_text(amount, document.currency)


def in_words(amount: Said) -> Said:
    """Return the sentence of such a text for the history; empty for none."""
    return english("To settle by hand: %(amount)s.") % {"amount": amount} if amount else NOTHING


def paid_text(amount: Decimal, currency: str) -> Said:
    """Return a text for vouchers that paid: `7.90 EUR, paid by store credit or gift certificate`, or came back."""
    if amount < ZERO:
        return given_back_text(-amount, currency)
    return english("%(amount)s %(currency)s, paid by store credit or gift certificate") % _written(amount, currency)


def given_back_text(amount: Decimal, currency: str) -> Said:
    """Return a text for a refund to settle: `24.20 EUR, given back as store credit or gift certificate`."""
    return english("%(amount)s %(currency)s, given back as store credit or gift certificate") % _written(
        amount, currency
    )


def cancelled_text(amount: Decimal, currency: str) -> Said:
    """Return a text for what an order left that was cancelled before it was posted."""
    if amount < ZERO:
        return given_back_text(-amount, currency)
    return english(
        "%(amount)s %(currency)s, paid by store credit or gift certificate and not given back when the order was "
        "cancelled"
    ) % _written(amount, currency)


def why_of_cancelled(amount: Decimal | None, currency: str) -> tuple[Problem, ...]:
    """Return what is wrong with an amount that a cancelled order left; empty for none."""
    if not amount:
        return ()
    code = Code.VOUCHERS_OF_CANCELLED if amount > ZERO else Code.GIVEN_BACK_OF_CANCELLED
    return (problem(code, **_written(abs(amount), currency)),)


def waiting(rows: QuerySet[OrderSync]) -> QuerySet[OrderSync]:
    """Keep the documents that have an amount which a person must settle."""
    return rows.filter(WITH_AMOUNT)


def _settled(document: OrderSync) -> Decimal:
    rows = document.history.filter(data__action=SETTLE).values_list("data", flat=True)
    return total(Decimal(data["settled"]) for data in rows)


def _written(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": plain(tidy(amount, minor_digits(currency))), "currency": currency}
