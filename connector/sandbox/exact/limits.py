"""Call limits of the fake Exact, per app and division: for a clock minute, for a UTC day, and for errors.

Known: the numbers, the header names, resets in epoch milliseconds, and that a 429 has only the headers of the limit
that was reached and an empty body. Assumed: the answer of the error limit (429 for an hour, for the whole key).
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connector.sandbox.exact.state import Settings
from connector.sandbox.http.messages import Reply

Key = tuple[str, int]  # client id, division
ERRORS = (400, 401, 403, 404)
ERRORS_AN_HOUR = 10
HOUR = timedelta(hours=1)
PREFIX = {"minute": "X-RateLimit-Minutely-", "day": "X-RateLimit-"}


@dataclass(slots=True)
class Limits:
    settings: Settings
    used: dict[Key, dict[str, tuple[datetime, int]]] = field(default_factory=lambda: defaultdict(dict))
    errors: dict[tuple[Key, str], deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    blocked: dict[Key, datetime] = field(default_factory=dict)

    def refuse(self, key: Key, now: datetime) -> Reply | None:
        """Count a call. Return the 429 when it is above the limit and limits are enforced, else None."""
        if self.blocked.get(key, now) > now:
            return Reply.empty(429)
        for window in ("day", "minute"):
            if self.settings.enforce_limits and self.remaining(key, window, now) <= 0:
                return self.refusal(window, now)
        for window in ("day", "minute"):
            start = window_start(window, now)
            begun, count = self.used[key].get(window, (start, 0))
            self.used[key][window] = (start, count + 1 if begun == start else 1)
        return None

    def refusal(self, window: str, now: datetime) -> Reply:
        """429 with the headers of one limit."""
        return Reply.empty(429, self._headers(window, 0, now))

    def remaining(self, key: Key, window: str, now: datetime) -> int:
        start = window_start(window, now)
        begun, count = self.used[key].get(window, (start, 0))
        return max(0, self._limit(window) - (count if begun == start else 0))

    def headers(self, key: Key, now: datetime) -> dict[str, str]:
        """The six headers of a successful answer."""
        day = self._headers("day", self.remaining(key, "day", now), now)
        return {**day, **self._headers("minute", self.remaining(key, "minute", now), now)}

    def note_error(self, key: Key, endpoint: str, status: int, now: datetime) -> None:
        """Count an error. More than ten in an hour on an endpoint block the key for an hour."""
        if status not in ERRORS or not self.settings.enforce_error_limit:
            return
        recent = self.errors[key, endpoint]
        recent.append(now)
        while recent[0] <= now - HOUR:
            recent.popleft()
        if len(recent) > ERRORS_AN_HOUR:
            self.blocked[key] = now + HOUR

    def _limit(self, window: str) -> int:
        return self.settings.minute_limit if window == "minute" else self.settings.day_limit

    def _headers(self, window: str, remaining: int, now: datetime) -> dict[str, str]:
        length = timedelta(minutes=1) if window == "minute" else timedelta(days=1)
        reset = window_start(window, now) + length
        return {
            PREFIX[window] + "Limit": str(self._limit(window)),
            PREFIX[window] + "Remaining": str(remaining),
            PREFIX[window] + "Reset": str(int(reset.timestamp() * 1000)),
        }


def window_start(window: str, now: datetime) -> datetime:
    """The start of the clock minute or of the UTC day."""
    start = now.replace(second=0, microsecond=0)
    return start if window == "minute" else start.replace(hour=0, minute=0)
