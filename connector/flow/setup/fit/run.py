"""A run of tried orders, as a worker does it: turn by turn, with its progress stored, so that it survives a kill."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from connector.clients import errors
from connector.clients.bigcommerce.client import BigCommerceClient
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem, to_json
from connector.domain.fit.add_up import add_up
from connector.domain.fit.five import most_different
from connector.domain.fit.moves import moves
from connector.domain.fit.outcome import Outcome, Verdict
from connector.flow import leases, stopping
from connector.flow.clock import database_now
from connector.flow.customer.copies import forgotten
from connector.flow.hold import Hold, refusal
from connector.flow.isolate import isolate
from connector.flow.lane import wakeup
from connector.flow.order.fetch import Fetched, fetch, read
from connector.flow.outbound.clients import store_client
from connector.flow.outbound.reconnect import refused_by_store
from connector.flow.setup import rule_versions
from connector.flow.setup.fit.trial import Trial, right_missing
from connector.flow.setup.recent_orders import ALL_DAYS, Recent, recent_orders
from connector.models import Connection, FitOrder, FitRun
from connector.problems.calls import kept_fault
from connector.problems.catalogue import STORE
from tenants.models import User

DAYS, MOST = 30, 500
TURN_SECONDS = 30.0
# So many orders are tried between two looks at whether a person stopped the run.
BATCH = 10
MOST_FAILURES = 5
# The store counts no more orders than these in a call.
MOST_COUNTED = 250
FIRST_WAIT = timedelta(seconds=10)
KEPT = timedelta(days=14)
"""How long a run is kept, with the orders in it that are held."""


def start(
    connection: Connection,
    actor: User | None,
    *,
    days: int = DAYS,
    most: int = MOST,
    rules: Mapping[str, Any] | None = None,
) -> FitRun:
    """Begin to try the orders of the last `days`, at most `most`, or the latest where there is none. A worker does it.

    `rules` are those of a draft; None means those in force. A run that is going on with the same rules is returned
    instead, and one with other rules is stopped.
    """
    wanted = {"days": days, "most": most, "rules": None if rules is None else dict(rules)}
    running = latest_running(connection)
    if running is not None:
        if all(getattr(running, name) == value for name, value in wanted.items()):
            return running
        stop(running)
    version = rule_versions.in_force(connection)
    try:
        with transaction.atomic():
            run = FitRun.objects.create(
                tenant=connection.store.tenant,
                connection=connection,
                actor=actor,
                version=version,
                due_at=database_now(),
                **wanted,
            )
            wakeup.wake_fit_run(run.pk)
    except IntegrityError:  # a second click was first
        return FitRun.objects.get(connection=connection, state=FitRun.State.RUNNING)
    return run


def latest_running(connection: Connection) -> FitRun | None:
    """Return the run that is going on; None when there is none."""
    return FitRun.objects.filter(connection=connection, state=FitRun.State.RUNNING).first()


def latest(connection: Connection, *, of_draft: bool = False) -> FitRun | None:
    """Return the newest run with the rules in force, or with those of a draft; None when there is none."""
    runs = FitRun.objects.filter(connection=connection, rules__isnull=not of_draft)
    return runs.order_by("-id").first()


def stop(run: FitRun) -> None:
    """Stop a run. What was tried stays, and `resume` goes on behind it."""
    FitRun.objects.filter(pk=run.pk, state=FitRun.State.RUNNING).update(state=FitRun.State.STOPPED, due_at=None)


@transaction.atomic
def resume(run: FitRun) -> None:
    """Go on with a run that stands still, behind the orders that were tried."""
    rows = FitRun.objects.filter(pk=run.pk, state__in=[FitRun.State.STOPPED, FitRun.State.TROUBLE])
    if rows.update(state=FitRun.State.RUNNING, due_at=database_now(), failures=0, problems=[]):
        wakeup.wake_fit_run(run.pk)


@transaction.atomic
def try_held_again(run: FitRun) -> None:
    """Try the orders that are held once more, with the present rules. They are not read again where they are kept."""
    if not FitRun.objects.filter(pk=run.pk, state=FitRun.State.DONE).update(
        state=FitRun.State.RUNNING, due_at=database_now(), finished_at=None
    ):
        return
    held = [row.pk for row, outcome in _tried(run) if outcome.verdict is Verdict.HELD]
    tried_again = FitOrder.objects.filter(pk__in=held).update(outcome=None, before=None)
    FitRun.objects.filter(pk=run.pk).update(done=run.orders.count() - tried_again)
    wakeup.wake_fit_run(run.pk)


def wake_due() -> int:
    """Wake every run that is due and that no worker has. Returns how many."""
    now = database_now()
    due = _going_on().filter(leases.free(FitRun, now), due_at__lte=now)
    for pk in due.values_list("pk", flat=True):
        wakeup.wake_fit_run(pk)
    return len(due)


def _going_on() -> QuerySet[FitRun]:
    """The runs that a worker may go on with. Those of a suspended organisation wait."""
    return FitRun.objects.filter(state=FitRun.State.RUNNING, tenant__suspended=False)


def remove_old() -> int:
    """Remove the runs that were begun longer ago than they are kept. Returns how many rows that were."""
    return FitRun.objects.filter(created_at__lt=database_now() - KEPT).delete()[0]


def go_on(run_id: int, *, seconds: float = TURN_SECONDS) -> None:
    """Do one turn of a run, and wake a worker for the next one. Does nothing when another worker has it."""
    lease = leases.acquire(FitRun, run_id)
    if lease is None:
        return
    related = ("connection__store__tenant", "connection__division__grant", "version")
    run = _going_on().select_related(*related).filter(pk=run_id).first()
    try:
        if run is not None:
            turn = partial(_take_turn, run, lease, time.monotonic() + seconds)
            isolate(turn, "fit_run_failed", show=partial(_fault, run), run=run.pk)
    finally:
        leases.release(lease)
    if _going_on().filter(pk=run_id, due_at__lte=database_now()).exists():
        wakeup.wake_fit_run(run_id)


def _take_turn(run: FitRun, lease: leases.Lease, until: float) -> None:
    """Do what there is time for. What the store answers amiss, and a lease that is lost, are no faults."""
    try:
        _Turn(run, lease, store_client(run.connection.store), until).go()
    except leases.LeaseLost:
        return
    except errors.ClientError as error:
        _wait(run, error)


def _fault(run: FitRun, error: Exception) -> None:
    """Let the run stand still until a person goes on with it; its page says why."""
    _stand_still(run, problem(Code.TRY_STOPPED, **kept_fault(error)))


@dataclass(slots=True)
class _Turn:
    """One turn of a run. It ends when all is done, when a person stops the run, and after `until`."""

    run: FitRun
    lease: leases.Lease
    client: BigCommerceClient
    until: float

    def go(self) -> None:
        """Read and try the orders that were not tried yet. Raises LeaseLost and the store client's errors."""
        if not self.run.listed:
            self._count()
            if not self._try(self._unread()):
                return
            FitRun.objects.filter(pk=self.run.pk).update(listed=True)
        if self._try(self._to_try_again()):
            _finish(self.run)

    def _count(self) -> None:
        """Keep how many orders there are to try, by one call, or by two where the last days have none.

        Raises the store client's errors.
        """
        if self.run.expected is not None:
            return
        count = self._placed()
        if not count:
            self.run.older = True
            count = self._placed()
        expected = self.run.most if count >= MOST_COUNTED else min(count, self.run.most)
        FitRun.objects.filter(pk=self.run.pk).update(expected=expected, older=self.run.older)

    def _placed(self) -> int:
        return self.client.count_placed(database_now() - timedelta(days=self._days))[0]

    @property
    def _days(self) -> int:
        return ALL_DAYS if self.run.older else self.run.days

    def _unread(self) -> Iterable[Recent]:
        known = set(self.run.orders.values_list("order_id", flat=True))
        return recent_orders(
            self.client,
            days=self._days,
            most=self.run.most,
            prices_include_tax=self.run.connection.store.prices_include_tax,
            tell=lambda line: None,
            patience=0,
            known=known,
        )

    def _to_try_again(self) -> Iterable[Recent]:
        for row in self.run.orders.filter(outcome__isnull=True).order_by("-order_id"):
            try:
                yield Recent(row.order_id, self._fetched(row))
            except Hold as hold:
                yield Recent(row.order_id, None, hold.problems)
            except errors.NotFound:
                row.delete()

    def _fetched(self, row: FitOrder) -> Fetched:
        """Return an order as it was kept, else read it. Raises Hold and the store client's errors."""
        if row.order_data:
            return read(row.order_data)
        return fetch(self.client, row.order_id, prices_include_tax=self.run.connection.store.prices_include_tax)

    def _try(self, orders: Iterable[Recent]) -> bool:
        """Try the orders, and keep each. Returns whether all were tried."""
        draft, run = self.run.rules, self.run
        now, before = Trial.of(run.connection, self.client, draft), None
        if draft is not None:
            before = Trial.of(run.connection, self.client)
        for number, order in enumerate(orders, 1):
            _keep(run, order, now, before)
            if (number % BATCH == 0 or stopping.is_asked()) and not self._may_go_on():
                return False
        return self._may_go_on(whole=True)

    def _may_go_on(self, *, whole: bool = False) -> bool:
        """Store the progress and renew the lease. Returns whether there is time left and nobody stopped the run
        or suspended its organisation."""
        leases.renew(self.lease)
        tried = self.run.orders.filter(outcome__isnull=False).count()
        running = _going_on().filter(pk=self.run.pk).update(done=tried, failures=0)
        return bool(running) and (whole or (time.monotonic() < self.until and not stopping.is_asked()))


def _keep(run: FitRun, order: Recent, now: Trial, before: Trial | None) -> None:
    """Try one order, and keep what it would become. Raises the store client's errors."""
    tried = now.tried(order)
    kept: dict[str, Any] = {"outcome": tried.outcome.to_json()}
    if before is not None:
        kept["before"] = before.outcome(Recent(order.order_id, tried.fetched, order.problems)).to_json()
    elif tried.fetched is not None:
        kept["order_data"] = forgotten.as_kept(run.connection, tried.fetched).kept
    FitOrder.objects.update_or_create(run=run, order_id=order.order_id, defaults=kept)


def _tried(run: FitRun) -> list[tuple[FitOrder, Outcome]]:
    rows = run.orders.filter(outcome__isnull=False).defer("order_data").order_by("-order_id")
    return [(row, Outcome.from_json(row.outcome)) for row in rows if row.outcome]


def _finish(run: FitRun) -> None:
    """Add up, choose the orders to look at, and forget what is not needed any more."""
    tried = _tried(run)
    outcomes = [outcome for _row, outcome in tried]
    pairs = [(Outcome.from_json(row.before), outcome) for row, outcome in tried if row.before]
    five = most_different(outcomes) if run.rules is None else ()
    held = {outcome.order_id for outcome in outcomes if outcome.verdict is Verdict.HELD}
    needed = [int(order_id) for order_id in (*five, *held)]
    run.orders.exclude(order_id__in=needed).update(order_data=None)
    FitRun.objects.filter(pk=run.pk, state=FitRun.State.RUNNING).update(
        state=FitRun.State.DONE,
        due_at=None,
        done=len(outcomes),
        result=add_up(outcomes).to_json(),
        moves=moves(pairs).to_json() if run.rules is not None else {},
        five=list(five),
        finished_at=database_now(),
    )


def _wait(run: FitRun, error: errors.ClientError) -> None:
    """Let a run go on later, or let it stand still until a person acts."""
    rows, now = FitRun.objects.filter(pk=run.pk, state=FitRun.State.RUNNING), database_now()
    match error:
        case errors.RateLimited():
            rows.update(due_at=error.until or now + FIRST_WAIT)
        case errors.Forbidden():
            _stand_still(run, right_missing(error))
        case errors.Unauthorized():
            refused_by_store(run.connection.store, error)
            _stand_still(run, problem(Code.TOKEN_REFUSED, **refusal(STORE, error, ())))
        case _ if run.failures + 1 >= MOST_FAILURES:
            _stand_still(run, problem(Code.CALL_FAILED, **refusal(STORE, error, ())))
        case _:
            rows.update(failures=run.failures + 1, due_at=now + FIRST_WAIT * 2**run.failures)


def _stand_still(run: FitRun, why: Problem) -> None:
    rows = FitRun.objects.filter(pk=run.pk, state=FitRun.State.RUNNING)
    rows.update(state=FitRun.State.TROUBLE, problems=to_json((why,)), due_at=None)
