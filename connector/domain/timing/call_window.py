"""A budget of calls in a window of time: how many calls a vendor allows, how many are left, and until when.

We count the calls, and the vendor's answers correct the count. So it works when the answers say nothing, and when
other apps use the budget too.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

# Two ends that differ by this or less are ends of the same window: clocks and answers are not exact.
SAME_END = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Window:
    """`left` of `limit` calls, until `ends_at` (UTC, by the caller's clock)."""

    limit: int
    left: int
    ends_at: datetime

    def after_a_call(self) -> "Window":
        """Return the window after one more call."""
        return Window(self.limit, self.left - 1, self.ends_at)

    def corrected(self, limit: int | None, left: int | None, ends_at: datetime | None) -> "Window":
        """Return the window after an answer; None for what the answer does not say.

        In the same window the lower count is right: our count includes calls that Exact had not seen yet.
        """
        limit, ends_at = self.limit if limit is None else limit, ends_at or self.ends_at
        same = self._is(limit, ends_at)
        if left is None:
            return Window(limit, self.left if same else limit, ends_at)
        return Window(limit, min(left, self.left) if same else left, ends_at)

    def lower(self, other: "Window") -> "Window":
        """Return this window, or the other one when that is the same window with fewer calls left."""
        return min(self, other, key=lambda window: window.left) if self._is(other.limit, other.ends_at) else self

    def says_the_same_as(self, other: "Window") -> bool:
        """Whether both are the same window with the same count."""
        return self._is(other.limit, other.ends_at) and self.left == other.left

    def _is(self, limit: int, ends_at: datetime) -> bool:
        return limit == self.limit and abs(ends_at - self.ends_at) <= SAME_END

    def empty(self, until: datetime) -> "Window":
        """Return the window with no calls left until that moment (UTC)."""
        return Window(self.limit, 0, until)

    def allows(self, kept: Decimal, calls: int = 1) -> bool:
        """Whether so many calls may be made when a share of the limit (0 to 1) stays unused."""
        return self.left - calls >= self.limit * kept


def current(window: Window | None, now: datetime, limit: int, ends_at: datetime) -> Window:
    """Return the known window, or a new one when that has ended or none is known."""
    if window is not None and now < window.ends_at:
        return window
    known = limit if window is None else window.limit
    return Window(known, known, ends_at)


def end_of_minute(now: datetime) -> datetime:
    """Return the end of the clock's minute, when Exact's minute window ends."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def end_of_day(now: datetime) -> datetime:
    """Return the end of the UTC day, when Exact's day window ends."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def backoff(times: int, first: timedelta, longest: timedelta = timedelta(hours=1)) -> timedelta:
    """Return how long to wait after so many refusals in a row without a given time: doubling, up to `longest`."""
    doubled: int = 2 ** min(max(times - 1, 0), 20)
    return min(first * doubled, longest)


def time_for(calls: int, *, a_minute: int, left_today: int, a_day: int, until_tomorrow: timedelta) -> timedelta:
    """Return how long so many calls take, at `a_minute` calls a minute, `left_today` today, and then `a_day` a day."""
    if calls <= left_today:
        return timedelta(minutes=calls / a_minute)
    days, rest = divmod(calls - left_today, a_day)
    return until_tomorrow + timedelta(days=days, minutes=rest / a_minute)
