"""A run over all customers, as a worker or a command does it: turn by turn, with its progress stored."""

from collections.abc import Callable
from functools import partial
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from connector.clients import errors
from connector.clients.transport import Upstream
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem, to_json
from connector.flow import leases, long_runs
from connector.flow.clock import database_now
from connector.flow.customer.runs import run_turn
from connector.flow.customer.runs.run_turn import running
from connector.flow.customer.runs.scope import Refused, require
from connector.flow.lane import wakeup
from connector.flow.long_runs import TURN_SECONDS, Later, begin, take_turn, to_the_end, what_follows
from connector.flow.outbound.reconnect import refused_by_store
from connector.models import Connection, CustomerRun
from connector.problems.calls import kept_fault
from connector.problems.catalogue import EXACT, STORE
from tenants.models import User

State = CustomerRun.State
What = CustomerRun.What
_GOES_ON: Final = [State.RUNNING, State.PAUSED]


def start(
    connection: Connection, actor: User | None, what: str, *, scheduled: bool = False, worker: bool = True
) -> CustomerRun:
    """Begin a pull, a push or a report; the one that is going on is returned instead, and goes on when it is paused.

    `worker`: one does it. A scheduled pull gives way to another run. Raises Refused when the connection's
    customers cannot be dealt with, and while a person's other run goes on.
    """
    require(connection, carries=what != What.REPORT)
    present = going_on(connection)
    if present is not None and present.scheduled and present.what != what:
        stop(present)
        present = None
    if present is not None:
        return _the_same(present, what)
    make = partial(
        CustomerRun.objects.create,
        tenant=connection.store.tenant,
        connection=connection,
        actor=actor,
        what=what,
        scheduled=scheduled,
        due_at=database_now(),
    )
    run = begin(make, wakeup.wake_customers if worker else None)
    return run or _the_same(CustomerRun.objects.get(connection=connection, state__in=_GOES_ON), what)


def _the_same(present: CustomerRun, what: str) -> CustomerRun:
    if present.what != what:
        text = _("Another run over the customers goes on: %(what)s. Let it finish, or stop it first.")
        raise Refused(text % {"what": present.get_what_display()})
    resume(present)
    present.refresh_from_db()
    return present


def going_on(connection: Connection) -> CustomerRun | None:
    """Return the run that is running or paused; None when there is none."""
    return CustomerRun.objects.filter(connection=connection, state__in=_GOES_ON).first()


def latest(connection: Connection) -> CustomerRun | None:
    """Return the newest run; None when there is none."""
    return CustomerRun.objects.filter(connection=connection).order_by("-id").first()


def pause(run: CustomerRun) -> None:
    """Let a run stand still. `resume` goes on with the rest."""
    _of(run, State.RUNNING).update(state=State.PAUSED, due_at=None)


def stop(run: CustomerRun) -> None:
    """End a run. What it has linked and written stays."""
    rows = _of(run, State.RUNNING, State.PAUSED, State.FAILED)
    rows.update(state=State.STOPPED, due_at=None, finished_at=database_now())


@transaction.atomic
def resume(run: CustomerRun) -> None:
    """Go on with a run that is paused or has failed, where it stood, unless another one was begun meanwhile."""
    goes_on = {"state": State.RUNNING, "due_at": database_now(), "failures": 0, "problems": []}
    try:
        with transaction.atomic():
            resumed = _of(run, State.PAUSED, State.FAILED).update(**goes_on)
    except IntegrityError:
        return
    if resumed:
        wakeup.wake_customers(run.pk)


def wake_due() -> int:
    """Wake every run that is due and that no worker has. Returns how many."""
    return long_runs.wake_due(running(), wakeup.wake_customers)


def work_on(run_id: int) -> None:
    """Do a worker's turn of a run."""
    go_on(run_id)


def go_on(run_id: int, *, seconds: float = TURN_SECONDS, live_first: bool = True) -> bool:
    """Do one turn of a run, and wake a worker for the next one. `live_first`: it gives way to live orders that are due.

    Returns whether it had a turn: not while another process has the run, or before its time.
    """
    related = ("connection__store__tenant", "connection__division__grant__tenant", "actor")
    work = partial(_work, seconds=seconds, live_first=live_first)
    had_turn = take_turn(running().select_related(*related), run_id, work, event="customers_failed", show=_fault)
    if had_turn and live_first and running().filter(pk=run_id, due_at__lte=database_now()).exists():
        wakeup.wake_customers(run_id)
    return had_turn


def run_now(connection: Connection, what: str, tell: Callable[[str], None]) -> CustomerRun:
    """Do a pull or a push to its end in the foreground, or go on with the one that was interrupted.

    Raises Refused when it cannot be begun, StoodStill when it stands still, and Stopped in a process that is to stop.
    """
    run = start(connection, None, what, worker=False)

    def say() -> None:
        tell(_("%(step)s: %(handled)s") % {"step": run.get_step_display(), "handled": run.handled})

    to_the_end(run, partial(go_on, run.pk, live_first=False), say)
    return run


def _work(run: CustomerRun, lease: leases.Lease, *, seconds: float, live_first: bool) -> None:
    """Do what there is time for. A call that fails is no fault. Raises LeaseLost."""
    turn = run_turn.Turn.of(run, lease, seconds=seconds, live_first=live_first)
    try:
        turn.go()
    except errors.ClientError as error:
        _wait(run, error, EXACT if turn.last_upstream == Upstream.EXACT else STORE)


def _wait(run: CustomerRun, error: errors.ClientError, vendor: str) -> None:
    """Let a run go on later, or let it fail until a person acts."""
    if vendor == STORE and isinstance(error, errors.Unauthorized | errors.Reconnect):
        refused_by_store(run.connection.store, error)
    match what_follows(error, vendor, run.failures):
        case Later() as later:
            _of(run, State.RUNNING).update(due_at=later.due_at, failures=later.failures)
        case why:
            _fail(run, why)


def _fault(run: CustomerRun, error: Exception) -> None:
    """Let the run stand still until a person goes on with it; its page says why."""
    _fail(run, problem(Code.CUSTOMERS_STOPPED, **kept_fault(error)))


def _fail(run: CustomerRun, why: Problem) -> None:
    _of(run, State.RUNNING).update(state=State.FAILED, problems=to_json((why,)), due_at=None)


def _of(run: CustomerRun, *states: str) -> QuerySet[CustomerRun]:
    return CustomerRun.objects.filter(pk=run.pk, state__in=states)
