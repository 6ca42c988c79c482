"""What runs over many things have in common: one process does a turn, and a failed call has one of two consequences."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet

from connector.clients import errors
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.hold import refusal
from connector.flow.isolate import isolate

Run = TypeVar("Run", bound=Model)
TURN_SECONDS: Final = 30.0
MOST_FAILURES: Final = 5
FIRST_WAIT: Final = timedelta(seconds=10)
# How long a worker's turn waits when live orders are due.
LIVE_FIRST: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Later:
    """The run goes on at `due_at`; so many calls in a row have failed."""

    due_at: datetime
    failures: int


def take_turn(
    going_on: QuerySet[Run],
    run_id: int,
    work: Callable[[Run, leases.Lease], None],
    *,
    event: str,
    show: Callable[[Run, Exception], None],
) -> bool:
    """Do a turn of a run under its lease. `going_on` are the runs that may go on; a fault is logged as `event`, and
    `show` writes it into the run.

    Returns whether it had a turn: not while another process has the run, or before its time.
    """
    model: Any = going_on.model
    lease = leases.acquire(model, run_id)
    if lease is None:
        return False
    try:
        run = going_on.filter(pk=run_id, due_at__lte=database_now()).first()
        if run is not None:
            isolate(partial(_while_ours, work, run, lease), event, show=partial(show, run), run=run_id)
    finally:
        leases.release(lease)
    return run is not None


def _while_ours(work: Callable[[Run, leases.Lease], None], run: Run, lease: leases.Lease) -> None:
    """Do what there is time for. A lease that is lost is no fault."""
    try:
        work(run, lease)
    except leases.LeaseLost:
        return


def what_follows(error: errors.ClientError, vendor: str, failures: int) -> Later | Problem:
    """Return when a run goes on after a failed call, or why it stands still until a person acts.

    `vendor` is EXACT or STORE of the catalogue, `failures` how many calls in a row had failed before.
    """
    now = database_now()
    match error:
        case errors.RateLimited():
            return Later(error.until or now + FIRST_WAIT, failures)
        case errors.Forbidden():
            left = {"stands": "", "noun": "", "number": ""}
            return problem(Code.RIGHT_MISSING, **refusal(vendor, error, ()), **left, right=error.reason)
        case errors.Unauthorized() | errors.Reconnect():
            return problem(Code.TOKEN_REFUSED, **refusal(vendor, error, ()))
        case _ if failures + 1 >= MOST_FAILURES:
            return problem(Code.CALL_FAILED, **refusal(vendor, error, ()))
    return Later(now + FIRST_WAIT * 2**failures, failures + 1)
