"""The numbers of the first page. Each comes from the daily counts or from a limited number of rows."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.domain.document.states import State
from connector.domain.money import tidy
from connector.models import Connection, DailyCount, Delivery, OrderSync, RefusedDeliveries, Store
from connector.models.amounts import written
from connector.models.document_words import STATE_NAMES
from tenants.models import Tenant

CAP = 1000  # a larger number is shown as "1000+"
DAYS_SHOWN = 30
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
ON_THE_WAY = [State.PENDING, State.WAITING, State.UNCERTAIN, State.AWAITING_APPROVAL]
OF_STORE = ("store__name", "store__store_hash", "store__state")
OF_DIVISION = (
    "division__code",
    "division__name",
    "division__region",
    "division__grant__name",
    "division__grant__state",
)
COLOURS = {"posted": "var(--color-primary-600)", "credited": "var(--color-primary-300)", "held": "var(--color-red-500)"}
BAR_NAMES = {"posted": _("posted"), "credited": _("credited"), "held": _("held")}
REFUSED_FOR = {
    400: _("not of BigCommerce's shape"),
    401: _("without our secret and without a right signature"),
    405: _("not a POST"),
    413: _("too large"),
    415: _("not JSON"),
    503: _("the database was not available; the store sends it again"),
}
CHART_OPTIONS = json.dumps(
    {
        "animation": False,
        "maintainAspectRatio": False,
        "scales": {
            "x": {"stacked": True, "grid": {"display": False}},
            "y": {"stacked": True, "ticks": {"precision": 0}},
        },
        "plugins": {"legend": {"align": "end", "labels": {"boxHeight": 8, "boxWidth": 8}}},
    }
)

Counts = dict[State, Counter[int]]


def counts(connections: Collection[int]) -> Counts:
    """Count the documents in each state by connection. It counts at most CAP + 1 documents in a state."""
    rows = OrderSync.objects.filter(connection__in=connections).order_by()
    return {state: Counter(rows.filter(state=state).values_list("connection", flat=True)[: CAP + 1]) for state in State}


def capped(number: int) -> str:
    """Write a count: `1000+` when it is above CAP."""
    return f"{CAP}+" if number > CAP else str(number)


def ledger_url(**filters: object) -> str:
    """Return the address of the ledger with filters, such as state="blocked"."""
    query = "&".join(f"{name}__exact={value}" for name, value in filters.items())
    return f"{reverse('admin:connector_ordersync_changelist')}?{query}"


def tiles(found: Counts) -> list[dict[str, str]]:
    """Return each state with its number and the address of its list."""
    return [
        {
            "name": str(STATE_NAMES[state]),
            "number": capped(found[state].total()),
            "url": ledger_url(state=state),
        }
        for state in State
    ]


def oldest(connections: Iterable[Connection]) -> OrderSync | None:
    """Return the document that is in work for the longest time. The connections come from `connected`."""
    firsts = [getattr(connection, f"first_{state}") for connection in connections for state in ON_THE_WAY]
    first = min((pk for pk in firsts if pk), default=None)
    return OrderSync.objects.filter(pk=first).only("order_id", "kind", "created_at").first() if first else None


def connected(tenant: Tenant) -> list[Connection]:
    """Return the connections, each with its oldest document in work. An index makes this fast."""
    rows = OrderSync.objects.filter(connection=OuterRef("pk")).order_by("id").values("id")
    return list(
        Connection.objects.filter(store__tenant=tenant)
        .select_related("store", "division__grant")
        .only("mode", "paused_mode", *OF_STORE, *OF_DIVISION)
        .annotate(**{f"first_{state}": Subquery(rows.filter(state=state)[:1]) for state in ON_THE_WAY})
        .order_by("store__name", "id")
    )


def by_day(connections: Collection[int], today: date) -> list[Any]:
    """Return the daily figures by currency, for the last thirty days and at least for this month."""
    since = min(today.replace(day=1), today - A_DAY * (DAYS_SHOWN - 1))
    sums = {name: Sum(name) for name in ("posted", "credited", "held", "posted_amount", "credited_amount")}
    rows = DailyCount.objects.filter(connection__in=connections, day__gte=since)
    return list(rows.values("day", "currency").order_by("day", "currency").annotate(**sums))


def chart(days: Iterable[Mapping[str, Any]], today: date) -> str:
    """Return the last thirty days as JSON for Unfold's bar chart; "" when there are no figures."""
    shown = [today - A_DAY * back for back in reversed(range(DAYS_SHOWN))]
    bars: dict[str, Counter[date]] = {name: Counter() for name in COLOURS}
    for row in days:
        for name, bar in bars.items():
            bar[row["day"]] += row[name]
    if not any(bar[day] for bar in bars.values() for day in shown):
        return ""
    sets = [
        {
            "label": str(BAR_NAMES[name]),
            "data": [bars[name][day] for day in shown],
            "backgroundColor": colour,
            "maxBarThickness": 24,
        }
        for name, colour in COLOURS.items()
    ]
    return json.dumps({"labels": [date_format(day, "d M") for day in shown], "datasets": sets})


def money(days: Iterable[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    """Return for each currency the sums of today and this month, with credits deducted, and the month's documents."""
    found: dict[str, dict[str, Decimal]] = {}
    for row in days:
        if not row["currency"] or row["day"] < today.replace(day=1):
            continue
        of = found.setdefault(row["currency"], dict.fromkeys(("today", "month", "invoices", "credits"), Decimal(0)))
        net = row["posted_amount"] - row["credited_amount"]
        of["month"] += net
        of["today"] += net if row["day"] == today else 0
        of["invoices"] += row["posted"]
        of["credits"] += row["credited"]
    return [
        {"currency": currency, **{name: written(tidy(of[name], 2)) for name in ("today", "month")}}
        | {name: int(of[name]) for name in ("invoices", "credits")}
        for currency, of in sorted(found.items())
    ]


def webhooks(stores: Iterable[Store], now: datetime) -> list[dict[str, Any]]:
    """Return the deliveries of each store in the last 24 hours."""
    delivered = {
        row["store"]: row
        for row in Delivery.objects.filter(store__in=[store.pk for store in stores], received_at__gte=now - A_DAY)
        .exclude(proof=Delivery.Proof.POLL)
        .order_by()
        .values("store")
        .annotate(
            accepted=Count("pk"),
            confirmed=Count("pk", filter=Q(signature=Delivery.Signature.CONFIRMED)),
            failed=Count("pk", filter=Q(signature=Delivery.Signature.FAILED)),
        )
    }
    refused = _refused(stores, now)
    return [
        {"store": store, "refused": refused.get(store.pk, []), **_signed(delivered.get(store.pk, {}))}
        for store in stores
    ]


def _signed(row: Mapping[str, Any]) -> dict[str, Any]:
    if row.get("confirmed"):
        signature = gettext("signature confirmed")
    else:
        signature = gettext("signature not confirmed") if row.get("failed") else gettext("no signature")
    return {"accepted": row.get("accepted", 0), "signature": signature if row else ""}


def _refused(stores: Iterable[Store], now: datetime) -> dict[int, list[dict[str, Any]]]:
    """Return the refusals by store and status. A row is an hour, so the first may begin a little earlier."""
    rows = RefusedDeliveries.objects.filter(store__in=[store.pk for store in stores], hour__gt=now - A_DAY - AN_HOUR)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows.values("store", "status").order_by("store", "status").annotate(number=Sum("count")):
        found.setdefault(row["store"], []).append({**row, "why": REFUSED_FOR.get(row["status"], "")})
    return found
