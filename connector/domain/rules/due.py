"""Whether an order asks for an invoice at all."""

from datetime import datetime
from zoneinfo import ZoneInfo

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
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


def why_not_due(order: Order, settings: PostingSettings, now: datetime) -> Problem | None:
    """Why no invoice is due for the order, the most lasting reason first; None when one is."""
    created = order.created.astimezone(ZoneInfo(settings.time_zone)).date()
    reasons = {
        Code.ARCHIVED: order.is_deleted,
        Code.MIGRATED: order.external_source.strip().casefold() == _MIGRATED,
        Code.TEST_ORDER: not settings.test_orders and order.payment_method.strip().casefold() == _TEST_GATEWAY,
        Code.BEFORE_START: settings.start_date is not None and created < settings.start_date,
        Code.STATUS_NOT_POSTED: order.status_id not in settings.post_statuses | _REFUNDED,
        Code.NOTHING_TO_PAY: order.total_inc == 0,
    }
    code = next((code for code, applies in reasons.items() if applies), None)
    if code is Code.STATUS_NOT_POSTED:
        return problem(code, status=order.status)
    return Problem(code) if code else None
