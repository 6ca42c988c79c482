"""Whether this process, and those forked from it, are to stop. A signal asks; work that takes long looks.

A document that was begun is finished. Nothing else is begun: a turn ends behind its document, a read of many pages
behind its page.
"""

import mmap
import time

# One byte that forked processes share. A process that is killed while it looks leaves no lock behind.
_asked = mmap.mmap(-1, 1)
# How long a pause lasts at most after a stop was asked for.
_LOOK_SECONDS = 0.2


class Stopped(Exception):
    """A stop was asked for in the middle of work that goes on later, with a wake-up of its own."""


def ask() -> None:
    """Ask this process, and those forked from it since the import, to stop. A signal handler may call it."""
    _asked[0] = 1


def forget() -> None:
    """Take the request back."""
    _asked[0] = 0


def is_asked() -> bool:
    """Whether a stop was asked for."""
    return bool(_asked[0])


def raise_if_asked() -> None:
    """Raise Stopped when a stop was asked for."""
    if is_asked():
        raise Stopped


def pause(seconds: float) -> None:
    """Sleep. Raises Stopped when a stop was asked for, or is meanwhile."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        raise_if_asked()
        time.sleep(min(left, _LOOK_SECONDS))
