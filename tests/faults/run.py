"""One seeded run: orders come, a fault strikes on each side, and time passes until nothing is due."""

import sys

from connector.domain.document.states import State
from connector.flow import leases
from connector.flow.actions.documents import re_post
from connector.flow.clock import database_now
from connector.models import Connection, Delivery, OrderSync, Store, SyncEvent
from connector.models.credentials import Health
from connector.sandbox.bigcommerce.webhook_sender import CREATED, REFUNDED, Event
from connector.sandbox.http.faults import Fault
from tests.faults import invariants
from tests.faults.documents import DIVISION, STORE
from tests.faults.plan import Plan
from tests.faults.report import Breach, Report
from tests.faults.settle_time import is_connected, next_moment
from tests.faults.setup.lane_world import RIVAL_DIVISION, RIVAL_STORE, LaneWorld
from tests.faults.workers import Ending

MOST_TURNS = 120
FIXED_AFTER = 6  # turns; a fault that strikes until it is fixed ends then
MOST_FIXES = 4  # the armed point may still strike after the first
LEASE_IS_OVER = leases.LEASE_SECONDS + 1


class Run:
    """Does one plan in the world of a lane."""

    def __init__(self, world: LaneWorld, plan: Plan) -> None:
        self.world = world
        self.plan = plan
        self.report = Report(plan.seed, str(plan), plan.document.name, plan.kind, plan.point)
        self.armed = plan.armed
        self.asleep: Ending | None = None
        self.last_event = 0

    def play(self) -> Report:
        """Do the whole run; the report has every breach."""
        plan, world = self.plan, self.world
        self.orders = world.reset(plan)
        self.report.orders = len(self.orders)
        self.last_event = SyncEvent.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        self.connection = Connection.objects.select_related("store__tenant", "division").get(store__store_hash=STORE)
        self.fault, self.wanted = self._arm_vendor_fault()
        try:
            self._deliver(self._events())
            self._until_quiet()
            self._check_held_rows()
            for fixes in range(MOST_FIXES):
                if fixes or self._strikes():
                    self._clear()  # a fault that has not struck yet for lack of a consent stays
                if not self._fix_and_repost():
                    break
                self._until_quiet()
            self._clear()
        finally:
            self._wake_up()
        self.report.breaches += self._check()
        self.report.fault_struck = self._strikes() > 0
        return self.report

    def _events(self) -> list[Event]:
        """Return the store's events: of a refund or of a new order."""
        scopes = [REFUNDED if sold.refund else CREATED for sold in self.plan.sold]
        return [Event(STORE, order, scope) for order, scope in zip(self.orders, scopes, strict=True)]

    def _arm_vendor_fault(self) -> tuple[Fault, int]:
        plan = self.plan
        fakes = self.world.sandbox
        if plan.lead:
            lead = plan.document.calls[plan.call.lead]
            fakes.exact.faults.add(plan.lead, lead.method, lead.path)
        service = fakes.stores if plan.call.is_of_the_store else fakes.exact
        call = plan.call
        fault = service.faults.add(
            plan.kind, call.method, call.path, times=plan.times, skip=call.pass_by, seconds=plan.seconds
        )
        return fault, plan.times

    def _strikes(self) -> int:
        return self.wanted - self.fault.times

    def _deliver(self, events: list[Event]) -> None:
        """Deliver until the answer is 200, as BigCommerce does."""
        deliveries = Delivery.objects.filter(store=self.connection.store, order_id__in=self.orders)
        before = deliveries.count()
        for _ in range(5):
            ending = self._turn(tuple(events))
            self._look_after(ending)
            if ending.how == "done":
                return
            if self.plan.point != "delivery_stored" and deliveries.count() >= before + len(events):
                return
        raise AssertionError("The deliveries were not taken.")

    def _until_quiet(self) -> None:
        for _ in range(MOST_TURNS):
            moment = next_moment(self.connection)
            if moment is None:
                if self.asleep is None:
                    return
                self._wake_up()
                continue
            self.world.clock.advance_to(moment, database_now())
            if self.report.turns >= FIXED_AFTER and self.plan.times < 0:
                self._clear()
            self._look_after(self._turn())
        self.report.breaches.append(Breach("lost", f"Not quiet after {MOST_TURNS} turns."))

    def _turn(self, events: tuple[Event, ...] = ()) -> Ending:
        self.report.turns += 1
        ending = self.world.workers.do(self.world.job(self.armed, events))
        self._print_turn(ending)
        if self.armed and ending.struck:
            self.armed, self.report.point_struck = "", True
        self.world.exact.settle()  # a late write is done before the clock moves
        return ending

    def _print_turn(self, ending: Ending) -> None:
        """In a run alone, print what each turn did."""
        if self.world.quiet:
            return
        passed = self.world.clock.skew.total_seconds()
        sys.stderr.write(f"--- turn {self.report.turns}, {passed:.0f} s later: {ending.how}\n")
        for event in (
            SyncEvent.objects.filter(pk__gt=self.last_event, tenant__slug="acme")
            .select_related("document")
            .order_by("pk")
        ):
            self.last_event = event.pk
            sys.stderr.write(f"    {event.document and event.document.order_id} {event.text}\n")

    def _look_after(self, ending: Ending) -> None:
        if ending.how == "stuck":
            self.report.breaches.append(Breach("lost", "A worker did not come to an end."))
        if ending.how == "stopped":
            self.asleep = ending
            self.world.clock.advance(LEASE_IS_OVER)
            if self.plan.wakes == "early":
                self._wake_up()

    def _wake_up(self) -> None:
        if self.asleep is not None:
            asleep, self.asleep = self.asleep, None
            self._look_after(self.world.workers.wake(asleep.pid))

    def _clear(self) -> None:
        self.world.exact.faults.clear()
        self.world.sandbox.stores.faults.clear()

    def _check_held_rows(self) -> None:
        """Before anything is fixed, each row has a next step or is a visible exception."""
        if is_connected(self.connection):
            self.report.breaches += invariants.next_steps(self.connection)
        else:
            self.report.held["reconnect"] += 1
        rows = OrderSync.objects.filter(connection=self.connection, state=State.BLOCKED)
        self.report.held.update(rows.values_list("reason", flat=True))

    def _fix_and_repost(self) -> bool:
        """A person connects again and re-posts the held documents; returns whether there were any."""
        connected = is_connected(self.connection)
        if not connected:
            Store.objects.filter(store_hash=STORE).update(state=Health.ACTIVE)
            self.connection.division.grant.refresh_from_db()
            if self.connection.division.grant.state == Health.RECONNECT:
                self.world.consent()
        held = OrderSync.objects.filter(connection=self.connection, state=State.BLOCKED)
        documents = list(held.select_related("connection__store"))
        for document in documents:
            re_post(document, None, "fixed")
        return bool(documents) or not connected

    def _check(self) -> list[Breach]:
        sandbox = self.world.sandbox
        self.connection.refresh_from_db()
        breaches = [
            *invariants.orders_and_documents(sandbox, self.connection, self.orders),
            *invariants.accounts(sandbox, DIVISION),
            *invariants.next_steps(self.connection),
            *invariants.limits(sandbox.exact.calls),
            *invariants.tokens(sandbox.exact.calls, consents=self.world.consents, struck=self._token_strikes()),
        ]
        left = OrderSync.objects.filter(connection=self.connection).exclude(state=State.POSTED)
        breaches += [
            Breach("lost", f"Order {row.order_id} is {row.state} though all is fixed: {row.message}") for row in left
        ]
        if self.world.rival.changed():
            breaches.append(Breach("difference", "Rows of another tenant changed."))
        if [c for c in [*sandbox.exact.calls, *sandbox.stores.calls] if _is_of_the_rival(c.path)]:
            breaches.append(Breach("difference", "Another tenant's side was called."))
        return breaches

    def _token_strikes(self) -> int:
        """Return how often a fault struck a token call: Exact's fault, or ours during the call."""
        theirs = self._strikes() if self.plan.call.name == "token" else 0
        return theirs + (self.report.point_struck and self.plan.point.startswith("refresh"))


def _is_of_the_rival(path: str) -> bool:
    return str(RIVAL_DIVISION) in path or RIVAL_STORE in path
