"""A comparison, as a worker does it: turn by turn, with its progress stored, so that it survives a kill."""

import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from connector.clients import errors
from connector.domain.choices import Mode
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem, to_json
from connector.flow import leases, long_runs, stopping
from connector.flow.clock import database_now
from connector.flow.inbox.backfill.read import sales_page
from connector.flow.lane import wakeup
from connector.flow.long_runs import TURN_SECONDS, Later, begin, take_turn, what_follows
from connector.flow.outbound.clients import LaneClients
from connector.flow.setup.shadow import drafts
from connector.flow.setup.shadow.compare import result_of, row_of
from connector.models import Connection, ShadowDocument, ShadowRun
from connector.problems.calls import kept_fault
from connector.problems.catalogue import EXACT
from tenants.models import User

State = ShadowRun.State
KEPT: Final = timedelta(days=14)
"""How long a comparison is kept."""


class Refused(Exception):
    """A comparison cannot be begun. The message says why."""


def start(connection: Connection, actor: User | None) -> ShadowRun:
    """Begin to compare; the comparison that is going on is returned instead. A worker does it.

    Raises Refused when the connection is not in shadow mode, and when there is no draft yet.
    """
    if connection.mode != Mode.SHADOW:
        raise Refused(_("The connection is not in shadow mode, so there is nothing to compare."))
    running = ShadowRun.objects.filter(connection=connection, state=State.RUNNING).first()
    if running is not None:
        return running
    since = drafts.first_day(connection)
    if since is None:
        raise Refused(_("There is no draft to compare yet. Each order that comes makes one."))
    tenant, due_at = connection.store.tenant, database_now()
    make = partial(
        ShadowRun.objects.create, tenant=tenant, connection=connection, actor=actor, since=since, due_at=due_at
    )
    return begin(make, wakeup.wake_shadow) or ShadowRun.objects.get(connection=connection, state=State.RUNNING)


def latest(connection: Connection, *states: str) -> ShadowRun | None:
    """Return the newest comparison, of one of the states where some are given; None when there is none."""
    runs = ShadowRun.objects.filter(connection=connection)
    return (runs.filter(state__in=states) if states else runs).order_by("-id").first()


def stop(run: ShadowRun) -> None:
    """Stop a comparison. What was read stays, and `resume` goes on behind it."""
    ShadowRun.objects.filter(pk=run.pk, state=State.RUNNING).update(state=State.STOPPED, due_at=None)


def resume(run: ShadowRun) -> None:
    """Go on with a comparison that stands still, unless another one was begun meanwhile."""
    rows = ShadowRun.objects.filter(pk=run.pk, state__in=[State.STOPPED, State.TROUBLE])
    try:
        with transaction.atomic():
            if rows.update(state=State.RUNNING, due_at=database_now(), failures=0, problems=[]):
                wakeup.wake_shadow(run.pk)
    except IntegrityError:
        return


def wake_due() -> int:
    """Wake every comparison that is due and that no worker has. Returns how many."""
    return long_runs.wake_due(_going_on(), wakeup.wake_shadow)


def remove_old() -> int:
    """Remove the comparisons that were begun longer ago than they are kept. Returns how many rows that were."""
    return ShadowRun.objects.filter(created_at__lt=database_now() - KEPT).delete()[0]


def go_on(run_id: int, *, seconds: float = TURN_SECONDS) -> None:
    """Do one turn of a comparison, and wake a worker for the next one. Does nothing when another worker has it."""
    related = ("connection__store__tenant", "connection__division__grant__tenant")
    work = partial(_work, seconds=seconds)
    had_turn = take_turn(_going_on().select_related(*related), run_id, work, event="shadow_run_failed", show=_fault)
    if had_turn and _going_on().filter(pk=run_id, due_at__lte=database_now()).exists():
        wakeup.wake_shadow(run_id)


def _going_on() -> QuerySet[ShadowRun]:
    """The comparisons that a worker may go on with. Those of a suspended organisation wait."""
    return ShadowRun.objects.filter(state=State.RUNNING, tenant__suspended=False)


def _fault(run: ShadowRun, error: Exception) -> None:
    """Let the comparison stand still until a person goes on with it; its page says why."""
    _stand_still(run, problem(Code.TRY_STOPPED, **kept_fault(error)))


@dataclass(slots=True)
class _Turn:
    """One turn. It ends when all is done, when a person stops the comparison, and after `until`."""

    run: ShadowRun
    lease: leases.Lease
    until: float
    clients: LaneClients = field(init=False)

    def __post_init__(self) -> None:
        self.clients = LaneClients(self.run.connection.division, low_priority=True)

    def go(self) -> None:
        """Read what was not read yet, then compare. Raises LeaseLost and the Exact client's errors."""
        while not self.run.all_read:
            if time.monotonic() >= self.until or stopping.is_asked():
                return
            found, cursor = sales_page(self.clients.exact, self.run.since, self.run.cursor)
            if not self._keep([row_of(self.run, each) for each in found], cursor):
                return
        self._finish()

    def _keep(self, rows: list[ShadowDocument], cursor: str) -> bool:
        """Store a page and the progress, and renew the lease. Returns whether the comparison goes on."""
        leases.renew(self.lease)
        run = self.run
        with transaction.atomic():
            ShadowDocument.objects.bulk_create(rows, ignore_conflicts=True)
            run.cursor, run.all_read = cursor, not cursor
            run.documents = run.documents_read.count()
            kept = {"cursor": cursor, "all_read": run.all_read, "documents": run.documents, "failures": 0}
            ShadowRun.objects.filter(pk=run.pk).update(**kept)
        return _going_on().filter(pk=run.pk).exists()

    def _finish(self) -> None:
        """Compare, and forget what was read."""
        result = result_of(self.run, partial(leases.renew, self.lease))
        leases.renew(self.lease)
        with transaction.atomic():
            ended = {"state": State.DONE, "result": result, "due_at": None, "finished_at": database_now()}
            if ShadowRun.objects.filter(pk=self.run.pk, state=State.RUNNING).update(**ended):
                self.run.documents_read.all().delete()


def _work(run: ShadowRun, lease: leases.Lease, *, seconds: float) -> None:
    """Do what there is time for. What Exact answers amiss is no fault. Raises LeaseLost."""
    try:
        _Turn(run, lease, time.monotonic() + seconds).go()
    except errors.ClientError as error:
        _wait(run, error)


def _wait(run: ShadowRun, error: errors.ClientError) -> None:
    """Let a comparison go on later, or let it stand still until a person acts."""
    match what_follows(error, EXACT, run.failures):
        case Later() as later:
            rows = ShadowRun.objects.filter(pk=run.pk, state=State.RUNNING)
            rows.update(due_at=later.due_at, failures=later.failures)
        case why:
            _stand_still(run, why)


def _stand_still(run: ShadowRun, why: Problem) -> None:
    rows = ShadowRun.objects.filter(pk=run.pk, state=State.RUNNING)
    rows.update(state=State.TROUBLE, problems=to_json((why,)), due_at=None)
