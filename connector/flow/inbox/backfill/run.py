"""A backfill as a worker or a command does it: turn by turn, with its progress stored, so that it survives a kill."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from connector.clients import errors
from connector.clients.transport import Upstream
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem, to_json
from connector.flow import leases, long_runs, stopping
from connector.flow.clock import database_now
from connector.flow.customer.copies import directory
from connector.flow.inbox.backfill import compare, read
from connector.flow.inbox.backfill.days import Refused, require_on
from connector.flow.inbox.backfill.into_ledger import IntoLedger
from connector.flow.lane import due, wakeup
from connector.flow.long_runs import LIVE_FIRST, TURN_SECONDS, Later, begin, take_turn, what_follows
from connector.flow.order.terms import Terms, terms_of
from connector.flow.outbound.clients import LaneClients
from connector.flow.outbound.reconnect import refused_by_store
from connector.models import BackfillRun, Connection
from connector.problems.calls import kept_fault
from connector.problems.catalogue import EXACT, STORE
from tenants.models import User

State = BackfillRun.State
Step = BackfillRun.Step
TrySome = Callable[[BackfillRun, LaneClients], bool]
_PROGRESS: Final = ("step", "cursor", "documents", "orders", "queued", "adopted", "likely", "skipped")


def start(
    connection: Connection,
    actor: User | None,
    *,
    since: date,
    until: date,
    expected: int,
    worker: bool = True,
    dry_run: bool = False,
) -> BackfillRun:
    """Begin a backfill; the one that is going on with the same days is returned instead, and goes on when it is paused.

    `expected` is about how many orders there are. `worker`: one does it. A dry run that is going on gives way to any
    other. Raises Refused while another backfill goes on, and when the connection is off.
    """
    require_on(connection)
    present = going_on(connection)
    if present is not None and present.dry_run and (present.since, present.until, True) != (since, until, dry_run):
        stop(present)
        present = None
    if present is not None:
        return _the_same(present, since, until, dry_run=dry_run)
    make = partial(
        BackfillRun.objects.create,
        tenant=connection.store.tenant,
        connection=connection,
        actor=actor,
        since=since,
        until=until,
        dry_run=dry_run,
        expected=expected,
        due_at=database_now(),
    )
    run = begin(make, wakeup.wake_backfill if worker else None)
    if run is None:
        first = BackfillRun.objects.get(connection=connection, state__in=[State.RUNNING, State.PAUSED])
        return _the_same(first, since, until, dry_run=dry_run)
    return run


def _the_same(present: BackfillRun, since: date, until: date, *, dry_run: bool) -> BackfillRun:
    require_days(present, since, until)
    if present.dry_run != dry_run:
        raise Refused(_("A backfill of these days goes on. Let it finish, or stop it first."))
    resume(present)
    present.refresh_from_db()
    return present


def require_days(run: BackfillRun, since: date, until: date) -> None:
    """Raise Refused unless the run is of these days."""
    if (run.since, run.until) != (since, until):
        text = _("The backfill from %(since)s until %(until)s is not finished. Let it finish, or stop it first.")
        raise Refused(text % {"since": run.since, "until": run.until})


def going_on(connection: Connection) -> BackfillRun | None:
    """Return the run that is running or paused; None when there is none."""
    return BackfillRun.objects.filter(connection=connection, state__in=[State.RUNNING, State.PAUSED]).first()


def latest(connection: Connection, *, dry_run: bool = False) -> BackfillRun | None:
    """Return the newest backfill, or the newest dry run; None when there is none."""
    return BackfillRun.objects.filter(connection=connection, dry_run=dry_run).order_by("-id").first()


def pause(run: BackfillRun) -> None:
    """Let a run stand still. What is queued is posted all the same, and `resume` goes on with the rest."""
    _of(run, State.RUNNING).update(state=State.PAUSED, due_at=None)


@transaction.atomic
def stop(run: BackfillRun) -> None:
    """End a run. The rows that it has put into the ledger stay there."""
    ended = {"state": State.STOPPED, "due_at": None, "finished_at": database_now()}
    if _of(run, State.RUNNING, State.PAUSED, State.FAILED).update(**ended):
        compare.forget_the_rest(run)


@transaction.atomic
def resume(run: BackfillRun) -> None:
    """Go on with a run that is paused or has failed, where it stood."""
    goes_on = {"state": State.RUNNING, "due_at": database_now(), "failures": 0, "problems": []}
    if _of(run, State.PAUSED, State.FAILED).update(**goes_on):
        wakeup.wake_backfill(run.pk)


def wake_due() -> int:
    """Wake every run that is due and that no worker has. Returns how many."""
    return long_runs.wake_due(_running(), wakeup.wake_backfill)


def _of(run: BackfillRun, *states: str) -> QuerySet[BackfillRun]:
    return BackfillRun.objects.filter(pk=run.pk, state__in=states)


def _running() -> QuerySet[BackfillRun]:
    """The runs that may go on. Those of a suspended organisation wait."""
    return BackfillRun.objects.filter(state=State.RUNNING, tenant__suspended=False)


def go_on(
    run_id: int, *, seconds: float = TURN_SECONDS, live_first: bool = True, try_some: TrySome | None = None
) -> bool:
    """Do one turn of a run, and wake a worker for the next one. `live_first`: it gives way to live orders that are due.
    `try_some` tries the next orders of a dry run, and returns whether there are more.

    Returns whether it had a turn: not while another process has the run, or before its time.
    """
    related = ("connection__store__tenant", "connection__division__grant__tenant")
    work = partial(_work, seconds=seconds, live_first=live_first, try_some=try_some)
    had_turn = take_turn(_running().select_related(*related), run_id, work, event="backfill_failed", show=_fault)
    if had_turn and live_first and _running().filter(pk=run_id, due_at__lte=database_now()).exists():
        wakeup.wake_backfill(run_id)
    return had_turn


def _work(run: BackfillRun, lease: leases.Lease, *, seconds: float, live_first: bool, try_some: TrySome | None) -> None:
    """Do what there is time for. Raises LeaseLost."""
    _Turn(run, lease, time.monotonic() + seconds, live_first, try_some).go()


def _fault(run: BackfillRun, error: Exception) -> None:
    """Let the run stand still until a person goes on with it; its page says why."""
    _fail(run, problem(Code.BACKFILL_STOPPED, **kept_fault(error)))


@dataclass(slots=True)
class _Turn:
    """One turn of a run. It ends when all is done, when a person pauses or stops the run, and at `until`."""

    run: BackfillRun
    lease: leases.Lease
    until: float
    live_first: bool
    try_some: TrySome | None
    clients: LaneClients = field(init=False)
    terms: Terms = field(init=False)

    def go(self) -> None:
        """Work until the turn ends. Raises LeaseLost."""
        self.clients = LaneClients(self.run.connection.division, low_priority=True)
        self.terms = terms_of(self.run.connection).for_any_day()
        try:
            while self._may_go_on() and self._do_some():
                self._keep()
        except errors.ClientError as error:
            _wait(self.run, error, EXACT if self.clients.last_upstream == Upstream.EXACT else STORE)

    def _may_go_on(self) -> bool:
        if self.live_first and self._live_orders_wait():
            _of(self.run, State.RUNNING).update(due_at=database_now() + LIVE_FIRST)
            return False
        return time.monotonic() < self.until and not stopping.is_asked()

    def _live_orders_wait(self) -> bool:
        live = due.due(self.run.connection.division_id, database_now())
        return live.filter(low_priority=False).exists()

    def _do_some(self) -> bool:
        """Do a page or a batch of the step, and go to the next step after the last one. Raises the clients' errors."""
        run, store = self.run, self.run.connection.store
        match run.step:
            case Step.EXACT:
                if not read.keep_documents(run, self.clients.exact):
                    directory.pull(run.connection.division, self.clients.exact)
                    self._next_step(Step.STORE)
            case Step.STORE:
                if not read.keep_orders(run, self.clients.store(store), self.terms):
                    self._next_step(Step.MATCH)
            case Step.MATCH:
                compare.keep_outcomes(run, self._renew)
                self._next_step(Step.TRIAL if run.dry_run else Step.LEDGER)
            case Step.TRIAL:
                assert self.try_some is not None  # only a worker does dry runs
                return self._ended(more=self.try_some(run, self.clients))
            case _:
                return self._ended(more=IntoLedger(run, self.clients, self._renew).next_batch())
        return True

    def _ended(self, *, more: bool) -> bool:
        """Count what was done, and end the run when there is no more. Returns whether there is."""
        _count(self.run)
        if not more:
            self._keep()
            compare.forget_the_rest(self.run)
            ended = {"state": State.FINISHED, "due_at": None, "finished_at": database_now()}
            _of(self.run, State.RUNNING).update(**ended)
        return more

    def _next_step(self, step: str) -> None:
        self.run.step, self.run.cursor = step, ""

    def _renew(self) -> None:
        leases.renew(self.lease)

    def _keep(self) -> None:
        """Store the progress and renew the lease. The turn ends when a person has stopped the run, or suspended its
        organisation. Raises LeaseLost."""
        self._renew()
        kept = {name: getattr(self.run, name) for name in _PROGRESS}
        if not _running().filter(pk=self.run.pk).update(**kept, failures=0):
            _of(self.run, State.PAUSED, State.RUNNING).update(**kept)
            self.until = 0.0


def _count(run: BackfillRun) -> None:
    """Count the orders that have their rows, by what became of them."""
    names = ("queued", "adopted", "likely", "skipped")
    found = run.rows.filter(done=True).aggregate(**{name: Count("pk", filter=Q(outcome=name)) for name in names})
    for name in names:
        setattr(run, name, found[name])


def _wait(run: BackfillRun, error: errors.ClientError, vendor: str) -> None:
    """Let a run go on later, or let it fail until a person acts."""
    if vendor == STORE and isinstance(error, errors.Unauthorized | errors.Reconnect):
        refused_by_store(run.connection.store, error)
    match what_follows(error, vendor, run.failures):
        case Later() as later:
            _of(run, State.RUNNING).update(due_at=later.due_at, failures=later.failures)
        case why:
            _fail(run, why)


def _fail(run: BackfillRun, why: Problem) -> None:
    _of(run, State.RUNNING).update(state=State.FAILED, problems=to_json((why,)), due_at=None)
