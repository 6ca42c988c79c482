"""The demo's second check: what remains of an order is what its documents add up to, and each refund has its note."""

from types import SimpleNamespace
from typing import Any

import pytest

from connector.management.demo.credit_check import CreditCheck
from tests.management.demo.two_orders import CREDIT_NOTE, booked, order, row, sandbox


def refund(amount: str, *, declined: bool = False) -> dict[str, Any]:
    return {"id": 7, "total_amount": amount, "payments": [{"is_declined": declined}]}


def note(reference: str, amount: str, status: int = 50) -> Any:
    return booked(reference, amount, kind=CREDIT_NOTE, status=status)


def test_refunds_cancellations_and_declined_refunds_add_up() -> None:
    orders = [order(1), order(2, status=5), order(3)]
    invoices = [booked(f"TEA-{number}") for number in (1, 2, 3)]
    notes = [note("TEA-1-C7", "-2.10"), note("TEA-2-C0", "-12.10")]
    refunds = {1: [refund("2.10")], 3: [refund("5.00", declined=True)]}
    check = CreditCheck(sandbox(orders, [*invoices, *notes], refunds), [])
    assert check.differences == []
    assert check.summary == ("1 refunds, 0 cancelled, 0 edited: 2 credit notes, 0 invoiced anew, 0 differences")


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        ([], ["TEA-1-C7: -2.10 given back, None credited", "TEA-1: 10.00 remains of it, 12.10 is booked"]),
        (
            [note("TEA-1-C7", "-2.11")],
            ["TEA-1-C7: -2.10 given back, -2.11 credited", "TEA-1: 10.00 remains of it, 9.99 is booked"],
        ),
        ([note("TEA-1-C7", "-2.10", status=20)], ["TEA-1-C7: not printed"]),
    ],
)
def test_each_difference_is_a_sentence(notes: list[Any], said: list[str]) -> None:
    both = sandbox([order(1)], [booked("TEA-1"), *notes], {1: [refund("2.10")]})
    assert CreditCheck(both, []).differences == said


def test_it_waits_for_the_credit_note_of_each_change() -> None:
    placed = order(1)
    placed.later = (SimpleNamespace(what="cancel"), SimpleNamespace(what="refund"))
    both = sandbox([placed], [], {1: [refund("2.10")]})
    credits = [row(1, kind="credit"), row(1, kind="credit")]
    assert not CreditCheck(both, credits[:1]).is_finished
    assert not CreditCheck(both, [credits[0], row(1, "waiting", "credit")]).is_finished
    assert CreditCheck(both, credits).is_finished
