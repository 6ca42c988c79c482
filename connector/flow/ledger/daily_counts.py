"""The figures of each day. They are counted in the transaction of the change that they count.

Posted and credited are invoices and credit notes, so that their difference is what was sold. A receipt is money that
came in for an invoice, which counts already; it counts only when it is held.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F

from connector.domain.choices import DocumentKind
from connector.domain.document.states import State
from connector.models import DailyCount, OrderSync
from tenants.models import Tenant


def today(tenant: Tenant, now: datetime) -> date:
    """Return the day of a moment in the organisation's time zone."""
    return now.astimezone(ZoneInfo(tenant.timezone)).date()


def count(document: OrderSync, changes: Mapping[str, Any]) -> None:
    """Count a change of a document to posted or blocked. Call it last in the transaction of the change.

    The database adds, so nothing is lost when two processes count at once. The first of them makes the row.
    """
    more = _counts_of(document, changes)
    if not more:
        return
    key = {
        "connection_id": document.connection_id,
        "day": today(document.connection.store.tenant, _counted_at(document, changes)),
        "currency": changes.get("currency", document.currency),
    }
    added = {name: F(name) + number for name, number in more.items()}
    if not DailyCount.objects.filter(**key).update(**added):
        DailyCount.objects.bulk_create([DailyCount(**key)], ignore_conflicts=True)
        DailyCount.objects.filter(**key).update(**added)


def _counted_at(document: OrderSync, changes: Mapping[str, Any]) -> datetime:
    """Return the moment of the change. A document that leaves Exact is taken from the day on which it was posted."""
    leaves = document.state == State.POSTED and changes["state"] == State.SKIPPED
    return (leaves and document.posted_at) or changes["updated_at"]


def _counts_of(document: OrderSync, changes: Mapping[str, Any]) -> dict[str, int | Decimal]:
    match changes.get("state"):
        case State.BLOCKED:
            return {"held": 1}
        case State.SKIPPED if document.state == State.POSTED:  # it was taken out of Exact again
            return {"posted": -1, "posted_amount": -(document.total or Decimal(0))}
        case State.POSTED if document.kind != DocumentKind.RECEIPT:
            name = "credited" if document.kind == DocumentKind.CREDIT else "posted"
            return {name: 1, f"{name}_amount": abs(changes.get("total", document.total) or Decimal(0))}
        case _:
            return {}
