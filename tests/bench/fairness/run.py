"""One run: orders alone, the same beside busy shops, then a stop in the middle of the work."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import uuid4

from django_q.models import OrmQ

from connector.flow.inbox.receive import NewDelivery, into_inbox
from connector.flow.setup.provision.run import provision
from connector.models import Connection, Delivery, OrderSync, Store
from connector.sandbox.bigcommerce.webhook_sender import Event
from tests.bench.crowd.processes import Processes
from tests.bench.crowd.world import CARTS, FIRST_ORDER, World

LOOK_SECONDS, PATIENCE_SECONDS = 0.2, 600.0
# A shop's order of so much later has the same customer, whom Exact knows by then.
NEXT = len(CARTS)
BEGUN, THROUGHPUT_SECONDS = 3, 10.0
WAIT_GOAL, STOP_GOAL = 2.0, 5.0
POSTED = OrderSync.objects.filter(state="posted")


@dataclass(frozen=True, slots=True)
class Figures:
    """The wait beside busy shops as a multiple of that alone, the most wake-ups of one lane, the seconds of a stop."""

    wait_ratio: float
    most_wake_ups: int
    stop_seconds: float

    @property
    def reach_the_goals(self) -> bool:
        """Whether each reaches its goal."""
        return self.wait_ratio <= WAIT_GOAL and self.most_wake_ups <= 1 and self.stop_seconds <= STOP_GOAL


class Run:
    """Plays a world whose first `single` shops have one order each; the others are busy."""

    def __init__(self, world: World, single: int, log: Path) -> None:
        self.world = world
        self.single, self.busy = world.organisations[:single], world.organisations[single:]
        self.log = log
        self.most_in_queue = 0

    def play(self, backlog: int, answer_seconds: float) -> Figures:
        """Deliver, wait and stop; returns what was measured."""
        for one in self.world.organisations:
            provision(self.world.file(one), with_hooks=False, tell=lambda line: None)
        for service in (self.world.sandbox.stores, self.world.sandbox.exact):
            service.faults.add("delay", times=-1, seconds=answer_seconds)
        with Processes(self.log) as processes:
            worker = processes.worker()
            self._waits(self.world.place(1))
            alone = self._waits(self.world.place(1, FIRST_ORDER + NEXT, among=self.single))
            deliver(self.world.place(backlog, FIRST_ORDER + 2 * NEXT, among=self.busy))
            before = POSTED.count()
            while POSTED.count() < before + BEGUN * len(self.busy):  # the busy shops are at work
                time.sleep(LOOK_SECONDS)
            beside = self._waits(self.world.place(1, FIRST_ORDER + 2 * NEXT, among=self.single))
            self._throughput(worker.pid)
            stopped = self._stop(worker)
        say(f"one order each, alone: {in_words(alone)}")
        say(f"one order each, beside busy shops: {in_words(beside)}")
        return Figures(median(beside) / median(alone), self.most_in_queue, stopped)

    def _waits(self, events: Sequence[Event]) -> list[float]:
        """Deliver, wait until all are posted, and look into the queue meanwhile; returns the seconds of each order."""
        deliver(events)
        keys = {(event.store_hash, event.order_id) for event in events}
        shops, orders = (set(each) for each in zip(*keys, strict=True))
        mine = POSTED.filter(order_id__in=orders, connection__store__store_hash__in=shops)
        while mine.count() < len(keys):
            self._look()
            time.sleep(LOOK_SECONDS)
        deliveries = Delivery.objects.filter(order_id__in=orders, store__store_hash__in=shops)
        received = {(row.store_id, row.order_id): row.received_at for row in deliveries}
        posted = mine.values_list("connection__store", "order_id", "posted_at")
        return [(at - received[store, order]).total_seconds() for store, order, at in posted if at]

    def _look(self) -> None:
        standing = Counter(package.task["args"] for package in OrmQ.objects.all())
        self.most_in_queue = max(self.most_in_queue, *standing.values(), 0)

    def _throughput(self, worker: int) -> None:
        before, began = POSTED.count(), time.monotonic()
        time.sleep(THROUGHPUT_SECONDS)
        rate = (POSTED.count() - before) / (time.monotonic() - began)
        memory = sum(map(megabytes, family(worker)))
        left = OrderSync.objects.exclude(state="posted").count()
        say(f"busy shops alone: {rate:.1f} documents a second, {left} left; the worker takes {memory:.0f} MB")

    def _stop(self, worker: subprocess.Popen[bytes]) -> float:
        """Send SIGTERM to all of the worker's processes; returns the seconds until the last one has ended."""
        everyone = family(worker.pid)
        begun, asked = OrderSync.objects.filter(attempts__gt=0).count(), time.monotonic()
        for pid in everyone:
            os.kill(pid, signal.SIGTERM)
        worker.wait(PATIENCE_SECONDS)
        seconds = time.monotonic() - asked
        later = OrderSync.objects.filter(attempts__gt=0).count() - begun
        open_ = OrderSync.objects.filter(state__in=["preparing", "posting"]).count()
        say(f"stopped in {seconds:.1f} s; {later} documents begun meanwhile, {open_} broken off")
        self._look()
        return seconds


def deliver(events: Sequence[Event]) -> None:
    """Put the events into the inbox, as the web process does."""
    lanes = dict(Connection.objects.values_list("store", "division"))
    stores = dict(Store.objects.values_list("store_hash", "pk"))
    for event in events:
        store = stores[event.store_hash]
        delivery = NewDelivery(
            store_id=store,
            webhook_id=uuid4().hex,
            scope=event.scope,
            order_id=event.order_id,
            customer_id=None,
            event_hash=uuid4().hex,
            proof=Delivery.Proof.HEADER,
            signature=Delivery.Signature.ABSENT,
            body="{}",
            request="",
            processed_at=None,
        )
        into_inbox([delivery], [lanes[store]])


def in_words(waits: Sequence[float]) -> str:
    return f"median {median(waits):.2f} s, from {min(waits):.2f} to {max(waits):.2f} s"


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in found for each in family(int(child)))]


def megabytes(pid: int) -> float:
    """The memory of a process, with its share of what it has in common with others."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
