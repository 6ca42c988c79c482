"""One turn of a run over all customers: reads, matches, makes accounts and carries over, a page or a batch at a time.

Reading and matching need no lane. What writes to a side does so under the lane's lease, a batch at a time, so that a
division has one writer, and a worker that has an order for it waits for a batch at most.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from connector.clients import errors
from connector.clients.transport import Upstream
from connector.domain.choices import CustomerDirection, CustomerStrategy
from connector.flow import leases, stopping
from connector.flow.clock import database_now
from connector.flow.customer.both_ways.in_step import bring_all_in_step
from connector.flow.customer.copies import deleted, directory, store_copy
from connector.flow.customer.matching import outcomes
from connector.flow.customer.matching.match import customers_of, match
from connector.flow.customer.runs import make_missing
from connector.flow.customer.runs.scope import writes
from connector.flow.lane import due, wakeup
from connector.flow.long_runs import LIVE_FIRST
from connector.flow.outbound.clients import LaneClients
from connector.models import CustomerEvent, CustomerLink, CustomerRun, DirectoryAccount, Division, StoreCustomer

Step = CustomerRun.Step
State = CustomerRun.State
_PROGRESS: Final = ("step", "cursor", "accounts", "customers", "handled", "linked", "created", "updated", "ambiguous")
_ORDER: Final = (Step.ACCOUNTS, Step.CUSTOMERS, Step.MATCH, Step.WRITE, Step.STEP)
# Customers that are compared under one lease of the lane.
STEP_BATCH: Final = 50
# Exact's clock and the database's differ.
_MARGIN: Final = timedelta(minutes=10)
_RENEW_EVERY: Final = 10.0


class Interrupted(Exception):
    """The turn ends: a person paused or stopped the run, or the lane is another's."""


def running() -> QuerySet[CustomerRun]:
    """Return the runs that may go on. Those of a suspended organisation wait."""
    return CustomerRun.objects.filter(state=State.RUNNING, tenant__suspended=False)


@dataclass(slots=True)
class Turn:
    """One turn of a run. It ends when all is done, when a person pauses or stops the run, and at `until`."""

    run: CustomerRun
    lease: leases.Lease
    until: float
    live_first: bool
    reading: LaneClients
    lane: LaneClients | None = None
    renewed: float = 0.0

    @classmethod
    def of(cls, run: CustomerRun, lease: leases.Lease, *, seconds: float, live_first: bool) -> Self:
        """Return a turn that begins now and lasts so many seconds."""
        reading = LaneClients(run.connection.division, low_priority=True)
        return cls(run, lease, time.monotonic() + seconds, live_first, reading, renewed=time.monotonic())

    @property
    def last_upstream(self) -> Upstream | None:
        """The vendor that was called last."""
        return (self.lane or self.reading).last_upstream

    def go(self) -> None:
        """Work until the turn ends. Raises the clients' errors and LeaseLost."""
        try:
            while self._may_go_on() and self._do_some():
                self._keep()
        except Interrupted:
            return
        except errors.ClientError:
            self._save()
            raise

    def _may_go_on(self) -> bool:
        if self.live_first and self._live_orders_wait():
            self._wait_until(database_now() + LIVE_FIRST)
            return False
        return time.monotonic() < self.until and not stopping.is_asked()

    def _live_orders_wait(self) -> bool:
        return due.due(self.run.connection.division_id, database_now()).filter(low_priority=False).exists()

    def _do_some(self) -> bool:
        """Do a page or a batch of the step. Returns whether there is more to do. Raises the clients' errors."""
        match self.run.step:
            case Step.ACCOUNTS:
                self._read_accounts()
            case Step.CUSTOMERS:
                self._read_customers()
            case Step.MATCH:
                return self._match()
            case Step.WRITE:
                return self._make_some()
            case _:
                return self._bring_some_in_step()
        return True

    def _read_accounts(self) -> None:
        connection, client = self.run.connection, self.reading.exact
        before, pages = self.run.accounts, list[int]()

        def keep_page(count: int) -> None:
            pages.append(count)
            self.run.accounts = before + sum(pages)
            self._keep_and_look()

        self.run.accounts = before + directory.pull(connection.division, client, keep_page)
        deleted.take_out(connection.division, client, self._one_more)
        self._next_step()

    def _one_more(self, _count: int) -> None:
        self.run.handled += 1
        self._keep_and_look()

    def _keep_and_look(self) -> None:
        """Store the progress within a step. Raises Interrupted when the turn ends: the next one goes on there."""
        self._keep()
        if not self._may_go_on():
            raise Interrupted

    def _read_customers(self) -> None:
        store, run = self.run.connection.store, self.run
        # A person's run finds changes of addresses too, which may not count as changes of the customer.
        whole = None if run.scheduled else True
        read = store_copy.read_page(store, self.reading.store(store), run.cursor, whole=whole)
        run.customers += read.customers
        run.handled, run.cursor = run.customers, read.cursor
        if not read.cursor:
            self._next_step()

    def _match(self) -> bool:
        """Find the account of each customer, and link it unless it is a report. Returns whether there is more."""
        run = self.run
        found = match(run.connection, customers_of(run.connection), self._handled, retry=not run.scheduled)
        outcomes.forget_linked(run.connection)
        if run.what == CustomerRun.What.REPORT:
            run.linked = found.linked + outcomes.note(run.connection, found.others)
            return self._end()
        kept = outcomes.keep(run.connection, found.others, run.actor)
        run.linked += kept.linked
        run.ambiguous = kept.ambiguous
        self._next_step()
        return True

    def _handled(self, number: int) -> None:
        """Store how many customers were looked at. Raises Interrupted when a person has paused or stopped the run."""
        self.run.handled = number
        self._keep()
        if self.until == 0.0:
            raise Interrupted

    def _make_some(self) -> bool:
        """Make some missing accounts, where the connection makes any. Returns whether there is more to do.

        Raises Interrupted while it is not clear whether Exact has some of them.
        """
        run, connection = self.run, self.run.connection
        if not _makes_accounts(self.run):
            self._next_step()
            return True
        made = make_missing.Made(int(run.cursor or 0))
        try:
            with self._in_lane() as clients:
                more = make_missing.make_some(connection, made, clients.exact, run.actor, self._renew)
        finally:  # what was made before a call failed counts
            run.created += made.created
            run.linked += made.linked
        if more:
            run.handled, run.cursor = run.handled + made.handled, f"{made.last}"
        elif settled_at := make_missing.settled_at(connection):
            run.cursor = ""
            self._save()
            self._wait_until(settled_at)
            raise Interrupted
        else:
            self._next_step()
        return True

    def _bring_some_in_step(self) -> bool:
        """Compare some customers and carry over what is due. Returns whether there is more to do; else the run ends."""
        run = self.run
        if not writes(run.connection):
            return self._end()
        with self._in_lane() as clients:
            # Read under the lease: what a person changed before is known then.
            batch = list(self._to_compare().filter(pk__gt=int(run.cursor or 0)).order_by("pk")[:STEP_BATCH])
            if not batch:
                return self._end()
            done = bring_all_in_step(
                batch,
                clients,
                make_equal=run.what == CustomerRun.What.PUSH,
                origin=CustomerEvent.Origin.SCHEDULE if run.scheduled else CustomerEvent.Origin.RUN,
                actor=run.actor,
            )
        run.updated += sum(bool(each.written) for each in done.values())
        run.handled += len(batch)
        run.cursor = f"{batch[-1].pk}"
        return True

    def _to_compare(self) -> QuerySet[CustomerLink]:
        """The links to compare: for a push all of them, else those of which a side may have changed since."""
        connection = self.run.connection
        links = CustomerLink.objects.filter(store=connection.store, division=connection.division)
        links = links.filter(forgotten_at=None).exclude(account_id="")
        # One with a side that changed since it was read waits until that is read again.
        unread = StoreCustomer.objects.filter(store=OuterRef("store"), customer_key=OuterRef("customer_key"))
        reported = DirectoryAccount.objects.filter(division=OuterRef("division"), account_id=OuterRef("account_id"))
        links = links.filter(
            ~Exists(unread.filter(due_at__isnull=False)), ~Exists(reported.filter(due_at__isnull=False))
        )
        if self.run.what == CustomerRun.What.PUSH:
            return links
        changed = DirectoryAccount.objects.filter(
            division=OuterRef("division"),
            account_id=OuterRef("account_id"),
            modified_at__gt=OuterRef("in_step_at") - _MARGIN,
        )
        return links.filter(Q(due_at__isnull=False) | Q(in_step_at=None) | Exists(changed))

    @contextmanager
    def _in_lane(self) -> Iterator[LaneClients]:
        """Give the lane's clients, under its lease. Raises Interrupted when another process has it."""
        pk = self.run.connection.division_id
        lease = leases.acquire(Division, pk)
        if lease is None:
            self._wait_until(database_now() + LIVE_FIRST)
            raise Interrupted
        try:
            division = Division.objects.select_related("grant__tenant").get(pk=pk)
            self.lane = LaneClients(division, lease, low_priority=True)
            yield self.lane
        finally:
            leases.release(lease)
        # Work that came meanwhile woke a worker that could not get the lease.
        if due.has_work(pk, database_now()):
            wakeup.hand_back(pk)

    def _next_step(self) -> None:
        run = self.run
        run.step, run.cursor, run.handled = _ORDER[_ORDER.index(Step(run.step)) + 1], "", 0

    def _end(self) -> bool:
        """End the run, and count who waits for a person. Returns that there is no more to do."""
        self.run.ambiguous = outcomes.waiting_for_person(self.run.connection).count()
        self._keep()
        ended = {"state": State.FINISHED, "due_at": None, "finished_at": database_now()}
        running().filter(pk=self.run.pk).update(**ended)
        return False

    def _renew(self) -> None:
        """Renew the run's lease when that is due. Raises LeaseLost."""
        if time.monotonic() - self.renewed >= _RENEW_EVERY:
            leases.renew(self.lease)
            self.renewed = time.monotonic()

    def _keep(self) -> None:
        """Store the progress and renew the lease. The turn ends when a person has paused or stopped the run, or
        suspended its organisation. Raises LeaseLost."""
        leases.renew(self.lease)
        self.renewed = time.monotonic()
        if not self._save(failures=0):
            self.until = 0.0

    def _save(self, **more: int) -> bool:
        """Store the progress. Returns whether the run may go on."""
        kept = {name: getattr(self.run, name) for name in _PROGRESS}
        mine = leases.held(self.lease)
        mine.filter(state__in=[State.RUNNING, State.PAUSED]).update(**kept, **more)
        return running().filter(pk=self.run.pk).exists()

    def _wait_until(self, moment: datetime) -> None:
        running().filter(pk=self.run.pk).update(due_at=moment)


def _makes_accounts(run: CustomerRun) -> bool:
    """Whether missing accounts are made: where orders make them, and details may go to Exact."""
    connection = run.connection
    makes = connection.customer_strategy == CustomerStrategy.MATCH_OR_CREATE
    ways = {CustomerDirection.BOTH, CustomerDirection.TO_EXACT}
    return writes(connection) and makes and connection.customer_direction in ways
