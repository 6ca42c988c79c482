"""What runs over many things have in common: how one begins, its turns, and what follows a call that failed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from connector.clients import errors
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, from_json, problem
from connector.flow import leases, stopping
from connector.flow.clock import database_now
from connector.flow.hold import refusal
from connector.flow.isolate import isolate
from connector.models import BackfillRun, CustomerRun
from connector.problems.catalogue import sentences

Run = TypeVar("Run", bound=Model)
TURN_SECONDS: Final = 30.0
MOST_FAILURES: Final = 5
FIRST_WAIT: Final = timedelta(seconds=10)
# How long a worker's turn waits when live orders are due.
LIVE_FIRST: Final = timedelta(seconds=5)
# The longest wait of a command for a limit. A longer one is for the day's calls, and a worker goes on then.
LONGEST_WAIT: Final = timedelta(minutes=2, seconds=10)


class StoodStill(Exception):
    """A run in the foreground does not come to its end. The message says why. What was done is kept."""


@dataclass(frozen=True, slots=True)
class Later:
    """The run goes on at `due_at`; so many calls in a row have failed."""

    due_at: datetime
    failures: int


def begin(make: Callable[[], Run], wake: Callable[[int], object] | None = None) -> Run | None:
    """Make a run and let a worker do it, both or neither; None when another process was first, as by a second click."""
    try:
        with transaction.atomic():
            run = make()
            if wake is not None:
                wake(run.pk)
    except IntegrityError:
        return None
    return run


def wake_due(going_on: QuerySet[Run], wake: Callable[[int], object]) -> int:
    """Wake every run that is due and that no worker has. Returns how many."""
    model: Any = going_on.model
    now = database_now()
    waiting = going_on.filter(leases.free(model, now), due_at__lte=now).values_list("pk", flat=True)
    for pk in waiting:
        wake(pk)
    return len(waiting)


def to_the_end(run: CustomerRun | BackfillRun, turn: Callable[[], bool], tell: Callable[[], None]) -> None:
    """Do the turns of a run in the foreground. `turn` returns whether it had one; `tell` says how far the run is.

    Raises StoodStill when the run fails, when a person pauses or stops it, and when the day's calls are used up;
    Stopped in a process that is to stop.
    """
    run.refresh_from_db()
    while run.state == run.State.RUNNING:
        had_turn = turn()
        run.refresh_from_db()
        if run.state == run.State.RUNNING:
            _wait_for_next(run.due_at, tell, had_turn=had_turn)
    if run.state == run.State.FAILED:
        raise StoodStill(sentences(from_json(run.problems)))
    if run.state != run.State.FINISHED:
        raise StoodStill(_("Somebody paused or stopped it. What was done is kept."))


def _wait_for_next(due_at: datetime | None, tell: Callable[[], None], *, had_turn: bool) -> None:
    stopping.raise_if_asked()
    now = database_now()
    wait = (due_at or now) - now
    if wait > LONGEST_WAIT:
        text = _(
            "The day's calls are used up. A worker goes on at %(moment)s UTC. Without one, repeat the command then."
        )
        raise StoodStill(text % {"moment": f"{due_at:%Y-%m-%d %H:%M}"})
    tell()
    if wait > timedelta() or not had_turn:
        stopping.pause(max(wait.total_seconds(), 1.0))


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
