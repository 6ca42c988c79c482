"""January as it was compared, for the tests of its page and of its report."""

from datetime import date
from typing import Any

from connector.flow.clock import database_now
from connector.models import Connection, Discrepancy, ReconciliationRun


def a_sum(gross: str, net: str, vat: str, count: int = 1) -> dict[str, Any]:
    """The sum of some documents."""
    return {"count": count, "gross": gross, "net": net, "vat": vat}


def side(gross: str, net: str, vat: str) -> dict[str, Any]:
    """One document of 5 January, in the Netherlands, paid by PayPal, under VAT code 2."""
    whole = a_sum(gross, net, vat)
    parts = {"days": {"2026-01-05": whole}, "countries": {"NL": whole}, "methods": {"PayPal": whole}}
    return {"EUR": {**whole, **parts, "codes": {"2": whole}, "codes_by_country": {"NL": {"2": whole}}}}


def compared(connection: Connection, exact_gross: str = "121.00") -> ReconciliationRun:
    """January as it was compared; Exact's gross may differ."""
    figures = {
        "orders": 1,
        "refunds": 0,
        "documents": 1,
        "buckets": {"posted": {"": 1}},
        "store": side("121.00", "100.00", "21.00"),
        "exact": side(exact_gross, "100.00", "21.00"),
    }
    return ReconciliationRun.objects.create(
        tenant=connection.store.tenant,
        connection=connection,
        division=connection.division,
        first=date(2026, 1, 1),
        last=date(2026, 1, 31),
        zone="Europe/Amsterdam",
        state=ReconciliationRun.State.FINISHED,
        complete=exact_gross == "121.00",
        figures=figures,
        finished_at=database_now(),
    )


def differs(run: ReconciliationRun, **changes: Any) -> Discrepancy:
    """A cent too much in Exact."""
    facts = {
        "kind": "amount",
        "order_id": 1001,
        "reference": "SHOP-1001",
        "expected": "121.00 EUR",
        "remedy": "correct",
        "day": date(2026, 1, 5),
    }
    return Discrepancy.objects.create(run=run, **{**facts, "found": "121.01 EUR", **changes})
