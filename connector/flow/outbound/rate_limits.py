"""Call budgets. Each call takes one from a budget first, and each answer corrects it. An empty budget closes the lane.

Exact counts calls per minute and per day, for each app and division. BigCommerce counts in windows of 30 seconds for
each store, over all apps. The windows are kept in database time. A vendor's answer says how long its window still
lasts, by the vendor's clock.
Facts: Exact's API limits; BigCommerce reference "API rate limits".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection as database
from django.db import transaction
from django.db.models import Model, QuerySet

from connector.clients.errors import RateLimited
from connector.clients.transport import Call, Limits, Upstream
from connector.clients.wording import marked as _
from connector.domain.timing.call_window import Window, backoff, current, end_of_day, end_of_minute
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.outbound import circuit_breaker, one_statement
from connector.flow.outbound.one_statement import Written
from connector.models import Division, OrderSync, Store
from tenants.models import Tenant

Row = TypeVar("Row", bound=Model)

# The share of calls that is never used; it is for people and other apps.
KEPT = Decimal("0.1")
# The share of the day's calls that only live orders may use: bulk re-posts and backfill stop there.
LIVE_SHARE = Decimal("0.25")
# A lane takes no further order when the minute has fewer calls left than an order needs: look, create, print.
CALLS_PER_ORDER = 3
# The limits that hold until an answer says otherwise.
MINUTE_LIMIT, DAY_LIMIT, STORE_LIMIT = 60, 5000, 150
MINUTE, DAY, STORE_WINDOW = timedelta(minutes=1), timedelta(days=1), timedelta(seconds=30)
# The first wait after a refusal that does not say how long to wait.
FIRST_WAIT_EXACT, FIRST_WAIT_STORE = timedelta(minutes=1), timedelta(seconds=10)
# The columns that are read before a call. The lock of the row keeps them.
_BUDGET = [
    "code",
    "minute_calls_left",
    "minute_calls_limit",
    "minute_ends_at",
    "day_calls_left",
    "day_calls_limit",
    "day_ends_at",
    "refused_times",
]
TOKENS = "oauth2/token"  # no call to a division; it has a limit of its own
REFUSED = 429


def minute_of(division: Division, now: datetime) -> Window:
    """Return the division's current minute window."""
    limit = division.minute_calls_limit or MINUTE_LIMIT
    known = division.minute_ends_at and Window(limit, division.minute_calls_left or 0, division.minute_ends_at)
    return current(known or None, now, limit, end_of_minute(now))


def day_of(division: Division, now: datetime) -> Window:
    """Return the division's current day window."""
    limit = division.day_calls_limit or DAY_LIMIT
    known = division.day_ends_at and Window(limit, division.day_calls_left or 0, division.day_ends_at)
    return current(known or None, now, limit, end_of_day(now))


def window_of(store: Store, now: datetime) -> Window:
    """Return the store's current window of 30 seconds."""
    limit = store.calls_limit or STORE_LIMIT
    known = store.calls_end_at and Window(limit, store.calls_left or 0, store.calls_end_at)
    return current(known or None, now, limit, now + STORE_WINDOW)


def is_for_live_orders_only(division: Division, now: datetime) -> bool:
    """Whether the rest of the day's calls is for live orders only."""
    return not day_of(division, now).allows(LIVE_SHARE, CALLS_PER_ORDER)


def calls_for_low_priority(division: Division, now: datetime) -> int:
    """Return how many calls of the day bulk re-posts and backfill may still use."""
    day = day_of(division, now)
    return max(int(day.left - day.limit * LIVE_SHARE), 0)


@dataclass(slots=True)
class ExactGate:
    """Checks every call to a division. `low_priority` says whether the present work may wait for live orders."""

    division_id: int
    low_priority: Callable[[], bool] = lambda: False
    lease: leases.Lease | None = None
    written: Written | None = None  # as this process wrote the row last, or read it under the lease
    _taken: "_Taken | None" = None
    _said: tuple[Window, Window] | None = None  # what an answer said since, not written yet

    def before(self, endpoint: str, document: OrderSync | None = None, *, writes: bool = False) -> None:
        """Take a call from the budget. `document` is what it is made for, `writes` whether it changes anything.

        The same statement renews the lane's lease. Raises RateLimited (with `until` in database time) when the budget
        is empty, EndpointClosed when the endpoint is closed, and LeaseLost when another worker has the lane. Then
        nothing is taken.
        """
        now = database_now()
        beside = circuit_breaker.is_of_customers(endpoint, document, writes=writes)  # looks at two endpoints' rows
        if beside or not self._take_at_once(endpoint, now, document):
            self._look_and_take(endpoint, now, document, writes)
        self._said = None

    def _take_at_once(self, endpoint: str, now: datetime, document: OrderSync | None) -> bool:
        """Take a call with one statement. Return whether that was possible."""
        written, said = self.written, self._said
        if self.lease is None or written is None:
            return False
        minute, day = said or (written.minute, written.day)
        minute = current(minute, now, minute.limit, end_of_minute(now))
        day = current(day, now, day.limit, end_of_day(now))
        if not (minute.allows(KEPT) and day.allows(LIVE_SHARE if self.low_priority() else Decimal(0))):
            return False
        wanted = Written(minute.after_a_call(), day.after_a_call(), now)
        name, number = circuit_breaker.name_of(endpoint), document.pk if document is not None else None
        if not one_statement.take_of_division(self.lease, written, wanted, name, number):
            return False
        self.written, self._taken = wanted, _Taken(wanted.minute, wanted.day, quiet=True)
        return True

    def _look_and_take(self, endpoint: str, now: datetime, document: OrderSync | None, writes: bool) -> None:
        """Take a call under the row's lock. Raises the errors of `before`."""
        self.written = None
        with transaction.atomic():
            division = _locked(Division.objects.filter(pk=self.division_id).only(*_BUDGET))
            minute, day = minute_of(division, now), day_of(division, now)
            if self._said is not None:
                minute, day = (ours.lower(said) for ours, said in zip((minute, day), self._said, strict=True))
            code = division.code
            text = _("Division %(code)s has used its calls of this minute")
            _require_calls(minute, KEPT, "minute", endpoint, text, code=code)
            text = _("Division %(code)s has used its calls of the day")
            _require_calls(day, Decimal(0), "day", endpoint, text, code=code)
            if self.low_priority():
                text = _("What is left of the day's calls of division %(code)s is kept for live orders")
                _require_calls(day, LIVE_SHARE, "later", endpoint, text, code=code)
            counts = circuit_breaker.require_open(division, endpoint, now, document, writes=writes)
            minute, day = minute.after_a_call(), day.after_a_call()
            _take(division, minute, day, now, self.lease)
        self._taken = _Taken(minute, day, quiet=division.refused_times == 0 and not counts)
        self.written = Written(minute, day, now)

    def after(self, call: Call, document: OrderSync | None = None) -> bool:
        """Correct the budget by an answer, and close the lane when the budget is empty.

        Return whether other documents than this were just refused for the same cause. An answer that says what `before`
        has written changes nothing. What it says otherwise of the windows, a lane writes with its next call.
        """
        if call.upstream != Upstream.EXACT or call.endpoint == TOKENS or self._was_expected(call):
            return False
        self.written = self._said = None
        with transaction.atomic():
            now = database_now()
            division = _locked(Division.objects.filter(pk=self.division_id))
            minute, day = _corrected(minute_of(division, now), day_of(division, now), call.limits or Limits(), now)
            refused = division.refused_times + 1 if call.status == REFUSED else 0
            if refused and minute.left > 0 and day.left > 0:
                minute = minute.empty(now + backoff(refused, FIRST_WAIT_EXACT))
            ends = [minute.ends_at] if not minute.allows(KEPT, CALLS_PER_ORDER) else []
            ends += [day.ends_at] if day.left <= 0 else []
            more = {"refused_times": refused, **({"closed_until": max(ends)} if ends else {})}
            _save(division, minute, day, now, more)
            counted = circuit_breaker.count(division, call, now, document)
        self.written = Written(minute, day, now)
        if counted.closed is not None:
            circuit_breaker.tell(counted.closed)
        return counted.shared

    def _was_expected(self, call: Call) -> bool:
        taken, self._taken = self._taken, None
        if taken is None or not taken.quiet or not _went_well(call):
            return False
        minute, day = _corrected(taken.minute, taken.day, call.limits or Limits(), database_now())
        if not minute.allows(KEPT, CALLS_PER_ORDER) or day.left <= 0:
            return False
        same = minute.says_the_same_as(taken.minute) and day.says_the_same_as(taken.day)
        if not same and self.written is not None and self.lease is not None:
            self._said = minute, day
            return True
        return same


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was written before a call. `quiet`: nothing was refused before that a good answer would make good."""

    minute: Window
    day: Window
    quiet: bool


@dataclass(slots=True)
class StoreGate:
    """Checks every call to a store."""

    store_id: int
    written: Window | None = None  # as this process wrote the row last, or read it
    _taken: Window | None = None

    def before(self, endpoint: str) -> None:
        """Take a call from the quota. Raises RateLimited (with `until` in database time) when the quota is empty."""
        now, written = database_now(), self.written
        if written is not None:
            window = current(written, now, written.limit, now + STORE_WINDOW)
            taken = window.after_a_call()
            if window.allows(KEPT) and one_statement.take_of_store(self.store_id, written, taken):
                self._taken = self.written = taken
                return
        self._look_and_take(endpoint, now)

    def _look_and_take(self, endpoint: str, now: datetime) -> None:
        """Take a call under the row's lock. Raises RateLimited when the quota is empty."""
        with transaction.atomic():
            store = _locked(_quota_of(self.store_id))
            window = window_of(store, now)
            text = _("The calls of store %(store)s are used up for now")
            _require_calls(window, KEPT, "", endpoint, text, store=store.store_hash)
            window = window.after_a_call()
            _save_store(store, window)
        self._taken = window if store.refused_times == 0 else None
        self.written = window

    def after(self, call: Call) -> None:
        """Correct the quota by an answer: other apps of the store use it too.

        An answer that says what `before` has written changes nothing.
        """
        if self._was_expected(call):
            return
        with transaction.atomic():
            now = database_now()
            store = _locked(_quota_of(self.store_id))
            refused = store.refused_times + 1 if call.status == REFUSED else 0
            window = _corrected_by_store(window_of(store, now), call, now, refused)
            closed = {} if window.allows(KEPT) else {"closed_until": window.ends_at}
            _save_store(store, window, refused_times=refused, **closed)
        self.written = window

    def _was_expected(self, call: Call) -> bool:
        taken, self._taken = self._taken, None
        if taken is None or not _went_well(call):
            return False
        window = _corrected_by_store(taken, call, database_now(), refused=0)
        return window.allows(KEPT) and window.says_the_same_as(taken)


class NewDivisionGate:
    """Checks the calls to a division that has no row yet, while it is provisioned."""

    def __init__(self) -> None:
        self.minute: Window | None = None

    def before(self, endpoint: str) -> None:
        """Take a call from the minute. Raises RateLimited when the minute is empty."""
        now = database_now()
        minute = current(self.minute, now, MINUTE_LIMIT, end_of_minute(now))
        _require_calls(minute, KEPT, "minute", endpoint, _("The division has used its calls of this minute"))
        self.minute = minute.after_a_call()

    def after(self, call: Call) -> None:
        """Correct the window by an answer."""
        if self.minute and call.limits:
            limits, now = call.limits, database_now()
            self.minute = self.minute.corrected(
                limits.minute_limit, limits.minute_left, _end(limits.minute_reset, limits, now, MINUTE)
            )


class NewStoreGate:
    """Checks the calls to a store that has no row yet, or with a token that is not saved. `window` is the known one."""

    def __init__(self, window: Window | None = None) -> None:
        self.window = window
        self.refused_times = 0

    def before(self, endpoint: str) -> None:
        """Take a call from the quota. Raises RateLimited when the quota is empty."""
        now = database_now()
        window = current(self.window, now, STORE_LIMIT, now + STORE_WINDOW)
        _require_calls(window, KEPT, "", endpoint, _("The calls of this store are used up for now"))
        self.window = window.after_a_call()

    def after(self, call: Call) -> None:
        """Correct the window by an answer."""
        self.refused_times = self.refused_times + 1 if call.status == REFUSED else 0
        if self.window:
            self.window = _corrected_by_store(self.window, call, database_now(), self.refused_times)


def trial_gate(tenant: Tenant | None, store_hash: str) -> NewStoreGate:
    """Return the gate for a token that is not saved. It starts from the tenant's store's window, and locks no row.

    A page is saved inside a transaction. A row that it locks would stop the lanes.
    """
    known = Store.objects.only("calls_left", "calls_limit", "calls_end_at")
    row = known.filter(tenant=tenant, store_hash=store_hash).first() if tenant else None
    return NewStoreGate(window_of(row, database_now()) if row else None)


def gate_of(region: str, code: int, *, low_priority: bool = False) -> ExactGate | NewDivisionGate:
    """Return the gate of a division that may have no row yet."""
    known = Division.objects.filter(region=region, code=code).values_list("pk", flat=True).first()
    return NewDivisionGate() if known is None else ExactGate(known, lambda: low_priority)


def let_through(document: OrderSync) -> None:
    """Let a document that Exact refused be sent again at once, because a person says so: within Exact's limit."""
    with transaction.atomic():
        _locked(Division.objects.filter(pk=document.division_id).only("pk"))
        circuit_breaker.let_through(document)


def _require_calls(window: Window, kept: Decimal, scope: str, endpoint: str, words: str, **given: str | int) -> None:
    if not window.allows(kept):
        raise RateLimited(words, given=given, until=window.ends_at, scope=scope, endpoint=endpoint)


def _went_well(call: Call) -> bool:
    return 200 <= call.status < 300 and not call.error


def _corrected(minute: Window, day: Window, limits: Limits, now: datetime) -> tuple[Window, Window]:
    """The division's windows after an answer."""
    return (
        minute.corrected(limits.minute_limit, limits.minute_left, _end(limits.minute_reset, limits, now, MINUTE)),
        day.corrected(limits.day_limit, limits.day_left, _end(limits.day_reset, limits, now, DAY)),
    )


def _corrected_by_store(window: Window, call: Call, now: datetime, refused: int) -> Window:
    """The store's window after an answer. `refused` counts the refusals in a row, with this one."""
    limits = call.limits or Limits()
    lasts = None if limits.reset_ms is None else timedelta(milliseconds=min(limits.reset_ms, 86_400_000))
    ends_at = None if lasts is None else now + lasts
    window = window.corrected(limits.quota, limits.left, ends_at)
    return window.empty(ends_at or now + backoff(refused, FIRST_WAIT_STORE)) if refused else window


def _end(reset: datetime | None, limits: Limits, now: datetime, longest: timedelta) -> datetime | None:
    """The end of a window in database time. How long it lasts is counted by the vendor's clock."""
    if reset is None:
        return None
    lasts = reset - (limits.answered_at or now)
    return now + min(max(lasts, timedelta(seconds=1)), longest)


def _quota_of(store_id: int) -> QuerySet[Store]:
    """The store without its credentials, which are not needed here."""
    return Store.objects.filter(pk=store_id).only(
        "store_hash", "calls_left", "calls_limit", "calls_end_at", "refused_times"
    )


def _locked(rows: "QuerySet[Row, Row]") -> Row:
    """The row, locked until the transaction ends. On SQLite the whole database is locked."""
    if database.vendor == "postgresql":
        rows = rows.select_for_update(of=("self",))
    return rows.get()


def _take(division: Division, minute: Window, day: Window, now: datetime, lease: leases.Lease | None) -> None:
    """Write both windows and renew the lane's lease, if there is one. Raises LeaseLost when another worker has it."""
    if lease is None:
        _save(division, minute, day, now)
    elif not leases.held(lease).update(**_columns(minute, day, now), lease_until=leases.end_in()):
        raise leases.lost(lease)


def _save(
    division: Division, minute: Window, day: Window, now: datetime, more: Mapping[str, object] | None = None
) -> None:
    Division.objects.filter(pk=division.pk).update(**_columns(minute, day, now), **(more or {}))


def _columns(minute: Window, day: Window, now: datetime) -> dict[str, object]:
    return {
        "minute_calls_left": minute.left,
        "minute_calls_limit": minute.limit,
        "minute_ends_at": minute.ends_at,
        "day_calls_left": day.left,
        "day_calls_limit": day.limit,
        "day_ends_at": day.ends_at,
        "day_calls_read_at": now,
    }


def _save_store(store: Store, window: Window, **more: Any) -> None:
    Store.objects.filter(pk=store.pk).update(
        calls_left=window.left, calls_limit=window.limit, calls_end_at=window.ends_at, **more
    )
