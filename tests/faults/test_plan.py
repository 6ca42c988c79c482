"""The plan of each seed."""

import pytest

from connector.flow.fault_points import ACTIONS
from connector.sandbox import Sandbox
from tests.faults.documents import CREDIT_NOTE, DOCUMENTS
from tests.faults.plan import KINDS, REFUNDS, everything, plan

CI = range(2000)  # the seeds of CI


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_seeds_of_ci_go_through_every_point_action_and_fault(document: str) -> None:
    plans = [one for one in map(plan, CI) if one.document.name == document]
    wanted = everything(DOCUMENTS[document])
    assert {(one.point, one.action, one.kind) for one in plans} == set(wanted)
    assert len(wanted) == len(DOCUMENTS[document].points) * len(ACTIONS) * len(KINDS)


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
