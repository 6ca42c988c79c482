"""How much an installation needs for so many orders a day: arithmetic, and a simulation of its busiest minutes.

`python -m tests.bench.capacity` prints the tables of docs/scaling.md. All times are in seconds.
"""

import heapq
import random
import sys
from collections import deque
from collections.abc import Container
from dataclasses import dataclass
from math import ceil
from statistics import median

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Figures:
    """What one order costs. docs/performance.md has the measured ones, the vendors' pages their limits."""

    exact_calls: int = 2  # a known customer's printed invoice: create, print
    store_calls: int = 1
    exact_minute: int = 60  # calls of an app to a division
    exact_day: int = 5_000
    store_hour: int = 20_000  # calls of all apps to a store of the smallest plan
    exact_seconds: float = 0.25  # one call; an assumption
    store_seconds: float = 0.15
    worker_cpu: float = 0.030
    web_cpu: float = 0.004
    deliveries: float = 2.5  # created, updated, and a status now and then
    document_statements: int = 41  # with those of transactions
    delivery_statements: int = 4
    row_bytes: int = 16_000  # ledger, history and deliveries of an order, with their indexes
    busiest_hour: float = 0.10  # of the day's orders

    @property
    def seconds(self) -> float:
        """One document in a worker, from the claim to posted."""
        return self.exact_calls * self.exact_seconds + self.store_calls * self.store_seconds + self.worker_cpu


@dataclass(frozen=True, slots=True)
class Need:
    """What so many organisations need in their busiest hour."""

    organisations: int
    orders_a_day: int
    orders_a_second: float
    slots: int  # lanes that are worked on at the same time: processes or threads of all workers
    worker_cores: float
    web_cores: float
    statements_a_second: float
    gigabytes_a_day: float


def bounds(figures: Figures) -> dict[str, float]:
    """Return the most orders a day that each part takes alone, in the order in which they are met."""
    return {
        "a division, by the day": figures.exact_day / figures.exact_calls,
        "a division, by the minute": figures.exact_minute / figures.exact_calls * 60 * 24,
        "a store": figures.store_hour / figures.store_calls * 24,
        "a slot of a worker": DAY_SECONDS / figures.seconds,
        "a core of a worker": DAY_SECONDS / figures.worker_cpu,
        "a core of a web server": DAY_SECONDS / (figures.web_cpu * figures.deliveries),
    }


def need(figures: Figures, organisations: int, orders_a_day: int, load: float = 0.7) -> Need:
    """Return what the busiest hour needs when slots and cores are used to `load` (0 to 1)."""
    rate = orders_a_day * figures.busiest_hour / 3600
    statements = figures.document_statements + figures.delivery_statements * figures.deliveries
    return Need(
        organisations,
        orders_a_day,
        rate,
        max(2, ceil(rate * figures.seconds / load)),
        rate * figures.worker_cpu / load,
        rate * figures.deliveries * figures.web_cpu / load,
        rate * statements,
        orders_a_day * figures.row_bytes / 1e9,
    )


class Simulation:
    """The busiest minutes: orders come to lanes at random, and each free slot takes the lane that waited longest.

    A turn ends after `turn` documents when another lane waits. A lane never makes more calls a minute than Exact
    takes. The same seed gives the same orders.
    """

    def __init__(self, figures: Figures, *, lanes: int, slots: int, turn: int = 5, seed: int = 1) -> None:
        self.figures = figures
        self.turn = turn
        self.free = slots
        self.random = random.Random(seed)
        self.orders: list[deque[float]] = [deque() for _ in range(lanes)]  # when the orders of a lane came
        self.posted: list[deque[float]] = [deque() for _ in range(lanes)]  # when its last documents were posted
        self.waiting: deque[int] = deque()
        self.standing = [False] * lanes  # the lane waits for a slot, or has one
        self.ends: list[tuple[float, int]] = []  # (moment, lane) at which a slot is free
        self.done: list[tuple[int, float]] = []  # lane, and how long its document waited

    def run(self, rate: float, seconds: float) -> None:
        """Let orders come for so many seconds at a rate (orders a second), and work until none is left."""
        now = 0.0
        next_order = self.random.expovariate(rate) if rate else seconds
        self._give_slots(now)
        while next_order < seconds or self.ends:
            if next_order < seconds and (not self.ends or next_order <= self.ends[0][0]):
                now = next_order
                self.come(self.random.randrange(len(self.orders)), now)
                next_order = now + self.random.expovariate(rate)
            else:
                now, lane = heapq.heappop(self.ends)
                self.free += 1
                self._stand(lane, bool(self.orders[lane]))
            self._give_slots(now)

    @property
    def waits(self) -> list[float]:
        return [wait for _, wait in self.done]

    def waits_of(self, lanes: Container[int]) -> list[float]:
        """How long the documents of some lanes waited."""
        return [wait for lane, wait in self.done if lane in lanes]

    def _give_slots(self, now: float) -> None:
        while self.free and self.waiting:
            self._work(self.waiting.popleft(), now)

    def come(self, lane: int, now: float) -> None:
        """An order comes to a lane."""
        self.orders[lane].append(now)
        if not self.standing[lane]:
            self._stand(lane, True)

    def _stand(self, lane: int, waits: bool) -> None:
        self.standing[lane] = waits
        if waits:
            self.waiting.append(lane)

    def _work(self, lane: int, now: float) -> None:
        """One turn of a lane. What comes to it meanwhile waits for its next turn."""
        self.free -= 1
        moment = now
        posted = self.posted[lane]
        for _ in range(min(self.turn, len(self.orders[lane]))):
            per_minute = self.figures.exact_minute // self.figures.exact_calls
            if len(posted) == per_minute:
                moment = max(moment, posted.popleft() + 60)
            moment += self.figures.seconds
            posted.append(moment)
            self.done.append((lane, moment - self.orders[lane].popleft()))
        heapq.heappush(self.ends, (moment, lane))


def needs(figures: Figures) -> list[Need]:
    """The rows of docs/scaling.md."""
    return [need(figures, *size) for size in ((10, 500), (100, 20_000), (1_000, 500_000), (10_000, 5_000_000))]


def as_table(figures: Figures) -> str:
    """Return the table of what is needed, with the waits that the simulation gives, as Markdown."""
    head = ["Organisations", "Orders a day", "A second", "Slots", "Cores", "Web", "Statements", "GB", "Wait", "Longest"]
    rows = [head, ["---:"] * len(head)]
    for one in needs(figures):
        simulation = Simulation(figures, lanes=one.organisations, slots=one.slots)
        simulation.run(one.orders_a_second, max(120.0, min(3600.0, 500 / one.orders_a_second)))
        size = [f"{one.organisations:,}", f"{one.orders_a_day:,}", f"{one.orders_a_second:.3g}", f"{one.slots}"]
        size += [f"{one.worker_cores:.2g}", f"{one.web_cores:.2g}", f"{one.statements_a_second:,.0f}"]
        size += [f"{one.gigabytes_a_day:.2g}", f"{median(simulation.waits):.1f}", f"{max(simulation.waits):.1f}"]
        rows.append(size)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def beside_busy_lanes(figures: Figures, *, slots: int, turn: int) -> tuple[float, float]:
    """Return the median wait (s) of 30 lanes with one order each: alone, and beside 11 lanes with 100 orders each."""
    waits = []
    for busy in (0, 11):
        simulation = Simulation(figures, lanes=30 + busy, slots=slots, turn=turn)
        for lane in range(30, 30 + busy):
            for _ in range(100):
                simulation.come(lane, 0.0)
        for lane in range(30):
            simulation.come(lane, 0.0)
        simulation.run(0.0, 0.0)
        waits.append(median(simulation.waits_of(range(30))))
    return waits[0], waits[1]


def of_neighbours(figures: Figures) -> str:
    """Return what a small shop waits beside busy ones, by slots and by the length of a turn, as Markdown."""
    rows = [["Slots", "Documents a turn", "Wait alone", "Wait beside busy lanes", "Times"], ["---:"] * 5]
    for slots in (6, 16):
        for turn in (1, 10, 40):
            alone, beside = beside_busy_lanes(figures, slots=slots, turn=turn)
            rows.append([str(slots), str(turn), f"{alone:.1f}", f"{beside:.1f}", f"{beside / alone:.1f}"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def in_words(figures: Figures) -> str:
    """Return the bounds as a Markdown list."""
    return "\n".join(f"- {part}: {orders:,.0f} orders a day" for part, orders in bounds(figures).items())


def main() -> None:
    figures = Figures()
    sys.stdout.write(f"{in_words(figures)}\n\n{as_table(figures)}\n")
    sys.stdout.write(f"\n{of_neighbours(figures)}\n")


if __name__ == "__main__":
    main()
