"""What each seed does: which point strikes and how, which fault the far side has on which call, which orders come.

The first seeds go through every point x action x fault; the ones after that mix anything with anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random

from connector.flow.fault_points import ACTIONS, POINTS

REASONS = ["BlockedUser", "InactiveUser", "BlockedCustomer", "LicenseExpired", "DivisionBlocked", "NoDivisionAccess"]
LOST = ["timeout_before", "timeout_after", "late_commit", "close_before", "close_after"]
SPOILT = ["500_before", "500_after", "503_html", "200_html", "truncated", "garbage_201", "slow_drip"]
REFUSED = ["429_minute", "429_day", "401", "403:scope", *(f"403:{reason}" for reason in REASONS)]
ANYWHERE = [*LOST, *SPOILT, *REFUSED]
OURS_ONLY = ["stale_read", "read_lag"]
KINDS = [*ANYWHERE, *OURS_ONLY]

STORE, DIVISION = "nlshop1", 100001
API = f"/api/v1/{DIVISION}"
INVOICES = f"{API}/salesinvoice/SalesInvoices"


@dataclass(frozen=True)
class Call:
    """A call of ours that a fault can strike; `lead` is another fault without which it would not be made."""

    name: str
    method: str
    path: str
    lead: str = ""

    @property
    def is_of_the_store(self) -> bool:
        """Whether BigCommerce answers it."""
        return self.path.startswith("/stores/")


CALLS = {
    call.name: call
    for call in (
        Call("create", "POST", INVOICES),
        Call("print", "POST", f"{API}/salesinvoice/PrintedSalesInvoices"),
        Call("search", "GET", INVOICES, lead="create"),
        Call("read invoice", "GET", f"{INVOICES}(*", lead="print"),
        Call("account", "POST", f"{API}/crm/Accounts"),
        Call("accounts", "GET", f"{API}/sync/CRM/Accounts"),
        Call("account search", "GET", f"{API}/crm/Accounts", lead="account"),
        Call("address", "POST", f"{API}/crm/Addresses"),
        Call("token", "POST", "/api/oauth2/token"),
        Call("order", "GET", f"/stores/{STORE}/v2/orders/*"),
    )
}
STRUCK_BY = {
    "stale_read": ["search", "read invoice", "account search", "order"],
    "read_lag": ["create"],
}
# Of a write that lands late or is not seen at once: within what the settle time and the second look allow for.
SECONDS = {"late_commit": [0.6], "stale_read": [60.0, 150.0], "read_lag": [30.0, 110.0, 150.0], "slow_drip": [0.05]}


@dataclass(frozen=True)
class Plan:
    """One run."""

    seed: int
    point: str
    action: str
    nth: int
    kind: str
    call: Call
    times: int
    seconds: float | None
    lead: str
    carts: Sequence[tuple[str, int]]
    finalize: bool
    wakes: str

    @property
    def armed(self) -> str:
        """As CONNECTOR_FAULT_POINT says it."""
        return f"{self.point}:{self.action}:{self.nth}"

    def __str__(self) -> str:
        times = "until mended" if self.times < 0 else f"{self.times}x"
        end = "printed" if self.finalize else "open"
        lead = f" after {self.lead} on {self.call.lead}" if self.lead else ""
        return (
            f"{self.armed} (wakes {self.wakes}); {self.kind} {times} on {self.call.name}{lead}; "
            f"{len(self.carts)} orders, {end}"
        )


@cache
def everything() -> list[tuple[str, str, str]]:
    """Every point x action x fault, shuffled so that neighbours differ."""
    combinations = list(product(POINTS, ACTIONS, KINDS))
    Random(5).shuffle(combinations)
    return combinations


def plan(seed: int) -> Plan:
    """Return what a seed stands for, always the same."""
    dice = Random(seed)
    combinations = everything()
    lap, place = divmod(seed, len(combinations))
    point, action, kind = combinations[place]
    calls = STRUCK_BY.get(kind, list(CALLS))
    # Each lap has the same combinations on other calls; from the third on anything goes.
    call = CALLS[calls[(place + lap) % len(calls)] if lap < 2 else dice.choice(calls)]
    times = dice.choice([1, 1, 1, 2, 3, -1]) if kind not in (*OURS_ONLY, "late_commit") else 1
    # A refusal that lasts, and many orders that meet it: what the breaker is for.
    others = 6 if times < 0 and kind in REFUSED and dice.random() < 0.4 else dice.choice([0, 0, 1])
    return Plan(
        seed=seed,
        point=point,
        action=action,
        nth=1 if lap < 2 or not others else dice.choice([1, 1, 2]),
        kind=kind,
        call=call,
        times=times,
        seconds=dice.choice(SECONDS[kind]) if kind in SECONDS else None,
        lead=dice.choice(["close_after", "close_before", "500_after"]) if call.lead else "",
        carts=[
            ("new", dice.randrange(1000)),
            *((dice.choice(["new", "known"]), dice.randrange(1000)) for _ in range(others)),
        ],
        finalize=_is_printed(point, call) or dice.random() < 0.75,
        wakes=dice.choice(["early", "late"]),
    )


def _is_printed(point: str, call: Call) -> bool:
    return point == "printed_before_record" or call.name in ("print", "read invoice")
