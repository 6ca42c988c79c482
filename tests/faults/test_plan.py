"""The seeds: what they stand for, and how the runner measures what the sandbox saw."""

from datetime import UTC, datetime, timedelta

from connector.flow.fault_points import ACTIONS, POINTS
from connector.sandbox import Sandbox
from connector.sandbox.messages import Call
from tests.faults import invariants
from tests.faults.plan import CALLS, KINDS, everything, plan

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_first_seeds_go_through_every_point_action_and_fault() -> None:
    seen = {(one.point, one.action, one.kind) for one in map(plan, range(len(everything())))}
    assert len(seen) == len(POINTS) * len(ACTIONS) * len(KINDS)
    assert len(seen) * 2 < 2000  # twice in the runs of CI, each time on another call


def test_a_seed_always_means_the_same() -> None:
    assert [str(plan(seed)) for seed in range(0, 3000, 97)] == [str(plan(seed)) for seed in range(0, 3000, 97)]


def test_every_call_is_struck_by_most_faults() -> None:
    seen = {(one.call.name, one.kind) for one in map(plan, range(2000))}
    assert all(len([kind for name, kind in seen if name == call]) > 15 for call in CALLS)


def test_the_sandbox_knows_every_fault() -> None:
    with Sandbox() as sandbox:
        for seed in range(len(everything())):
            one = plan(seed)
            service = sandbox.stores if one.call.is_of_the_store else sandbox.exact
            service.faults.add(one.kind, one.call.method, one.call.path)


def test_more_than_five_errors_within_an_hour_and_sixty_calls_a_minute_are_noticed() -> None:
    path = "/api/v1/100001/salesinvoice/SalesInvoices"
    errors = [Call("POST", path, "", NOON + timedelta(minutes=11 * n), 403) for n in range(6)]
    assert [breach.heading for breach in invariants.limits(errors, breaker=True)] == ["limit"]
    spread = [Call("POST", path, "", NOON + timedelta(minutes=12 * n), 403) for n in range(9)]
    assert invariants.limits(spread, breaker=True) == []
    busy = [Call("GET", path, "", NOON + timedelta(seconds=n / 2), 200) for n in range(61)]
    assert [breach.heading for breach in invariants.limits(busy, breaker=True)] == ["limit"]


def test_a_second_token_call_before_its_time_is_noticed() -> None:
    twice = [Call("POST", invariants.TOKEN, "", NOON + timedelta(seconds=n), 200) for n in (0, 569)]
    assert len(invariants.tokens(twice)) == 1
    assert invariants.tokens(twice[:1]) == []
