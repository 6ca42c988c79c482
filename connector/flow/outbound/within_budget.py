"""Waits for a vendor's next window of calls, for a command in the foreground."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.utils.translation import gettext as _

from connector.clients.errors import RateLimited
from connector.flow import stopping
from connector.flow.clock import database_now

Tell = Callable[[str], None]
T = TypeVar("T")

# How many times a read waits for the next window.
PATIENCE = 5
MINUTE = timedelta(minutes=1)


def within_budget(read: Callable[[], T], tell: Tell, patience: int = PATIENCE) -> T:
    """Read. When the window's calls are used up, wait for the next one and read again, `patience` times.

    Raises ClientError, and Stopped in a process that is to stop. Nothing waits for longer than two minutes: then the
    day's calls are used up.
    """
    stopping.raise_if_asked()
    for _again in range(patience):
        try:
            return read()
        except RateLimited as limit:
            now = database_now()
            wait = ((limit.until or now + MINUTE) - now).total_seconds()
            if wait > 2 * MINUTE.total_seconds():
                raise
            text = _("The limit of calls is reached; going on in %(seconds)s s")
            tell(text % {"seconds": f"{wait:.0f}"})
            stopping.pause(max(wait, 1))
    return read()
