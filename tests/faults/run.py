"""One seeded run: orders come, something breaks on our side and something on theirs, time passes until all is quiet."""

import sys

from connector.domain.states import State
from connector.flow import leases
from connector.flow.actions.documents import re_post
from connector.models import Connection, OrderSync, Store, SyncEvent
from connector.models.connections import Health
from connector.sandbox.faults import Fault
from tests.faults import invariants
from tests.faults.hands import Ending
from tests.faults.plan import CALLS, DIVISION, STORE, Plan
from tests.faults.quiet import is_connected, next_moment
from tests.faults.report import Breach, Report
from tests.faults.stage import RIVAL_DIVISION, RIVAL_STORE, Stage

MOST_TURNS = 120
MENDED_AFTER = 6  # turns; what strikes "until mended" is mended then
LEASE_IS_OVER = leases.LEASE_SECONDS + 1


class Run:
    """Plays one plan on a stage."""

    def __init__(self, stage: Stage, plan: Plan) -> None:
        self.stage = stage
        self.plan = plan
        self.report = Report(plan.seed, str(plan), plan.kind, plan.point)
        self.armed = plan.armed
        self.asleep: Ending | None = None
        self.told_to = -1

    def play(self) -> Report:
        """Do it all; the report has every breach."""
        plan, stage = self.plan, self.stage
        self.orders = stage.reset(plan)
        self.report.orders = len(self.orders)
        self.connection = Connection.objects.select_related("store__tenant", "division").get(store__store_hash=STORE)
        self.fault, self.wanted = self._arm_the_far_side()
        try:
            self._ring()
            self._until_quiet()
            self._mend()
            self._until_quiet()
            self._by_hand()
        finally:
            self._wake_up()
        self.report.breaches += self._check()
        self.report.faulted = self._has_struck()
        return self.report

    def _arm_the_far_side(self) -> tuple[Fault, int]:
        plan = self.plan
        fakes = self.stage.sandbox
        if plan.lead:
            lead = CALLS[plan.call.lead]
            fakes.exact.faults.add(plan.lead, lead.method, lead.path)
        service = fakes.stores if plan.call.is_of_the_store else fakes.exact
        fault = service.faults.add(plan.kind, plan.call.method, plan.call.path, times=plan.times, seconds=plan.seconds)
        return fault, plan.times

    def _has_struck(self) -> bool:
        return self.fault.times != self.wanted

    def _ring(self) -> None:
        """The store tells until it hears 200, as BigCommerce does."""
        for _ in range(5):
            ending = self._turn(tuple(self.orders))
            if ending.how == "done":
                return
            self._look_after(ending)
        raise AssertionError("The deliveries were not taken.")

    def _until_quiet(self) -> None:
        for _ in range(MOST_TURNS):
            if self.report.turns == MENDED_AFTER and self.plan.times < 0:
                self._clear()
            self._look_after(self._turn())
            moment = next_moment(self.connection)
            if moment is None:
                if self.asleep is None:
                    return
                self._wake_up()
                continue
            self.stage.clock.advance_to(moment, leases.database_now())
        self.report.breaches.append(Breach("lost", f"Not quiet after {MOST_TURNS} turns."))

    def _turn(self, rung: tuple[int, ...] = ()) -> Ending:
        self.report.turns += 1
        ending = self.stage.hands.do(self.stage.job(self.armed, rung))
        self._tell(ending)
        if self.armed and ending.struck:
            self.armed, self.report.pointed = "", True
        self.stage.exact.settle()  # what is on its way lands before any of the moved time passes
        return ending

    def _tell(self, ending: Ending) -> None:
        """With one run alone: what each turn did."""
        if self.stage.quiet:
            return
        passed = self.stage.clock.skew.total_seconds()
        sys.stderr.write(f"--- turn {self.report.turns}, {passed:.0f} s later: {ending.how}\n")
        for event in (
            SyncEvent.objects.filter(pk__gt=self.told_to, tenant__slug="acme").select_related("document").order_by("pk")
        ):
            self.told_to = event.pk
            sys.stderr.write(f"    {event.document and event.document.order_id} {event.text}\n")

    def _look_after(self, ending: Ending) -> None:
        if ending.how == "stuck":
            self.report.breaches.append(Breach("lost", "A worker did not come to an end."))
        if ending.how == "stopped":
            self.asleep = ending
            self.stage.clock.advance(LEASE_IS_OVER)
            if self.plan.wakes == "early":
                self._wake_up()

    def _wake_up(self) -> None:
        if self.asleep is not None:
            asleep, self.asleep = self.asleep, None
            self._look_after(self.stage.hands.wake(asleep.pid))

    def _clear(self) -> None:
        self.stage.exact.faults.clear()
        self.stage.sandbox.stores.faults.clear()

    def _mend(self) -> None:
        """The vendors are well again, and whoever must consents anew."""
        self.report.breaches += invariants.next_steps(self.connection) if is_connected(self.connection) else []
        self.report.held.update(
            OrderSync.objects.filter(connection=self.connection, state=State.BLOCKED).values_list("reason", flat=True)
        )
        self._clear()
        self.connection.division.grant.refresh_from_db()
        if self.connection.division.grant.state == Health.RECONNECT:
            self.report.held["reconnect"] += 1
            self.stage.consent()
        if Store.objects.filter(store_hash=STORE, state=Health.RECONNECT).update(state=Health.ACTIVE):
            self.report.held["reconnect"] += 1

    def _by_hand(self) -> None:
        """A person sends what is held through again, twice at most: then all must be posted."""
        for _ in range(2):
            held = OrderSync.objects.filter(connection=self.connection, state=State.BLOCKED)
            if not held:
                return
            for document in held.select_related("connection__store"):
                re_post(document, None, "mended")
            self._until_quiet()

    def _check(self) -> list[Breach]:
        sandbox = self.stage.sandbox
        self.connection.refresh_from_db()
        breaches = [
            *invariants.orders_and_documents(sandbox, self.connection, self.orders),
            *invariants.accounts(sandbox, DIVISION),
            *invariants.next_steps(self.connection),
            *invariants.limits(sandbox.exact.calls),
        ]
        if not self._touches_tokens():
            breaches += invariants.tokens(sandbox.exact.calls)
        left = OrderSync.objects.filter(connection=self.connection).exclude(state=State.POSTED)
        breaches += [
            Breach("lost", f"Order {row.order_id} is {row.state} though all is mended: {row.message}") for row in left
        ]
        if invariants.rows_of("rival") != self.stage.rival:
            breaches.append(Breach("difference", "Rows of another tenant changed."))
        if [c for c in [*sandbox.exact.calls, *sandbox.stores.calls] if _is_of_the_rival(c.path)]:
            breaches.append(Breach("difference", "Another tenant's side was called."))
        return breaches

    def _touches_tokens(self) -> bool:
        return self.plan.call.name == "token" or self.plan.kind == "401" or self.plan.point.startswith("refresh")


def _is_of_the_rival(path: str) -> bool:
    return str(RIVAL_DIVISION) in path or RIVAL_STORE in path
