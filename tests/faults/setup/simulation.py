"""Acme with a clock that moves, in one process. Its workers die, sleep and wake up at a fault point."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import pytest

from connector.flow import fault_points, leases
from connector.flow.clock import database_now
from connector.flow.lane import waiting
from connector.flow.pipeline import run_lane
from connector.models import ExactGrant
from connector.sandbox.bigcommerce.webhook_sender import CREATED
from tenants.fields import sealed_for
from tests.acme import DIVISION, STORE, Acme
from tests.faults import invariants
from tests.faults.clock import Clock
from tests.faults.report import Breach
from tests.faults.settle_time import next_moment

MOST_TURNS = 25


class Killed(BaseException):
    """Stands for the end of the process. The product does not catch it."""


class Simulation:
    """What happens to Acme: deliveries, work, time and consents."""

    def __init__(self, acme: Acme, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        self.acme = acme
        self.sandbox = acme.sandbox
        self.clock = clock
        self.orders: set[int] = set()
        self.consents: list[datetime] = []
        self.while_asleep: Callable[[], None] = lambda: None
        monkeypatch.setattr(os, "kill", self._signalled)

    def deliver(self, *orders: int, scope: str = CREATED) -> None:
        """Deliver orders."""
        for order in orders:
            self.orders.add(order)
            assert self.acme.ring(order, scope) == 200

    def work(self, point: str = "", *, seconds: float = 30.0) -> None:
        """Do the due work. The worker dies, sleeps or fails at the point."""
        fault_points.arm(point)
        with suppress(Killed, fault_points.Struck):
            for lane in waiting.lanes_with_work(database_now()):
                run_lane.drain_lane(lane, seconds=seconds)
        fault_points.arm("")

    def until_quiet(self) -> None:
        """Let time pass and work until nothing is due."""
        for _ in range(MOST_TURNS):
            self.work()
            self.sandbox.exact.settle()
            moment = next_moment(self.acme.connection)
            if moment is None:
                return
            self.clock.advance_to(moment, database_now())

    def others_finish(self) -> None:
        """End the lease of a sleeping worker, and let another worker take the lane."""
        self.clock.advance(leases.LEASE_SECONDS + 1)
        self.until_quiet()

    def consent_again(self) -> None:
        """A person connects again."""
        self.consents.append(self.sandbox.exact.now())
        grant = ExactGrant.objects.get()
        ExactGrant.objects.update(
            refresh_token=sealed_for(grant, "refresh_token", self.sandbox.exact.issue_refresh_token()),
            access_token="",
            access_expires_at=None,
            consented_at=database_now(),
            state="active",
        )

    def breaches(self, *, struck: int = 0) -> list[Breach]:
        """Return everything that is wrong. `struck`: how often a fault struck a token call."""
        self.acme.connection.refresh_from_db()
        return [
            *invariants.orders_and_documents(self.sandbox, self.acme.connection, sorted(self.orders)),
            *invariants.accounts(self.sandbox, DIVISION),
            *invariants.next_steps(self.acme.connection),
            *invariants.limits(self.sandbox.exact.calls),
            *invariants.tokens(self.sandbox.exact.calls, consents=self.consents, struck=struck),
        ]

    def _signalled(self, pid: int, number: int) -> None:
        """Replace os.kill: raise Killed for a kill, and let others work during a sleep."""
        if number == signal.SIGKILL:
            raise Killed
        if number == signal.SIGSTOP:
            self.while_asleep()
        elif number == 0 and pid != os.getpid():
            raise ProcessLookupError


__all__ = ["DIVISION", "STORE", "Killed", "Simulation"]
