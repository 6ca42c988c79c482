"""Whether a guest has ordered enough for an account of their own.

A guest is known by the e-mail address together with the name, in the ledger's invoices of the connection. That costs
one look-up by an index, and no call.
"""

from decimal import Decimal

from connector.domain.choices import DocumentKind
from connector.domain.customer.customer import Customer
from connector.domain.customer.names import same_name
from connector.domain.document.states import State
from connector.domain.order.model import Order
from connector.flow.customer.account.links import rows_of
from connector.models import Connection, OrderSync

# So many of the guest's newest documents are looked at: more orders than any threshold asks for.
MOST = 1000


def is_below_threshold(connection: Connection, customer: Customer, order: Order) -> bool:
    """Whether a guest's orders, this one included, are too few for an account of the guest's own.

    They are not when no threshold is set, nor when the guest has an account already, nor for a VAT number: it must
    stand on an account. The amount counts orders in the store's currency; any order counts in their number.
    """
    if customer.registered or customer.vat_number or not customer.key or not _has_threshold(connection):
        return False
    if rows_of(connection, customer).links:
        return False
    totals = _totals(connection, customer, order)
    if connection.guest_orders is not None and len(totals) >= connection.guest_orders:
        return False
    amount = sum((total for total, currency in totals.values() if currency == connection.store.currency), Decimal())
    return connection.guest_amount is None or amount < connection.guest_amount


def _has_threshold(connection: Connection) -> bool:
    return connection.guest_amount is not None or connection.guest_orders is not None


def _totals(connection: Connection, customer: Customer, order: Order) -> dict[int, tuple[Decimal, str]]:
    """What each order of the guest came to, with its currency, by the order's id. The newest invoice of one counts."""
    written = {order.billing.email[:254], customer.email[:254]}
    rows = OrderSync.objects.filter(connection=connection, email__in=sorted(written), kind=DocumentKind.INVOICE)
    newest = rows.exclude(state=State.SKIPPED).exclude(total=None).order_by("-id")
    found: dict[int, tuple[Decimal, str]] = {int(order.id): (order.total_inc, order.currency)}
    for order_id, name, total, currency in newest.values_list("order_id", "customer", "total", "currency")[:MOST]:
        if same_name(name, customer.name) or same_name(name, customer.person):
            found.setdefault(order_id, (total or Decimal(), currency))
    return found
