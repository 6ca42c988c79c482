"""Keeps a fault to the one that it strikes: a store, a consent, an organisation, a step of the sweep.

What is done for many in turn is done for each of them on its own. A fault is logged and shown, and the next one gets
its turn. A database that is away is away for all, so that one error goes on to the caller.
"""

import traceback
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError

log = structlog.get_logger(__name__)

T = TypeVar("T")
AWAY = (OperationalError, InterfaceError)
# A recursion without end has a thousand frames; the last ones say where.
_FRAMES = 20


def isolate(
    act: Callable[[], T], event: str, *, show: Callable[[Exception], object] | None = None, **about: object
) -> T | None:
    """Return what `act` gives; None when it fails: then `event` is logged, and `show` tells the people who are struck.

    The error's own text may quote an order, so the log gets its class and where it was raised. Raises what says that
    the database is away.
    """
    try:
        return act()
    except AWAY:
        raise
    except Exception as error:  # of any kind: that is the purpose
        where = "".join(traceback.format_tb(error.__traceback__, -_FRAMES))
        log.error(event, error=type(error).__name__, where=where, **about)
        if show is not None:
            isolate(partial(show, error), f"{event}_not_shown", show=None, **about)
        return None
