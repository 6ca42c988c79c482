"""The figures of each day, added to in the transaction that makes them true."""

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
    """Return the organisation's day at a moment."""
    return now.astimezone(ZoneInfo(tenant.timezone)).date()


def count(document: OrderSync, changes: Mapping[str, Any]) -> None:
    """Add a change of a document to its day, when it brings the document to a state that is counted.

    Call it last in the transaction of the change. The database adds, so nothing is lost when two count at once; a row
    is made by whoever comes first.
    """
    more = _more(document, changes)
    if not more:
        return
    key = {
        "connection_id": document.connection_id,
        "day": today(document.connection.store.tenant, changes["updated_at"]),
        "currency": changes.get("currency", document.currency),
    }
    added = {name: F(name) + number for name, number in more.items()}
    if not DailyCount.objects.filter(**key).update(**added):
        DailyCount.objects.bulk_create([DailyCount(**key)], ignore_conflicts=True)
        DailyCount.objects.filter(**key).update(**added)


def _more(document: OrderSync, changes: Mapping[str, Any]) -> dict[str, int | Decimal]:
    match changes.get("state"):
        case State.BLOCKED:
            return {"held": 1}
        case State.POSTED:
            name = "credited" if document.kind == DocumentKind.CREDIT else "posted"
            return {name: 1, f"{name}_amount": abs(changes.get("total", document.total) or Decimal(0))}
        case _:
            return {}
