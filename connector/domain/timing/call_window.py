"""A budget of calls in a window of time: what a vendor allows, what is left of it, and until when.

What is left is our own count, corrected by what the answers tell; so it holds when the answers tell nothing, and when
other apps use the budget too.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

# Two ends of a window that lie closer together are those of the same window: clocks and answers are not exact.
SAME = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Window:
    """`left` of `limit` calls, until `ends_at` (UTC, of whichever clock the caller counts by)."""

    limit: int
    left: int
    ends_at: datetime

    def taken(self) -> "Window":
        """Return the window after one more call."""
        return Window(self.limit, self.left - 1, self.ends_at)

    def told(self, limit: int | None, left: int | None, ends_at: datetime | None) -> "Window":
        """Return the window as an answer tells it.

        Of the same window the lower count holds: calls that are still on their way are in ours and not in the answer's.
        """
        limit, ends_at = self.limit if limit is None else limit, ends_at or self.ends_at
        same = limit == self.limit and abs(ends_at - self.ends_at) <= SAME
        if left is None:
            return Window(limit, self.left if same else limit, ends_at)
        return Window(limit, min(left, self.left) if same else left, ends_at)

    def used_up(self, until: datetime) -> "Window":
        """Return the window with nothing left before that moment."""
        return Window(self.limit, 0, until)

    def spares(self, kept: Decimal, calls: int = 1) -> bool:
        """Whether so many calls may be made while a share of the limit (0 to 1) is kept."""
        return self.left - calls >= self.limit * kept


def current(window: Window | None, now: datetime, limit: int, ends_at: datetime) -> Window:
    """Return the window that counts now: the one at hand, or a fresh one when that has ended or none is known."""
    if window is not None and now < window.ends_at:
        return window
    known = limit if window is None else window.limit
    return Window(known, known, ends_at)


def end_of_minute(now: datetime) -> datetime:
    """Return the end of the clock's minute, at which Exact's window ends."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def end_of_day(now: datetime) -> datetime:
    """Return the end of the day, UTC, at which Exact's window ends."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def backoff(times: int, first: timedelta, longest: timedelta = timedelta(hours=1)) -> timedelta:
    """Return how long to wait after so many refusals in a row that did not say how long: doubling, up to an hour."""
    doubled: int = 2 ** min(max(times - 1, 0), 20)
    return min(first * doubled, longest)


def takes(calls: int, *, a_minute: int, left_today: int, a_day: int, until_tomorrow: timedelta) -> timedelta:
    """Return how long so many calls take: so many a minute at most, today what is left, then so many a day."""
    if calls <= left_today:
        return timedelta(minutes=calls / a_minute)
    days, rest = divmod(calls - left_today, a_day)
    return until_tomorrow + timedelta(days=days, minutes=rest / a_minute)
