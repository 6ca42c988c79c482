"""Call budgets: asked before every call, corrected by every answer. What is used up closes the lane, not the order.

Exact counts calls a minute and a day per app and division, BigCommerce in windows of 30 seconds per store, shared by
all apps. Windows are kept in the database, in its time; how long one still lasts is told by the vendor's own clock.
Facts: Exact's API limits; BigCommerce reference "API rate limits".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection as database
from django.db import transaction
from django.db.models import Model, QuerySet

from connector.clients.errors import RateLimited
from connector.clients.transport import Call, Limits
from connector.domain.timing.call_window import Window, backoff, current, end_of_day, end_of_minute
from connector.flow.clock import database_now
from connector.flow.outbound import circuit_breaker
from connector.models import Division, Store
from tenants.models import Tenant

Row = TypeVar("Row", bound=Model)

# What is never used: the rest is for people and other apps.
KEPT = Decimal("0.1")
# Of the day's calls, this share is for live orders alone: bulk re-posts and backfill stop there.
LIVE_SHARE = Decimal("0.25")
# A lane takes no further order when the minute has not this many calls left for it: look, create, print.
CALLS_PER_ORDER = 3
# Until an answer says otherwise.
MINUTE_LIMIT, DAY_LIMIT, STORE_LIMIT = 60, 5000, 150
MINUTE, DAY, STORE_WINDOW = timedelta(minutes=1), timedelta(days=1), timedelta(seconds=30)
# After a refusal that does not say how long.
FIRST_WAIT_EXACT, FIRST_WAIT_STORE = timedelta(minutes=1), timedelta(seconds=10)
TOKENS = "oauth2/token"  # not a call to a division: it has a limit of its own
REFUSED = 429


def minute_of(division: Division, now: datetime) -> Window:
    """Return the division's minute as it stands now."""
    limit = division.minute_calls_limit or MINUTE_LIMIT
    known = division.minute_ends_at and Window(limit, division.minute_calls_left or 0, division.minute_ends_at)
    return current(known or None, now, limit, end_of_minute(now))


def day_of(division: Division, now: datetime) -> Window:
    """Return the division's day as it stands now."""
    limit = division.day_calls_limit or DAY_LIMIT
    known = division.day_ends_at and Window(limit, division.day_calls_left or 0, division.day_ends_at)
    return current(known or None, now, limit, end_of_day(now))


def window_of(store: Store, now: datetime) -> Window:
    """Return the store's window of 30 seconds as it stands now."""
    limit = store.calls_limit or STORE_LIMIT
    known = store.calls_end_at and Window(limit, store.calls_left or 0, store.calls_end_at)
    return current(known or None, now, limit, now + STORE_WINDOW)


def only_live(division: Division, now: datetime) -> bool:
    """Whether what is left of the day is for live orders."""
    return not day_of(division, now).allows(LIVE_SHARE, CALLS_PER_ORDER)


def left_for_later(division: Division, now: datetime) -> int:
    """Return how many calls of the day bulk re-posts and backfill may still take."""
    day = day_of(division, now)
    return max(int(day.left - day.limit * LIVE_SHARE), 0)


@dataclass(slots=True)
class ExactGate:
    """Stands before every call to a division. `low_priority` says whether the work at hand may wait for live orders."""

    division_id: int
    low_priority: Callable[[], bool] = lambda: False

    def before(self, endpoint: str) -> None:
        """Take a call from the budget. Raises RateLimited, with `until` in database time, and then nothing is taken."""
        with transaction.atomic():
            now = database_now()
            division = _locked(Division.objects.filter(pk=self.division_id))
            minute, day = minute_of(division, now), day_of(division, now)
            _require_calls(
                minute, KEPT, "minute", f"Division {division.code} has used its calls of this minute", endpoint
            )
            _require_calls(day, Decimal(0), "day", f"Division {division.code} has used its calls of the day", endpoint)
            if self.low_priority():
                text = f"What is left of the day's calls of division {division.code} is kept for live orders"
                _require_calls(day, LIVE_SHARE, "later", text, endpoint)
            circuit_breaker.require_open(division, endpoint, now)
            _save(division, minute.after_a_call(), day.after_a_call(), now)

    def after(self, call: Call) -> None:
        """Take note of what the answer told, and close the lane where a budget is used up."""
        if call.upstream != "exact" or call.endpoint == TOKENS:
            return
        with transaction.atomic():
            now = database_now()
            division = _locked(Division.objects.filter(pk=self.division_id))
            minute, day = _told(division, call.limits or Limits(), now)
            refused = division.refused_times + 1 if call.status == REFUSED else 0
            if refused and minute.left > 0 and day.left > 0:
                minute = minute.empty(now + backoff(refused, FIRST_WAIT_EXACT))
            ends = [minute.ends_at] if not minute.allows(KEPT, CALLS_PER_ORDER) else []
            ends += [day.ends_at] if day.left <= 0 else []
            closed = {"closed_until": max(ends)} if ends else {}
            _save(division, minute, day, now, refused_times=refused, **closed)
            closed_endpoint = circuit_breaker.count(division, call, now)
        if closed_endpoint:
            circuit_breaker.tell(closed_endpoint)


@dataclass(slots=True)
class StoreGate:
    """Stands before every call to a store."""

    store_id: int

    def before(self, endpoint: str) -> None:
        """Take a call from the quota. Raises RateLimited, with `until` in database time."""
        with transaction.atomic():
            now = database_now()
            store = _locked(_quota_of(self.store_id))
            window = window_of(store, now)
            _require_calls(window, KEPT, "", f"The calls of store {store.store_hash} are used up for now", endpoint)
            _save_store(store, window.after_a_call())

    def after(self, call: Call) -> None:
        """Take note of what the answer told: other apps of the store use its quota too."""
        with transaction.atomic():
            now = database_now()
            store = _locked(_quota_of(self.store_id))
            refused = store.refused_times + 1 if call.status == REFUSED else 0
            window = _told_by_store(window_of(store, now), call, now, refused)
            closed = {} if window.allows(KEPT) else {"closed_until": window.ends_at}
            _save_store(store, window, refused_times=refused, **closed)


class NewDivisionGate:
    """Counts for a division that has no row yet, while it is being provisioned."""

    def __init__(self) -> None:
        self.minute: Window | None = None

    def before(self, endpoint: str) -> None:
        """Take a call from the minute. Raises RateLimited."""
        now = database_now()
        minute = current(self.minute, now, MINUTE_LIMIT, end_of_minute(now))
        _require_calls(minute, KEPT, "minute", "The division has used its calls of this minute", endpoint)
        self.minute = minute.after_a_call()

    def after(self, call: Call) -> None:
        """Take note of what the answer told."""
        if self.minute and call.limits:
            limits, now = call.limits, database_now()
            self.minute = self.minute.corrected(
                limits.minute_limit, limits.minute_left, _end(limits.minute_reset, limits, now, MINUTE)
            )


class NewStoreGate:
    """Counts for a store that has no row yet, or for a token that is not saved; begins with `window` where known."""

    def __init__(self, window: Window | None = None) -> None:
        self.window = window
        self.refused_times = 0

    def before(self, endpoint: str) -> None:
        """Take a call from the quota. Raises RateLimited."""
        now = database_now()
        window = current(self.window, now, STORE_LIMIT, now + STORE_WINDOW)
        _require_calls(window, KEPT, "", "The calls of this store are used up for now", endpoint)
        self.window = window.after_a_call()

    def after(self, call: Call) -> None:
        """Take note of what the answer told."""
        self.refused_times = self.refused_times + 1 if call.status == REFUSED else 0
        if self.window:
            self.window = _told_by_store(self.window, call, database_now(), self.refused_times)


def trial_gate(tenant: Tenant | None, store_hash: str) -> NewStoreGate:
    """Return the gate for a token that is not saved: it locks no row, and starts from what the tenant's store has left.

    The person who saves a page waits inside a transaction, in which a locked row would stop the lanes.
    """
    known = Store.objects.only("calls_left", "calls_limit", "calls_end_at")
    row = known.filter(tenant=tenant, store_hash=store_hash).first() if tenant else None
    return NewStoreGate(window_of(row, database_now()) if row else None)


def gate_of(region: str, code: int) -> ExactGate | NewDivisionGate:
    """Return the gate of a division that may have no row yet."""
    known = Division.objects.filter(region=region, code=code).values_list("pk", flat=True).first()
    return NewDivisionGate() if known is None else ExactGate(known)


def _require_calls(window: Window, kept: Decimal, scope: str, text: str, endpoint: str) -> None:
    if not window.allows(kept):
        raise RateLimited(text, until=window.ends_at, scope=scope, endpoint=endpoint)


def _told(division: Division, limits: Limits, now: datetime) -> tuple[Window, Window]:
    minute = minute_of(division, now).corrected(
        limits.minute_limit, limits.minute_left, _end(limits.minute_reset, limits, now, MINUTE)
    )
    day = day_of(division, now).corrected(limits.day_limit, limits.day_left, _end(limits.day_reset, limits, now, DAY))
    return minute, day


def _told_by_store(window: Window, call: Call, now: datetime, refused: int) -> Window:
    """The store's window after an answer; `refused` counts the refusals in a row, this one included."""
    limits = call.limits or Limits()
    lasts = None if limits.reset_ms is None else timedelta(milliseconds=min(limits.reset_ms, 86_400_000))
    ends_at = None if lasts is None else now + lasts
    window = window.corrected(limits.quota, limits.left, ends_at)
    return window.empty(ends_at or now + backoff(refused, FIRST_WAIT_STORE)) if refused else window


def _end(reset: datetime | None, limits: Limits, now: datetime, longest: timedelta) -> datetime | None:
    """When a window ends in database time: the vendor's clock tells how long it lasts, ours when that is."""
    if reset is None:
        return None
    lasts = reset - (limits.answered_at or now)
    return now + min(max(lasts, timedelta(seconds=1)), longest)


def _quota_of(store_id: int) -> QuerySet[Store]:
    """The store without its credentials: they do not matter here."""
    return Store.objects.filter(pk=store_id).only(
        "store_hash", "calls_left", "calls_limit", "calls_end_at", "refused_times"
    )


def _locked(rows: "QuerySet[Row, Row]") -> Row:
    """The row, ours until the transaction ends (SQLite: the whole database is)."""
    if database.vendor == "postgresql":
        rows = rows.select_for_update(of=("self",))
    return rows.get()


def _save(division: Division, minute: Window, day: Window, now: datetime, **more: Any) -> None:
    Division.objects.filter(pk=division.pk).update(
        minute_calls_left=minute.left,
        minute_calls_limit=minute.limit,
        minute_ends_at=minute.ends_at,
        day_calls_left=day.left,
        day_calls_limit=day.limit,
        day_ends_at=day.ends_at,
        day_calls_read_at=now,
        **more,
    )


def _save_store(store: Store, window: Window, **more: Any) -> None:
    Store.objects.filter(pk=store.pk).update(
        calls_left=window.left, calls_limit=window.limit, calls_end_at=window.ends_at, **more
    )
