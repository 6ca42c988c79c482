from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.domain.document.states import SkipReason
from connector.domain.rules.due import why_not_due
from tests.domain.books import plain_order, read_books

NOW = datetime(2026, 3, 4, tzinfo=UTC)
SETTINGS = replace(read_books({}).settings, start_date=date(2026, 1, 1))


def reason(settings: dict[str, Any] | None = None, **order: Any) -> object:
    why = why_not_due(replace(plain_order(), **order), replace(SETTINGS, **settings or {}), NOW)
    return why and why.reason


@pytest.mark.parametrize("status", [2, 3, 8, 9, 10, 11, 4, 14])
def test_paid_and_refunded_orders_are_due(status: int) -> None:
    assert reason(status_id=status) is None


@pytest.mark.parametrize("status", [0, 1, 5, 6, 7, 12, 13])
def test_other_statuses_are_not(status: int) -> None:
    assert reason(status_id=status) is SkipReason.STATUS


def test_unpaid_orders_are_a_choice() -> None:
    assert reason({"post_statuses": frozenset({7})}, status_id=7) is None


def test_the_start_date_is_a_day_of_the_store() -> None:
    # Half past eleven in the evening of 31 December in UTC is New Year's Day in Amsterdam.
    assert reason(created=datetime(2025, 12, 31, 23, 30, tzinfo=UTC)) is None
    assert reason(created=datetime(2025, 12, 31, 22, 30, tzinfo=UTC)) is SkipReason.BEFORE_START
    assert reason({"start_date": None}, created=datetime(2020, 1, 1, tzinfo=UTC)) is None


def test_test_orders_are_skipped_unless_wanted() -> None:
    assert reason(payment_method="Test Payment Gateway") is SkipReason.TEST
    assert reason({"test_orders": True}, payment_method="Test Payment Gateway") is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"external_source": "M-MIG"}, SkipReason.MIGRATED),
        ({"is_deleted": True}, SkipReason.DELETED),
        ({"total_inc": Decimal("0.00"), "total_tax": Decimal("0.00")}, SkipReason.ZERO),
        ({"total_inc": Decimal(0), "status_id": 0}, SkipReason.STATUS),
        ({"is_deleted": True, "status_id": 5}, SkipReason.DELETED),
    ],
)
def test_the_most_lasting_reason_is_given(changes: dict[str, Any], expected: SkipReason) -> None:
    assert reason(**changes) is expected


def test_an_exchange_with_vat_left_over_is_no_order_of_nothing() -> None:
    """Goods at 21 % for goods at 9 %, evenly: the translation says that it is a return."""
    assert reason(total_inc=Decimal(0), total_tax=Decimal("2.20")) is None
