"""One run: provision, one order of each organisation alone, then all orders while workers are killed."""

import itertools
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from connector.flow.setup.provision.run import provision
from connector.models import OrderSync
from connector.sandbox.bigcommerce.webhook_sender import Event
from tests.bench.crowd import outcome
from tests.bench.crowd.processes import Processes, kill
from tests.bench.crowd.world import FIRST_ORDER, World

WEB_SERVERS, WORKERS, SENDERS = 2, 3, 4
LOOK_SECONDS, SAY_SECONDS = 0.5, 15.0
PATIENCE_SECONDS = 1800.0


class Run:
    """Plays the orders of a world. `log` gets what the processes say."""

    def __init__(self, world: World, log: Path, kill_seconds: float) -> None:
        self.world = world
        self.log = log
        self.kill_seconds = kill_seconds
        self.killed = 0

    def play(self, orders_each: int) -> int:
        """Return 0 when every order is exactly one invoice with its total. Raises TimeoutError after half an hour."""
        self._provision()
        with Processes(self.log) as self.processes:
            self.addresses = [self.processes.web() for _ in range(WEB_SERVERS)]
            self.workers = [self.processes.worker() for _ in range(WORKERS)]
            time.sleep(LOOK_SECONDS * 6)  # until they look for work
            self._post(1, FIRST_ORDER, kill_seconds=float("inf"))
            alone = outcome.first_waits(FIRST_ORDER)
            say(f"one order each, alone: {outcome.in_words(alone)}")
            self._post(orders_each, FIRST_ORDER + 1, kill_seconds=self.kill_seconds)
            among_all = outcome.first_waits(FIRST_ORDER + 1)
            say(f"first order of each among all: {outcome.in_words(among_all)}; {outcome.compared(alone, among_all)}")
        wrong = outcome.differences(self.world)
        for line in wrong[:20]:
            say(line)
        say(f"{self.killed} workers killed; documents: {dict(outcome.states())}; {len(wrong)} differences")
        say(f"the log of the processes is {self.log}")
        return 1 if wrong else 0

    def _provision(self) -> None:
        started = time.monotonic()
        for number, one in enumerate(self.world.organisations, 1):
            provision(self.world.file(one), with_hooks=True, tell=lambda line: None)
            if number % 25 == 0:
                say(f"{number} organisations provisioned: {time.monotonic() - started:.0f} s")

    def _post(self, orders_each: int, first: int, *, kill_seconds: float) -> None:
        """Deliver so many orders of each organisation, and wait until all are posted."""
        events = self.world.place(orders_each, first)
        wanted = len(self.world.expected())  # the poll may find some of them before they are delivered
        started = time.monotonic()
        with ThreadPoolExecutor(SENDERS) as pool:
            sent = pool.map(self._send, events, itertools.cycle(self.addresses))
            self._watch(wanted, started, kill_seconds)
            assert set(sent) == {200}, "A delivery was refused."
        seconds = time.monotonic() - started
        say(f"{len(events)} orders in {seconds:.0f} s, {len(events) / seconds:.1f} a second")

    def _send(self, event: Event, address: str) -> int:
        sender = self.world.sandbox.sender(address)
        (hook,) = sender.hooks(event.store_hash, event.scope)
        return sender.deliver(event.store_hash, event.order_id, event.scope, hook=hook)

    def _watch(self, wanted: int, started: float, kill_seconds: float) -> None:
        next_kill, next_words = started + kill_seconds, started + SAY_SECONDS
        while (posted := OrderSync.objects.filter(state="posted").count()) < wanted:
            now = time.monotonic()
            if now > started + PATIENCE_SECONDS:
                raise TimeoutError(f"{posted} of {wanted} documents are posted: {dict(outcome.states())}")
            if now > next_kill:
                next_kill = now + kill_seconds
                self._replace_a_worker()
            if now > next_words:
                next_words = now + SAY_SECONDS
                say(f"{posted} of {wanted} posted")
            time.sleep(LOOK_SECONDS)

    def _replace_a_worker(self) -> None:
        kill(self.workers[self.killed % WORKERS])
        self.workers[self.killed % WORKERS] = self.processes.worker()
        self.killed += 1


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
