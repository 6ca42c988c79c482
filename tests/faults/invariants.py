"""What must be true when nothing is due any more. Both sides are read directly. Each breach is one sentence."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection as database
from django.db.models import Model, Q

from connector.domain.document.states import State
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
from connector.sandbox.http.messages import Call
from tests.faults.expected_documents import CENT, Found, Owed, found, owed
from tests.faults.report import Breach

ERRORS_AN_HOUR, CALLS_A_MINUTE = 8, 60
ERRORS = {400, 401, 403, 404}
HOUR = timedelta(hours=1)
# Exact gives no new token before nine and a half minutes.
TOKEN_SECONDS = 570
PRINTED, OPEN = 50, 20
TOKEN = "/api/oauth2/token"


def orders_and_documents(sandbox: Sandbox, connection: Connection, orders: Iterable[int]) -> list[Breach]:
    """One document or one visible exception per order and per refund, and the same amounts in ledger and Exact.

    Exact has nothing else: no document that the ledger does not know, unless it stands beside one that is held as a
    duplicate.
    """
    rows = defaultdict(list)
    known = set()
    for row in OrderSync.objects.filter(connection=connection).defer("order_data", "draft", "exact_data"):
        rows[row.kind, row.order_id, row.sequence].append(row)
        known.add(row.exact_id)
    there = found(sandbox, connection.division.code)
    breaches: list[Breach] = []
    invoice: Sequence[OrderSync] = []
    for one in owed(sandbox, connection, orders):
        ledger, exact = rows.pop((one.kind, one.order_id, one.sequence), []), there.pop(one.reference.casefold(), [])
        if one.kind == "invoice":
            invoice = ledger
        elif not ledger and not exact and any(each.change_pending or each.state != State.POSTED for each in invoice):
            continue  # a person is asked about the refund, or its invoice is not there yet
        breaches += _one(one, ledger, exact, finalize=connection.finalize)
    unexpected = [each for documents in there.values() for each in documents if each.id not in known]
    return [
        *breaches,
        *(Breach("duplicate", f"Nobody asked for {each.reference} of {each.total}.") for each in unexpected),
    ]


def _one(one: Owed, rows: Sequence[OrderSync], exact: Sequence[Found], *, finalize: bool) -> list[Breach]:
    if len(rows) != 1:
        return [Breach("lost", f"{one.name} has {len(rows)} rows in the ledger.")]
    (row,) = rows
    if len(exact) > 1 and not (row.state == State.BLOCKED and row.reason == "duplicate"):
        return [Breach("duplicate", f"{one.name} has {len(exact)} documents and is {row.state}.")]
    if row.state not in {State.POSTED, State.BLOCKED, State.SKIPPED}:
        return [Breach("lost", f"{one.name} is left {row.state}: {row.message}")]
    if row.state != State.POSTED:
        return [] if row.message else [Breach("lost", f"{one.name} is {row.state} without a word.")]
    if not exact:
        return [Breach("lost", f"{one.name} is posted, and Exact does not have it.")]
    return [Breach("difference", f"{one.name}: {text}") for text in _compare(one, row, exact[0], finalize)]


def _compare(one: Owed, row: OrderSync, exact: Found, finalize: bool) -> list[str]:
    pairs: list[tuple[str, object, object]] = [
        ("total owed and booked", one.total, exact.total),
        ("total in ledger and Exact", row.total, exact.total),
        ("id in ledger and Exact", row.exact_id, exact.id),
        ("number in ledger and Exact", row.exact_number or exact.number, exact.number),
        ("type meant and had", one.type, exact.type),
    ]
    if exact.status is not None:
        pairs.append(("status meant and had", PRINTED if finalize else OPEN, exact.status))
    if abs(one.vat - exact.vat) > (0 if one.whole else CENT * exact.lines):
        pairs.append(("VAT owed and booked", one.vat, exact.vat))
    return [f"{name}: {ours} and {theirs}" for name, ours, theirs in pairs if ours != theirs]


def accounts(sandbox: Sandbox, division: int) -> list[Breach]:
    """Exact has none of our accounts twice."""
    codes = Counter(str(one.get("SearchCode") or "") for one in sandbox.exact.accounts(division))
    return [Breach("duplicate", f"Account {code} is there {n} times.") for code, n in codes.items() if code and n > 1]


def next_steps(connection: Connection) -> list[Breach]:
    """Every row has a next step, every delivery is read, and nothing failed except what a test broke."""
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


class Rows:
    """Every row of a tenant, to see whether one changed."""

    OWNERS: Mapping[type[Model], str] = {
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

    def __init__(self, tenant_slug: str) -> None:
        owned = [
            model._base_manager.filter(**{f"{path}__slug": tenant_slug}).order_by("pk").values_list()
            for model, path in self.OWNERS.items()
        ]
        self._queries = [rows.query.sql_with_params() for rows in owned]
        self._before = self._read()

    def changed(self) -> bool:
        """Return whether a row changed."""
        return self._read() != self._before

    def _read(self) -> list[list[tuple[Any, ...]]]:
        found = []
        with database.cursor() as cursor:
            for query in self._queries:
                cursor.execute(*query)
                found.append(cursor.fetchall())
        return found


def limits(calls: Iterable[Call]) -> list[Breach]:
    """At most 60 calls per minute and division, and at most 5 errors per hour and endpoint."""
    minutes: Counter[tuple[str, datetime]] = Counter()
    errors: defaultdict[str, list[datetime]] = defaultdict(list)
    for call in calls:
        division = call.path.split("/")[3] if call.path.startswith("/api/v1/") else ""
        if division:
            minutes[division, call.at.replace(second=0, microsecond=0)] += 1
        if (division or call.path == TOKEN) and call.status in ERRORS:
            errors[call.path.partition("(")[0]].append(call.at)
    return [
        *(
            Breach("limit", f"{n} calls of division {division} in the minute {minute:%H:%M}.")
            for (division, minute), n in minutes.items()
            if n > CALLS_A_MINUTE
        ),
        *(
            Breach("limit", f"{n} errors within an hour at {endpoint}.")
            for endpoint, moments in errors.items()
            if (n := most_within_an_hour(moments)) > ERRORS_AN_HOUR
        ),
    ]


def most_within_an_hour(moments: Sequence[datetime]) -> int:
    """Return the highest number of moments within one hour."""
    return max((sum(begin <= other < begin + HOUR for other in moments) for begin in moments), default=0)


def tokens(calls: Iterable[Call], *, consents: Sequence[datetime] = (), struck: int = 0) -> list[Breach]:
    """There is one token call per expiry, and none is refused.

    A person's consent is a reason for another one; so is a token that Exact refused with 401, and what was `struck`:
    a fault of Exact's at a token call, or one of ours in the midst of it. Each excuses one call, and one refusal more:
    when the answer was lost, the old token is tried once and refused.
    """
    asked: list[Call] = []
    excused = struck
    hasty = refused = 0
    for call in calls:
        if call.path != TOKEN:
            excused += call.status == 401
            continue
        refused += call.status != 200
        if asked and not _is_due(asked[-1].at, call.at, consents):
            hasty += 1
        asked.append(call)
    return [
        *([Breach("limit", f"{hasty} token calls before their time, {excused} excused.")] if hasty > excused else []),
        *([Breach("limit", f"{refused} token calls refused, {excused} excused.")] if refused > 2 * excused else []),
    ]


def _is_due(before: datetime, now: datetime, consents: Sequence[datetime]) -> bool:
    return (now - before).total_seconds() >= TOKEN_SECONDS or any(before <= consent <= now for consent in consents)
