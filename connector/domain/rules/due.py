"""Whether an invoice is due for an order."""

from datetime import datetime
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from connector.domain.choices import PostingSettings
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem

# Orders that were refunded (4), or refunded in part (14), before they were first read. Their invoice is still due; the
# credit notes follow.
_REFUNDED = frozenset({4, 14})
_TEST_GATEWAY = "test payment gateway"  # BigCommerce has no flag for test orders
_MIGRATED = "m-mig"
_UNDONE = {4: "refunded", 14: "partially refunded", 5: "cancelled", 6: "declined"}


class Sale(Protocol):
    """What of an order decides whether an invoice is due: the header alone."""

    @property
    def created(self) -> datetime:
        """When it was placed, in UTC."""

    @property
    def status_id(self) -> int:
        """BigCommerce's status."""

    @property
    def status(self) -> str:
        """The status in a word."""

    @property
    def is_deleted(self) -> bool:
        """Whether it was archived."""

    @property
    def external_source(self) -> str:
        """Where it was imported from."""

    @property
    def payment_method(self) -> str:
        """The method's name."""

    @property
    def total_inc(self) -> Decimal:
        """What the customer paid."""

    @property
    def total_tax(self) -> Decimal:
        """The tax in it."""


def undone(order: Sale) -> str:
    """Return in a word how the order was undone after the sale; "" when it was not. Its invoice then needs a credit."""
    return _UNDONE.get(order.status_id, "")


def why_not_due(order: Sale, settings: PostingSettings, now: datetime) -> Problem | None:
    """Return why no invoice is due for the order; None when one is due. The most permanent reason comes first."""
    created = order.created.astimezone(ZoneInfo(settings.time_zone)).date()
    reasons = {
        Code.ARCHIVED: order.is_deleted,
        Code.MIGRATED: order.external_source.strip().casefold() == _MIGRATED,
        Code.TEST_ORDER: not settings.test_orders and order.payment_method.strip().casefold() == _TEST_GATEWAY,
        Code.BEFORE_START: settings.start_date is not None and created < settings.start_date,
        Code.STATUS_NOT_POSTED: order.status_id not in settings.post_statuses | _REFUNDED,
        Code.NOTHING_TO_PAY: order.total_inc == order.total_tax == 0,
    }
    code = next((code for code, applies in reasons.items() if applies), None)
    if code is Code.STATUS_NOT_POSTED:
        return problem(code, status=order.status)
    return Problem(code) if code else None
