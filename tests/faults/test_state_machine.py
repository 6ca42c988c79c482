"""Any events in any order: in the end each order has one document or is one visible exception."""

from copy import deepcopy
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from connector.clients.transport import Request, Response, Transport
from connector.domain.document.states import State
from connector.flow import fault_points
from connector.flow.actions.documents import re_post
from connector.flow.fault_points import POINTS
from connector.models import Connection, ExactGrant, MappingRule, OrderSync
from connector.sandbox.bigcommerce.webhook_sender import REFUNDED
from tests.acme import DIVISION, STORE
from tests.faults import invariants
from tests.faults.documents import INVOICE
from tests.faults.setup.lane_world import TABLES
from tests.faults.setup.simulation import Killed, Simulation

ORDERS = st.sampled_from([*range(1001, 1008), 1012, 1017])
CALLS = INVOICE.calls
# Most losses would happen when an invoice is made.
STRUCK = st.sampled_from(["create"] * 5 + ["print"] * 2 + sorted(CALLS))
SECOND = 0.01  # of the vendors' time, as in the runner
LOST = ["close_before", "close_after", "500_before", "500_after", "truncated", "garbage_201", "late_commit"]
REFUSED = ["503_html", "200_html", "429_minute", "429_day", "401", "403:BlockedCustomer"]


class Machine(RuleBasedStateMachine):
    """Deliver, duplicate, reorder, refund, kill, advance the clock, edit the mapping, revoke, answer late."""

    simulation: Simulation

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.simulation.orders.clear()
        self.simulation.consents.clear()
        self.struck = 0  # how often a fault struck a token call
        self.not_reported: set[int] = set()  # orders with a refund that no delivery named
        exact = self.simulation.sandbox.exact
        division = exact.divisions[DIVISION]
        self.before = {name: deepcopy(division.table(name)) for name in TABLES}
        self.oauth = exact.oauth.grants, exact.oauth.access
        exact.oauth.grants, exact.oauth.access = deepcopy(self.oauth)
        self.shop = self.simulation.sandbox.stores.store(STORE)
        self.sold = deepcopy(self.shop.orders)

    def teardown(self) -> None:
        """Check that all is right in the end, then restore everything for the next example."""
        try:
            self.finish()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)
            exact = self.simulation.sandbox.exact
            for name, rows in self.before.items():
                exact.divisions[DIVISION].table(name).clear()
                exact.divisions[DIVISION].table(name).update(rows)
            exact.oauth.grants, exact.oauth.access = self.oauth
            exact.faults.clear()
            exact.calls.clear()
            for kept in (self.shop.orders, self.shop.before, self.shop.refunds):
                kept.clear()
            self.shop.orders.update(self.sold)
            self.simulation.clock.reset()

    def finish(self) -> None:
        """Remove all faults. The poll finds what no delivery named. A person connects again and re-posts."""
        simulation = self.simulation
        simulation.sandbox.exact.faults.clear()
        simulation.sandbox.stores.faults.clear()
        simulation.deliver(*sorted(self.not_reported & simulation.orders), scope="store/order/updated")
        simulation.until_quiet()
        if ExactGrant.objects.get().state == "reconnect":
            assert not invariants.accounts(simulation.sandbox, DIVISION)
            simulation.consent_again()
            simulation.until_quiet()
        for _ in range(2):
            for document in OrderSync.objects.filter(state=State.BLOCKED).select_related("connection__store"):
                re_post(document, None, "fixed")
            simulation.until_quiet()
        assert simulation.breaches(struck=self.struck) == []
        held = OrderSync.objects.filter(state=State.BLOCKED)
        assert all(row.reason in ("drift", "duplicate") for row in held), [row.message for row in held]

    @rule(order=ORDERS, copies=st.integers(1, 3), updated=st.booleans())
    def deliver(self, order: int, copies: int, updated: bool) -> None:
        """Deliver an order several times; an update may come before the creation."""
        self.simulation.orders.add(order)
        for _ in range(copies):
            scope = "store/order/updated" if updated else "store/order/created"
            assert self.simulation.acme.ring(order, scope, webhook_id=f"{order}-{scope}") == 200

    @rule(order=ORDERS, delivered=st.booleans())
    def refund(self, order: int, delivered: bool) -> None:
        """Refund one piece, until none is left. The order may be unknown until then."""
        line = self.shop.orders[order].products[0]
        if line["quantity_refunded"] < line["quantity"]:
            self.shop.refund(order, {line["id"]: 1})
        if delivered:
            self.simulation.deliver(order, scope=REFUNDED)
        else:
            self.not_reported.add(order)

    @rule(order=ORDERS, point=st.sampled_from(POINTS[1:]), action=st.sampled_from(["kill", "raise", "hang"]))
    def break_a_worker(self, order: int, point: str, action: str) -> None:
        """A worker with an order dies, fails, or sleeps until another has taken its lane."""
        self.simulation.deliver(order)
        self.simulation.while_asleep = self.simulation.others_finish
        self.simulation.work(f"{point}:{action}")
        self.struck += point.startswith("refresh")

    @rule()
    def work(self) -> None:
        """A worker does what is due."""
        self.simulation.work()

    @rule(order=ORDERS)
    def die_while_taking_a_delivery(self, order: int) -> None:
        """The web process dies after it stored a delivery and before its answer. The store delivers again."""
        self.simulation.orders.add(order)
        fault_points.arm("delivery_stored:kill")
        with pytest.raises(Killed):
            self.simulation.acme.ring(order)
        self.simulation.deliver(order)

    @rule(kind=st.sampled_from([*LOST, *REFUSED]), call=STRUCK, order=ORDERS, at_once=st.booleans())
    def fault(self, kind: str, call: str, order: int, at_once: bool) -> None:
        """The next call of this kind fails."""
        one = CALLS[call]
        self.struck += call == "token"
        service = self.simulation.sandbox.stores if one.is_of_the_store else self.simulation.sandbox.exact
        service.faults.add(kind, one.method, one.path, seconds=1.2 if kind == "late_commit" else None)
        if at_once:
            self.simulation.deliver(order)
            self.simulation.work()
            self.simulation.sandbox.exact.settle()

    @rule(order=ORDERS, by=st.sampled_from(["read_lag", "stale_read", "late_commit"]))
    def answer_late(self, order: int, by: str) -> None:
        """Exact makes the invoice late, or the answer is lost and a search does not see the invoice at once."""
        faults, create, search = self.simulation.sandbox.exact.faults, CALLS["create"], CALLS["search"]
        if by == "stale_read":
            faults.add("close_after", create.method, create.path)
            faults.add("stale_read", search.method, search.path, seconds=100)
        else:
            faults.add(by, create.method, create.path, seconds=1.2 if by == "late_commit" else 100)
        self.simulation.deliver(order)
        self.simulation.work("" if by == "late_commit" else "posted_before_record:kill")
        self.simulation.sandbox.exact.settle()

    @rule(seconds=st.sampled_from([1, 30, 61, 180, 700, 90_000]))
    def advance(self, seconds: int) -> None:
        """Time passes."""
        self.simulation.clock.advance(seconds)

    @rule(account=st.sampled_from(["8000", "8010", "8020"]))
    def edit_mapping(self, account: str) -> None:
        """The last rule of the connection gets another GL account."""
        version = MappingRule.objects.order_by("-version_id").values("version_id")[:1]
        MappingRule.objects.filter(version_id__in=version, priority=1000).update(gl_account=account)

    @rule()
    def revoke(self) -> None:
        """The app is withdrawn at Exact."""
        self.simulation.sandbox.exact.revoke()
        self.struck += 1

    @rule()
    def consent(self) -> None:
        """A person connects again."""
        self.simulation.consent_again()

    @rule()
    def fix(self) -> None:
        """A person re-posts the held documents."""
        for document in OrderSync.objects.filter(state=State.BLOCKED).select_related("connection__store"):
            re_post(document, None, "fixed")


def test_whatever_happens_each_order_ends_as_one_document_or_one_exception(simulation: Simulation) -> None:
    Connection.objects.update(refunds="credit")
    simulation.sandbox.exact.set(minute_limit=60)  # what the check of the limits assumes
    patient = Transport.send

    def hurried(self: Transport, request: Request, *, deadline: float) -> Response:
        return patient(self, request, deadline=deadline * SECOND * 2)

    class Here(Machine):
        pass

    Here.simulation = simulation
    bounded = settings(
        max_examples=15,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    with patch.object(Transport, "send", hurried):
        run_state_machine_as_test(Here, settings=bounded)
