"""The demo's first check finds each order without its invoice, to the cent."""

from typing import Any

import pytest

from connector.management.demo.invoice_check import InvoiceCheck
from tests.management.demo.two_orders import booked, order, row, sandbox


def test_all_is_well_and_counted() -> None:
    check = InvoiceCheck(sandbox([order(1), order(2)], [booked("TEA-1"), booked("TEA-2")]), [row(1), row(2)])
    assert (check.is_finished, check.differences) == (True, [])
    assert check.progress == "2 of 2 posted (2 posted)"
    assert check.summary == "2 orders, 2 invoices, 0 differences"


def test_it_waits_for_each_order() -> None:
    both = sandbox([order(1), order(2)], [])
    assert InvoiceCheck(both, []).progress == "0 of 2 posted (nothing read yet)"
    assert not InvoiceCheck(both, [row(1)]).is_finished
    assert not InvoiceCheck(both, [row(1), row(2, "waiting")]).is_finished
    assert InvoiceCheck(both, [row(1), row(2, "blocked")]).is_finished


@pytest.mark.parametrize(
    ("invoices", "rows", "said"),
    [
        ([], [row(1)], "TEA-1: 0 invoices"),
        ([booked("TEA-1")] * 2, [row(1)], "TEA-1: 2 invoices"),
        ([booked("TEA-1", "12.11")], [row(1)], "TEA-1: total 12.10 sold, 12.11 booked"),
        ([booked("TEA-1", vat="2.11")], [row(1)], "TEA-1: VAT 2.10 sold, 2.11 booked"),
        ([booked("TEA-1", status=20)], [row(1)], "TEA-1: not printed"),
        ([booked("TEA-1"), booked("TEA-9")], [row(1)], "Invoice TEA-9: no order"),
        ([booked("TEA-1")], [row(1, "blocked")], "Order 1: blocked mapping"),
    ],
)
def test_each_difference_is_a_sentence(invoices: list[Any], rows: list[dict[str, Any]], said: str) -> None:
    assert InvoiceCheck(sandbox([order(1)], invoices), rows).differences == [said]
