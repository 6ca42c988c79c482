"""Whether this process, and those forked from it, are to stop. A signal asks; work that takes long looks.

A document that was begun is finished. Nothing else is begun: a turn ends behind its document, a read of many pages
behind its page.
"""

import mmap
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def by_signal() -> Iterator[None]:
    """Let SIGTERM and SIGINT ask for a stop until the block ends, in the main thread. A second one breaks off."""
    former = {number: signal.signal(number, _at_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        forget()


def _at_signal(number: int, frame: object) -> None:
    if is_asked():
        raise KeyboardInterrupt
    ask()
