"""Not too often: after ten refusals of an endpoint within an hour Exact blocks the whole app for an hour.

Posting would stop with it, so a test leaves room: what was refused five times is not asked again for an hour.
Fact: Exact's API limits, "No more than 10 errors per API key, per user, per company, per endpoint, and per hour".
"""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from connector.clients import errors
from connector.models import Division

T = TypeVar("T")
MOST_REFUSALS = 5
HOUR = 3600
COUNTED = (errors.Unauthorized, errors.Forbidden, errors.NotFound, errors.Rejected)


class Enough(errors.Forbidden):
    """It was refused so often that asking again would do harm."""


def ask(division: Division, what: str, read: Callable[[], T]) -> T:
    """Read, and count refusals. Raises Enough instead of asking once more, and whatever the client raises."""
    key = f"checks:{division.pk}:{what.replace(' ', '_')}"
    if cache.get(key, 0) >= MOST_REFUSALS:
        raise Enough(f"Exact refused the {what} {MOST_REFUSALS} times within the hour")
    try:
        return read()
    except COUNTED:
        cache.add(key, 0, HOUR)
        cache.incr(key)
        raise
