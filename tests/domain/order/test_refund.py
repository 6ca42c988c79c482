"""A refund as BigCommerce reports it, and what it gives back."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.order.refund import Refund, RefundOf, UnreadableOrder, read_refunds, shows_refund
from tests.domain.books import plain_order


def row(**changes: Any) -> dict[str, Any]:
    return {"id": 31, "total_amount": "10.00", "total_tax": "1.74", "items": [], "payments": [], **changes}


def item(kind: str = "PRODUCT", **changes: Any) -> dict[str, Any]:
    return {"item_type": kind, "item_id": 65, "quantity": 1, "requested_amount": None, **changes}


def paid(amount: str, provider: str = "cards", *, declined: bool = False) -> dict[str, Any]:
    return {"amount": amount, "provider_id": provider, "is_declined": declined}


def read(**changes: Any) -> Refund:
    (found,) = read_refunds([row(**changes)], 2)
    return found


@pytest.mark.parametrize(
    ("status", "refunded"), [(4, True), (14, True), (5, False), (13, False), (15, False), (2, False)]
)
def test_an_order_shows_a_refund_by_its_status_or_its_lines(status: int, refunded: bool) -> None:
    order = replace(plain_order(), status_id=status)
    assert shows_refund(order) == refunded
    assert shows_refund(replace(order, has_refunds=True))


def test_amounts_are_rounded_to_the_currency() -> None:
    found = read(total_amount="10.0050", total_tax="1.7350", items=[item(requested_amount="3.3350")])
    assert (found.total, found.tax, found.items[0].amount) == (D("10.01"), D("1.74"), D("3.34"))
    assert read(total_tax=None).tax is None


def test_a_refund_below_zero_is_named_and_one_of_nothing_is_read() -> None:
    with pytest.raises(UnreadableOrder, match="total_amount"):
        read(total_amount="-0.01")
    assert read(total_amount="0.00").total == 0


def test_an_item_says_what_it_gives_back() -> None:
    asked = item("shipping", item_id=51, adjustments=[{"amount": "-1.00"}, {"amount": "0.25"}])
    (found,) = read(items=[asked]).items
    assert (found.of, found.id, found.quantity, found.amount, found.adjustment) == (
        RefundOf.SHIPPING,
        "51",
        D(1),
        None,
        D("-0.75"),
    )
    with pytest.raises(UnreadableOrder, match="item_type"):
        read(items=[item("TIP")])


def test_what_was_declined_gave_nothing_back() -> None:
    assert read().paid is None
    assert read(payments=[paid("10.00", declined=True)]).paid == 0
    found = read(payments=[paid("4.00", declined=True), paid("6.00")])
    assert (found.paid, found.declined) == (D("6.00"), False)
    assert read(payments=[paid("10.00", declined=True)]).declined
    assert not read(payments=[]).declined
    assert not read(total_amount="0.00", payments=[paid("0.00")]).declined


def test_store_credit_and_certificates_are_no_money_and_never_more_than_the_refund() -> None:
    both = read(payments=[paid("4.00", "Store Credit"), paid("3.00", "gift_certificate"), paid("3.00")])
    assert (both.to_store_credit, both.to_gift_certificate, both.paid) == (D("4.00"), D("3.00"), D("10.00"))
    more = read(payments=[paid("4.01", "storecredit"), paid("6.01", "giftcertificate")])
    assert (more.to_store_credit, more.to_gift_certificate) == (D("4.01"), D("5.99"))
    none = read(payments=[paid("10.00", "storecredit", declined=True), paid("10.00", "giftcertificate", declined=True)])
    assert (none.to_store_credit, none.to_gift_certificate) == (D(0), D(0))


def test_an_amount_of_the_order_names_no_line_and_a_tax_alone_neither() -> None:
    lines = read(items=[item()])
    whole = read(items=[item(), item("ORDER", requested_amount="5.00"), item("ORDER", requested_amount="1.00")])
    tax = read(items=[item("TAX", requested_amount="1.00")])
    assert [each.for_the_order for each in (lines, whole, tax)] == [D(0), D("6.00"), D(0)]
    assert [each.by_lines for each in (lines, whole, tax)] == [True, False, True]
    assert [each.of_tax_alone for each in (lines, whole, tax)] == [False, False, True]


@pytest.mark.parametrize(("tax", "alone"), [("10.00", True), ("1.74", False), ("0.00", False), (None, False)])
def test_without_items_it_is_of_tax_alone_when_all_of_it_is_tax(tax: str | None, alone: bool) -> None:
    assert read(total_tax=tax).of_tax_alone is alone


def test_a_merchants_own_amounts_are_marked() -> None:
    assert [read(uses_merchant_override_values=own).overridden for own in (True, False, None)] == [True, False, False]


def test_refunds_come_oldest_first() -> None:
    assert [each.id for each in read_refunds([row(id=32), row(id=31)], 2)] == [31, 32]
