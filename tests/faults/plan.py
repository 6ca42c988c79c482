"""What each seed does: which document it is about, which point strikes and how, which fault the far side has on which
call, which orders come, and which of them are refunded.

The seeds take turns by `ROUND`. Those about one kind of document first go through every point x action x fault, twice,
and then mix anything with anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random

from connector.flow.fault_points import ACTIONS
from tests.faults.documents import DOCUMENTS, Call, Document

REASONS = ["BlockedUser", "InactiveUser", "BlockedCustomer", "LicenseExpired", "DivisionBlocked", "NoDivisionAccess"]
LOST = ["timeout_before", "timeout_after", "late_commit", "close_before", "close_after"]
SPOILT = ["500_before", "500_after", "503_html", "200_html", "truncated", "garbage_201", "slow_drip"]
REFUSED = ["429_minute", "429_day", "401", "403:scope", *(f"403:{reason}" for reason in REASONS)]
ANYWHERE = [*LOST, *SPOILT, *REFUSED]
OURS_ONLY = ["stale_read", "read_lag"]
KINDS = [*ANYWHERE, *OURS_ONLY]
# Seconds until a late write is done or seen. The settle time and the second look-up allow for these.
SECONDS = {"late_commit": [0.6], "stale_read": [60.0, 150.0], "read_lag": [30.0, 110.0, 150.0], "slow_drip": [0.05]}
# The kinds of document, in turn.
ROUND = ("invoice", "credit note", "sales entry")
# What is refunded: everything, one piece, a shipping, or an amount of the whole order.
REFUNDS = ("all", "all", "piece", "shipping", "amount")


@dataclass(frozen=True)
class Sold:
    """An order: whether its customer is known, its cart, and what is refunded after it was posted."""

    customer: str
    cart: int
    refund: str = ""


@dataclass(frozen=True)
class Plan:
    """One run."""

    seed: int
    document: Document
    point: str
    action: str
    nth: int
    kind: str
    call: Call
    times: int
    seconds: float | None
    lead: str
    sold: Sequence[Sold]
    finalize: bool
    wakes: str

    @property
    def armed(self) -> str:
        """The value of CONNECTOR_FAULT_POINT."""
        return f"{self.point}:{self.action}:{self.nth}"

    def __str__(self) -> str:
        times = "until fixed" if self.times < 0 else f"{self.times}x"
        end = "printed" if self.finalize else "open"
        lead = f" after {self.lead} on {self.call.lead}" if self.lead else ""
        orders = ", ".join(f"{each.customer}{each.refund and f' (refunded: {each.refund})'}" for each in self.sold)
        return (
            f"{self.document.name}: {self.armed} (wakes {self.wakes}); {self.kind} {times} on {self.call.name}{lead}; "
            f"orders: {orders}; {end}"
        )


@cache
def everything(document: Document) -> list[tuple[str, str, str]]:
    """Every point x action x fault of a kind of document, shuffled so that neighbours differ."""
    combinations = list(product(document.points, ACTIONS, KINDS))
    Random(5).shuffle(combinations)
    return combinations


def plan(seed: int) -> Plan:
    """Return the plan of a seed, always the same one."""
    dice = Random(seed)
    document, number = _whose_turn(seed)
    combinations = everything(document)
    lap, place = divmod(number, len(combinations))
    point, action, kind = combinations[place]
    calls = document.struck_by(kind)
    # Each round has the same combinations on other calls. From the third round on everything is random.
    call = document.calls[calls[(place + lap) % len(calls)] if lap < 2 else dice.choice(calls)]
    times = dice.choice([1, 1, 1, 2, 3, -1]) if kind not in (*OURS_ONLY, "late_commit") else 1
    # A refusal that stays, for many orders: this needs the circuit breaker.
    others = 6 if times < 0 and kind in REFUSED and dice.random() < 0.4 else dice.choice([0, 0, 1])
    return Plan(
        seed=seed,
        document=document,
        point=point,
        action=action,
        nth=1 if lap < 2 or not others else dice.choice([1, 1, 2]),
        kind=kind,
        call=call,
        times=times,
        seconds=dice.choice(SECONDS[kind]) if kind in SECONDS else None,
        lead=dice.choice(["close_after", "close_before", "500_after"]) if call.lead else "",
        sold=[
            _sold(dice, document, others > 1 or not index, "new" if not index else "") for index in range(others + 1)
        ],
        finalize=_is_printed(point, call) or dice.random() < 0.75,
        wakes=dice.choice(["early", "late"]),
    )


def _whose_turn(seed: int) -> tuple[Document, int]:
    """Return the seed's kind of document, and how many earlier seeds have that kind."""
    rounds, place = divmod(seed, len(ROUND))
    name = ROUND[place]
    return DOCUMENTS[name], rounds * ROUND.count(name) + ROUND[:place].count(name)


def _sold(dice: Random, document: Document, struck: bool, customer: str) -> Sold:
    """Return an order. In a run about refunds, the others are refunded too or are new orders."""
    refunded = document.of_a_refund and (struck or dice.random() < 0.5)
    return Sold(
        customer or dice.choice(["new", "known"]),
        dice.randrange(1000),
        dice.choice(REFUNDS) if refunded else "",
    )


def _is_printed(point: str, call: Call) -> bool:
    return point == "printed_before_record" or call.name == "print" or call.lead == "print"
