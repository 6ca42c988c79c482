"""What an order that was cancelled before it was posted leaves to a person."""

from decimal import Decimal

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.domain.choices import Mode
from connector.domain.document.result import Problem
from connector.domain.document.states import SkipReason
from connector.domain.money import minor_digits
from connector.domain.order.model import Order
from connector.domain.order.refund import read_each_refund
from connector.flow.changes.detect import CANCELLED
from connector.flow.ledger import to_settle
from connector.models import OrderSync

_BY_ITS_STATUS = {SkipReason.STATUS, SkipReason.DELETED}


def left_to_settle(document: OrderSync, order: Order, why: Problem, store: BigCommerceClient) -> Decimal | None:
    """Return what a person settles of an order that is not posted because of `why`; None for nothing.

    It is what store credit and gift certificates paid of a cancelled order, less what was given back. Raises the
    client's errors.
    """
    is_of_connection = document.connection.mode != Mode.SHADOW
    if order.status_id not in CANCELLED or why.reason not in _BY_ITS_STATUS or not is_of_connection:
        return None
    rows = store.refunds(document.order_id) if order.has_refunds else []
    refunds, _unreadable = read_each_refund(rows, minor_digits(order.currency))
    amount = to_settle.of_cancelled(document.connection, order, (refund for refund, _row in refunds))
    return to_settle.rest(document, amount)
