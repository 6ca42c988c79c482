"""What must be true when all is quiet, asked of both sides directly. Each breach is a sentence under a heading."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Model, Q, QuerySet

from connector.domain.states import State
from connector.models import (
    Alert,
    Connection,
    CustomerLink,
    Delivery,
    DirectoryAccount,
    Division,
    ExactGrant,
    OrderSync,
    Store,
    SyncEvent,
)
from connector.sandbox import Sandbox
from connector.sandbox.messages import Call
from tests.faults.report import Breach

# Whether more than five errors an hour fail a run: at Exact's endpoints, and at its token endpoint, where an unclear
# answer is asked for again by each document's own backoff. Where they do not, they are counted and told.
BREAKER_IS_THERE, TOKEN_BREAKER_IS_THERE = True, True
ERRORS_AN_HOUR, CALLS_A_MINUTE = 5, 60
ERRORS = {400, 401, 403, 404}
HOUR = timedelta(hours=1)
# Exact gives no new token before nine and a half minutes.
TOKEN_SECONDS = 570
PRINTED, OPEN = 50, 20
TOKEN = "/api/oauth2/token"


def orders_and_documents(sandbox: Sandbox, connection: Connection, orders: Iterable[int]) -> list[Breach]:
    """One document or one visible exception per order, and the ledger equal to the far side to the cent."""
    rows = defaultdict(list)
    for row in OrderSync.objects.filter(connection=connection, kind="invoice"):
        rows[row.order_id].append(row)
    found = defaultdict(list)
    for invoice in sandbox.exact.invoices(connection.division.code):
        found[str(invoice["YourRef"]).strip().casefold()].append(invoice)
    breaches: list[Breach] = []
    for order in orders:
        reference = f"{connection.store.prefix}-{order}".casefold()
        sold = sandbox.stores.store(connection.store.store_hash).orders[order].order
        breaches += _order(order, sold, rows[order], found[reference], finalize=connection.finalize)
    return breaches


def _order(
    order: int,
    sold: Mapping[str, Any],
    rows: Sequence[OrderSync],
    invoices: Sequence[Mapping[str, Any]],
    *,
    finalize: bool,
) -> list[Breach]:
    if len(rows) != 1:
        return [Breach("lost", f"Order {order} has {len(rows)} rows in the ledger.")]
    (row,) = rows
    if len(invoices) > 1 and not (row.state == State.BLOCKED and row.reason == "duplicate"):
        return [Breach("duplicate", f"Order {order} has {len(invoices)} invoices and is {row.state}.")]
    if row.state not in {State.POSTED, State.BLOCKED, State.SKIPPED}:
        return [Breach("lost", f"Order {order} is left {row.state}: {row.message}")]
    if row.state != State.POSTED:
        return [] if row.message else [Breach("lost", f"Order {order} is {row.state} without a word.")]
    if not invoices:
        return [Breach("lost", f"Order {order} is posted, and Exact does not have it.")]
    return [Breach("difference", f"Order {order}: {text}") for text in _compare(row, sold, invoices[0], finalize)]


def _compare(row: OrderSync, sold: Mapping[str, Any], invoice: Mapping[str, Any], finalize: bool) -> list[str]:
    number = str(invoice.get("InvoiceNumber") or "")
    pairs: list[tuple[str, object, object]] = [
        ("total sold and booked", Decimal(sold["total_inc_tax"]), invoice["AmountFC"]),
        ("VAT sold and booked", Decimal(sold["total_tax"]), invoice["VATAmountFC"]),
        ("total in ledger and Exact", row.total, invoice["AmountFC"]),
        ("id in ledger and Exact", row.exact_id, invoice["InvoiceID"]),
        ("number in ledger and Exact", row.exact_number or number, number),
        ("status meant and had", PRINTED if finalize else OPEN, invoice["Status"]),
    ]
    return [f"{name}: {ours} and {theirs}" for name, ours, theirs in pairs if ours != theirs]


def accounts(sandbox: Sandbox, division: int) -> list[Breach]:
    """No account of ours is there twice."""
    codes = Counter(str(one.get("SearchCode") or "") for one in sandbox.exact.accounts(division))
    return [Breach("duplicate", f"Account {code} is there {n} times.") for code, n in codes.items() if code and n > 1]


def next_steps(connection: Connection) -> list[Breach]:
    """No row without a next step, no delivery unread, nothing of ours broken but what was broken on purpose."""
    stuck = OrderSync.objects.filter(connection=connection).filter(
        Q(state__in=[State.PREPARING, State.POSTING, State.UNCERTAIN])
        | Q(state__in=[State.PENDING, State.WAITING], next_attempt_at=None)
    )
    unread = Delivery.objects.filter(store=connection.store, processed_at=None)
    faults = SyncEvent.objects.filter(tenant=connection.store.tenant, text__contains="inside the connector").exclude(
        text__contains="(Struck)"
    )
    return [
        *(Breach("lost", f"Order {row.order_id} stays {row.state}.") for row in stuck),
        *(Breach("lost", f"The delivery of order {one.order_id} is unread.") for one in unread),
        *(Breach("difference", f"A fault of ours: {event.text}") for event in faults),
    ]


def rows_of(tenant_slug: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of a tenant, to see that none changed."""
    owners: dict[type[Model], str] = {
        Alert: "tenant",
        Connection: "store__tenant",
        CustomerLink: "store__tenant",
        Delivery: "store__tenant",
        DirectoryAccount: "division__grant__tenant",
        Division: "grant__tenant",
        ExactGrant: "tenant",
        OrderSync: "connection__store__tenant",
        Store: "tenant",
        SyncEvent: "tenant",
    }
    return {
        model.__name__: list(_all(model).filter(**{f"{path}__slug": tenant_slug}).order_by("pk").values())
        for model, path in owners.items()
    }


def _all(model: type[Model]) -> QuerySet[Any]:
    return model._base_manager.all()


def limits(calls: Iterable[Call], *, breaker: bool = False) -> list[Breach]:
    """What the sandbox saw: calls a minute and division, and errors an hour and endpoint; with `breaker` at each."""
    minutes: Counter[tuple[str, datetime]] = Counter()
    errors: defaultdict[str, list[datetime]] = defaultdict(list)
    for call in calls:
        division = call.path.split("/")[3] if call.path.startswith("/api/v1/") else ""
        if division:
            minutes[division, call.at.replace(second=0, microsecond=0)] += 1
        if (division or call.path == TOKEN) and call.status in ERRORS:
            errors[f"{call.method} {call.path.partition('(')[0]}"].append(call.at)
    return [
        *(
            Breach("limit", f"{n} calls of division {division} in the minute {minute:%H:%M}.")
            for (division, minute), n in minutes.items()
            if n > CALLS_A_MINUTE
        ),
        *(
            Breach(
                "limit" if breaker or _is_guarded(endpoint) else "no breaker yet",
                f"{n} errors within an hour at {endpoint}.",
            )
            for endpoint, moments in errors.items()
            if (n := most_within_an_hour(moments)) > ERRORS_AN_HOUR
        ),
    ]


def _is_guarded(endpoint: str) -> bool:
    return TOKEN_BREAKER_IS_THERE if endpoint.endswith(TOKEN) else BREAKER_IS_THERE


def most_within_an_hour(moments: Sequence[datetime]) -> int:
    """The highest number of moments that lie within one hour."""
    return max((sum(begin <= other < begin + HOUR for other in moments) for begin in moments), default=0)


def tokens(calls: Iterable[Call]) -> list[Breach]:
    """One token call per expiry. Only for runs in which nothing was done to tokens."""
    asked = [call for call in calls if call.path == TOKEN]
    refused = [Breach("limit", f"A token call was answered {call.status}.") for call in asked if call.status != 200]
    hasty = [
        Breach("limit", f"Two token calls within {(later.at - earlier.at).total_seconds():.0f} s.")
        for earlier, later in pairwise(asked)
        if (later.at - earlier.at).total_seconds() < TOKEN_SECONDS
    ]
    return [*refused, *hasty]
