"""Makes the row of a receipt when its invoice is posted, and checks it again when the order changes."""

from decimal import Decimal

from django.utils.translation import gettext as _

from connector.domain.choices import DocumentKind, Payments
from connector.domain.document.states import SkipReason, State
from connector.domain.money import minor_digits, plain, tidy
from connector.domain.order.model import Order
from connector.flow.clock import database_now
from connector.flow.ledger import transitions
from connector.models import Connection, OrderSync


def create_receipt_row(invoice: OrderSync) -> None:
    """Make the receipt of a posted invoice due now, when the connection books receipts."""
    if invoice.kind != DocumentKind.INVOICE or invoice.connection.payments != Payments.RECEIPTS:
        return
    row = OrderSync.receipt_row(invoice, due_at=database_now())
    OrderSync.objects.bulk_create([row], ignore_conflicts=True)  # a re-posted invoice has its receipt already


def to_settle(connection: Connection, order: Order) -> Decimal | None:
    """Return what was paid by store credit and gift certificates and no receipt settles; None for nothing.

    The amount is in the order's currency.
    """
    return None if connection.payments == Payments.RECEIPTS else order.store_credit + order.gift_certificate or None


def settlement_text(amount: Decimal, currency: str) -> str:
    """Return a text for an amount to settle: `7.90 EUR, paid by store credit or gift certificate`."""
    return _("%(amount)s %(currency)s, paid by store credit or gift certificate") % {
        "amount": plain(tidy(amount, minor_digits(currency))),
        "currency": currency,
    }


def look_again(invoice: OrderSync) -> None:
    """Make the unpaid receipts of an order due again, because the store reported a change of the order."""
    unpaid = OrderSync.objects.filter(
        connection=invoice.connection_id,
        order_id=invoice.order_id,
        kind=DocumentKind.RECEIPT,
        state=State.SKIPPED,
        reason=SkipReason.UNPAID,
    )
    for receipt in unpaid.select_related("connection__store"):
        transitions.move(receipt, State.PENDING, _("The order changed; looking whether it is paid."), attempts=0)
