"""Which receipts are due: a row is made when its invoice is posted, and looked at again when the order changes."""

from decimal import Decimal

from connector.domain.choices import DocumentKind, Payments
from connector.domain.document.states import SkipReason, State
from connector.domain.money import minor_digits, plain, tidy
from connector.domain.order.model import Order
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.models import Connection, OrderSync


def expect(invoice: OrderSync) -> None:
    """The invoice is posted: its receipt is due now, where the connection books receipts."""
    if invoice.kind != DocumentKind.INVOICE or invoice.connection.payments != Payments.RECEIPTS:
        return
    row = OrderSync.receipt_row(invoice, due_at=database_now())
    OrderSync.objects.bulk_create([row], ignore_conflicts=True)  # an invoice that is posted again has its receipt


def to_settle(connection: Connection, order: Order) -> Decimal | None:
    """What of an order was paid by store credit and gift certificates, where no receipt settles it; None: nothing."""
    return None if connection.payments == Payments.RECEIPTS else order.store_credit + order.gift_certificate or None


def settling(amount: Decimal, currency: str) -> str:
    """Say what is to be settled, and why it is: `7.90 EUR, paid by store credit or gift certificate`."""
    return f"{plain(tidy(amount, minor_digits(currency)))} {currency}, paid by store credit or gift certificate"


def look_again(invoice: OrderSync) -> None:
    """The store told of a posted order: it may have been paid since."""
    unpaid = OrderSync.objects.filter(
        connection=invoice.connection_id,
        order_id=invoice.order_id,
        kind=DocumentKind.RECEIPT,
        state=State.SKIPPED,
        reason=SkipReason.UNPAID,
    )
    for receipt in unpaid.select_related("connection__store"):
        transitions.move(receipt, State.PENDING, "The order changed; looking whether it is paid.", attempts=0)
