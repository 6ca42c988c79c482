"""The seeds: what they stand for, and how the runner measures what the sandbox saw."""

from datetime import UTC, datetime, timedelta

import pytest

from connector.flow.fault_points import ACTIONS, POINTS
from connector.sandbox import Sandbox
from connector.sandbox.messages import Call
from tests.faults import invariants
from tests.faults.documents import CREDIT_NOTE, DOCUMENTS
from tests.faults.plan import KINDS, REFUNDS, everything, plan

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CI = range(2000)  # the seeds of CI


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_seeds_of_ci_go_through_every_point_action_and_fault(document: str) -> None:
    plans = [one for one in map(plan, CI) if one.document.name == document]
    assert {(one.point, one.action, one.kind) for one in plans} == set(everything(DOCUMENTS[document].points))
    assert len(everything()) == len(POINTS) * len(ACTIONS) * len(KINDS)


def test_a_seed_always_means_the_same() -> None:
    assert [str(plan(seed)) for seed in range(0, 3000, 97)] == [str(plan(seed)) for seed in range(0, 3000, 97)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_call_is_struck_by_most_faults(document: str) -> None:
    seen = {(one.call.name, one.kind) for one in map(plan, CI) if one.document.name == document}
    assert all(len([kind for name, kind in seen if name == call]) > 15 for call in DOCUMENTS[document].calls)


def test_each_run_about_credit_notes_refunds_an_order_in_full_or_in_part() -> None:
    refunds = [[sold.refund for sold in one.sold] for one in map(plan, CI) if one.document is CREDIT_NOTE]
    assert all(each[0] for each in refunds)
    assert {refund for each in refunds for refund in each} == {*REFUNDS, ""}


def test_the_sandbox_knows_every_fault() -> None:
    with Sandbox() as sandbox:
        for seed in CI:
            one = plan(seed)
            service = sandbox.stores if one.call.is_of_the_store else sandbox.exact
            service.faults.add(one.kind, one.call.method, one.call.path)


def test_more_than_five_errors_within_an_hour_and_sixty_calls_a_minute_are_noticed() -> None:
    path = "/api/v1/100001/salesinvoice/SalesInvoices"
    errors = [Call("POST", path, "", NOON + timedelta(minutes=11 * n), 403) for n in range(6)]
    assert [breach.heading for breach in invariants.limits(errors)] == ["limit"]
    spread = [Call("POST", path, "", NOON + timedelta(minutes=12 * n), 403) for n in range(9)]
    assert invariants.limits(spread) == []
    busy = [Call("GET", path, "", NOON + timedelta(seconds=n / 2), 200) for n in range(61)]
    assert [breach.heading for breach in invariants.limits(busy)] == ["limit"]


def token_call(second: int, status: int = 200) -> Call:
    return Call("POST", invariants.TOKEN, "", NOON + timedelta(seconds=second), status)


def test_a_second_token_call_before_its_time_is_noticed() -> None:
    twice = [token_call(0), token_call(569)]
    assert len(invariants.tokens(twice)) == 1
    assert invariants.tokens([token_call(0), token_call(570)]) == []


def test_a_401_a_consent_and_a_strike_excuse_one_token_call_each() -> None:
    refused = Call("GET", "/api/v1/100001/crm/Accounts", "", NOON + timedelta(seconds=5), 401)
    thrice = [token_call(0), refused, token_call(9), token_call(99)]
    assert len(invariants.tokens(thrice)) == 1
    assert invariants.tokens(thrice, consents=[NOON + timedelta(seconds=50)]) == []
    assert invariants.tokens(thrice, struck=1) == []
    assert len(invariants.tokens([*thrice, token_call(199)], struck=1)) == 1


def test_a_refused_token_call_is_noticed() -> None:
    assert len(invariants.tokens([token_call(0, 400)])) == 1
    assert invariants.tokens([token_call(0, 500), token_call(60, 400)], struck=1) == []
