"""Whether an order asks for an invoice at all."""

from datetime import datetime
from zoneinfo import ZoneInfo

from connector.domain.document.states import SkipReason
from connector.domain.order.model import Order
from connector.domain.rules.settings import PostingSettings

# Refunded (4) or in part (14) when first seen: still due, its invoice first and then its credits.
_REFUNDED = frozenset({4, 14})
_TEST_GATEWAY = "test payment gateway"  # test orders carry no flag of their own
_MIGRATED = "m-mig"


_UNDONE = {4: "refunded", 14: "partially refunded", 5: "cancelled", 6: "declined"}


def undone(order: Order) -> str:
    """In a word what was undone of the order after it was sold, "" when nothing was: its invoice needs a credit."""
    return _UNDONE.get(order.status_id, "")


def due(order: Order, settings: PostingSettings, now: datetime) -> SkipReason | None:
    """Why no invoice is due for the order, the most lasting reason first; None when one is."""
    created = order.created.astimezone(ZoneInfo(settings.time_zone)).date()
    reasons = {
        SkipReason.DELETED: order.is_deleted,
        SkipReason.MIGRATED: order.external_source.strip().casefold() == _MIGRATED,
        SkipReason.TEST: not settings.test_orders and order.payment_method.strip().casefold() == _TEST_GATEWAY,
        SkipReason.BEFORE_START: settings.start_date is not None and created < settings.start_date,
        SkipReason.STATUS: order.status_id not in settings.post_statuses | _REFUNDED,
        SkipReason.ZERO: order.total_inc == 0,
    }
    return next((reason for reason, applies in reasons.items() if applies), None)
