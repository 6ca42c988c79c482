"""What a queue process does with a wake-up: it gives it to one of its threads, and takes the next.

A wake-up whose work is not begun, because the process stops, goes back into the queue.
"""

import traceback
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

import structlog
from django.db import close_old_connections

from connector.flow import stopping
from connector.flow.actions import bulk_repost
from connector.flow.lane import slots, wakeup
from connector.flow.pipeline import run_lane

log = structlog.get_logger(__name__)


def give_lane(division_id: int) -> None:
    """Have a thread do one turn of a lane. While all are busy, the lane waits, and those behind it too."""
    threads = slots.lanes()
    if not threads.wait():
        wakeup.put_back(wakeup.DRAIN_LANE, division_id)
    elif wakeup.take(division_id):
        turn = threads.begin(partial(_with_connection, partial(do_lane, division_id)))
        turn.add_done_callback(partial(_tell, wakeup.DRAIN_LANE, division_id))
    else:
        threads.leave()


def do_lane(division_id: int) -> None:
    """Do one turn of a lane, then continue the bulk runs that waited for it."""
    run_lane.drain_lane(division_id)
    bulk_repost.advance()


def give_long(name: str, work: Callable[[int], None], row: int) -> None:
    """Have a thread do the work of the task `name` on a row. It may take minutes."""
    turn = slots.long().submit(_with_connection, partial(do_long, name, work, row))
    turn.add_done_callback(partial(_tell, name, row))


def do_long(name: str, work: Callable[[int], None], row: int) -> None:
    """Do the work of the task `name`. What a stop keeps from ending goes back into the queue."""
    try:
        stopping.raise_if_asked()
        work(row)
    except stopping.Stopped:
        wakeup.put_back(name, row)


def _with_connection(work: Callable[[], None]) -> None:
    """Do a turn. The thread's connection to the database lasts from turn to turn, while it is sound."""
    close_old_connections()
    try:
        work()
    finally:
        close_old_connections()


def _tell(name: str, row: int, turn: Future[None]) -> None:
    """Log the fault that ended a turn. The sweep finds the work again."""
    error = turn.exception()
    if error is not None:
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("turn_failed", task=name, row=row, error=type(error).__name__, where=where)
