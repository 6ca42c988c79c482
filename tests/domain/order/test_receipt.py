"""A receipt fits its invoice, and is written and read the same."""

from datetime import date
from decimal import Decimal as D

import pytest

from connector.domain.document.codes import Code
from connector.domain.order.receipt import NotToBeBooked, Paid, Receipt, check, receipt_reference
from connector.problems.catalogue import sentence


def receipt(settled: str, gift: str = "0.00", credit: str = "0.00") -> Receipt:
    return Receipt("SHOP-1001-P7", "25", "EUR", date(2026, 1, 5), D(settled), D(gift), D(credit), "Card tr_7")


def paid(money: str, gift: str = "0.00", credit: str = "0.00") -> Paid:
    return Paid(D(money), D(gift), D(credit), "EUR")


def test_the_reference_says_what_is_booked() -> None:
    assert [receipt_reference("SHOP-1001", number) for number in (7, 0, -31)] == [
        "SHOP-1001-P7",
        "SHOP-1001-P",
        "SHOP-1001-R31",
    ]


def test_the_journal_gains_what_is_no_voucher() -> None:
    assert receipt("17.90", "5.00", "2.90").money == D("10.00")
    assert receipt("-7.90", "-5.00", "-2.90").money == D("0.00")


def test_what_is_written_is_read_the_same() -> None:
    assert Receipt.from_json(receipt("-7.90").to_json()) == receipt("-7.90")


@pytest.mark.parametrize(
    ("booked", "in_all"),
    [
        (receipt("10.00"), paid("10.00", "5.00", "2.90")),
        (receipt("7.90"), paid("17.90")),
        (receipt("-2.10"), paid("17.90")),
        (receipt("-2.10"), paid("20.00")),  # it makes the surplus smaller
        (receipt("-17.90"), paid("0.00")),  # all that came in is given back
    ],
)
def test_what_fits_the_invoice_is_booked(booked: Receipt, in_all: Paid) -> None:
    check(booked, in_all, D("17.90"))


@pytest.mark.parametrize(
    ("booked", "in_all", "text"),
    [
        (receipt("20.00"), paid("20.00"), "add up to 20.00 EUR"),
        (receipt("17.90"), paid("17.90", "0.10"), "gift certificate 0.10"),
        (receipt("-5.00"), paid("-5.00"), "add up to -5.00 EUR"),
    ],
)
def test_what_does_not_fit_is_held_with_both_figures(booked: Receipt, in_all: Paid, text: str) -> None:
    with pytest.raises(NotToBeBooked) as held:
        check(booked, in_all, D("17.90"))
    assert held.value.problem.code == Code.PAYMENTS_DO_NOT_FIT
    assert text in sentence(held.value.problem)
    assert "the invoice is 17.90" in sentence(held.value.problem)
