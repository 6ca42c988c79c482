"""The threads of a queue process. Most of a document's time is waiting for a vendor, so a process serves many lanes.

A process takes the next wake-up from the queue while all its threads are busy. That lane then waits for a thread. So a
turn knows without a query whether another lane waits.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from django.conf import settings

from connector.flow import stopping

# Threads for work that waits for Exact's next minute. More of it waits in its order, and holds up no lane.
LONG = 4
# How often a process with a lane that waits for a thread looks whether it is to stop.
LOOK_SECONDS = 0.1
# A lane that waited for a thread for so long goes back into the queue: another process may have a thread for it.
# It must be below the queue's time-out.
PATIENCE_SECONDS = 120.0


class Slots:
    """The threads for lanes, of which each does one turn at a time."""

    def __init__(self, number: int) -> None:
        self._free = threading.Semaphore(number)
        self._threads = ThreadPoolExecutor(number, "lane")
        self._waits = threading.Event()

    @property
    def a_lane_waits(self) -> bool:
        """Whether a lane waits for a thread."""
        return self._waits.is_set()

    def wait(self) -> bool:
        """Wait for a thread; false when a stop was asked for, or when none became free for long."""
        if stopping.is_asked():
            return False
        if self._free.acquire(blocking=False):
            return True
        self._waits.set()
        try:
            for _look in range(round(PATIENCE_SECONDS / LOOK_SECONDS)):
                if self._free.acquire(timeout=LOOK_SECONDS):
                    return True
                if stopping.is_asked():
                    return False
            return False
        finally:
            self._waits.clear()

    def begin(self, turn: Callable[[], None]) -> Future[None]:
        """Have the thread that `wait` found do a turn."""
        begun = self._threads.submit(turn)
        begun.add_done_callback(lambda _done: self._free.release())
        return begun

    def leave(self) -> None:
        """Give back the thread that `wait` found."""
        self._free.release()


@cache
def lanes() -> Slots:
    """Return this process's threads for lanes."""
    return Slots(settings.WORKER_LANES)


@cache
def long() -> ThreadPoolExecutor:
    """Return this process's threads for work that takes minutes."""
    return ThreadPoolExecutor(LONG, "long")
