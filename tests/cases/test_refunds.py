"""Refunds of the basket, and the credit note that each becomes, or why it is held.

The basket is two pieces at 24.20 (21 %) and one at 10.90 (9 %), with shipping of 6.05.
"""

from typing import Any

import pytest

from tests.cases.outcome import books, credits_of, item, refund
from tests.cases.shop import Json, basket, fee, line, order

ONE = item("PRODUCT", 1, quantity=1)
BOTH = item("PRODUCT", 1, quantity=2)
KEPT_BACK = [{"amount": "-3.0000", "description": "Restocking fee"}]


@pytest.mark.parametrize(
    ("given", "total", "vat"),
    [
        pytest.param(
            refund("21.20", "3.68", item("PRODUCT", 1, quantity=1, adjustments=KEPT_BACK)),
            "-21.20",
            {"21": "-3.68"},
            id="refund_deduction",
        ),
        pytest.param(
            refund("24.20", "4.20", ONE, item("GIFT_WRAPPING", 1, quantity=1)),
            "-24.20",
            {"21": "-4.20"},
            id="refund_gift_wrap_free",
        ),
        pytest.param(
            refund("10.00", "0", item("ORDER", 1001, amount="10.00")),
            "-10.00",
            {"21": "-1.45", "9": "-0.14"},
            id="refund_order_level_with_tax",
        ),
        pytest.param(
            refund("24.20", "4.20", ONE, payments=[{"id": 1, "amount": "24.21", "is_declined": False}]),
            "-24.20",
            {"21": "-4.20"},
            id="refund_payment_more_than_total",
        ),
        pytest.param(
            refund("6.05", "1.05", item("SHIPPING", 51, amount="5.00")),
            "-6.05",
            {"21": "-1.05"},
            id="refund_shipping_ex_tax",
        ),
        pytest.param(
            refund("6.0500", "1.0500", item("SHIPPING", 51, amount="6.05")),
            "-6.05",
            {"21": "-1.05"},
            id="refund_strings",
        ),
    ],
)
def test_a_refund_of_the_basket(given: Json, total: str, vat: dict[str, str]) -> None:
    (found,) = credits_of(basket(), [given])
    assert (found.total, found.vat) == (total, vat)


def test_refund_fee() -> None:
    raw = order(line(quantity=2), fees=[fee("1.2100")])
    (found,) = credits_of(raw, [refund("1.21", "0.21", item("FEE", 9, amount="1.21"))])
    assert (found.total, found.vat, found.lines) == ("-1.21", {"21": "-0.21"}, ["-1 x Rush -1.21"])


def test_refund_double_submit() -> None:
    """Two refunds of the same two pieces: the first is credited, the second is held."""
    first, second = credits_of(
        basket(), [refund("48.40", "8.40", BOTH, number=20), refund("48.40", "8.40", BOTH, number=21)]
    )
    assert first.total == "-48.40"
    assert second.codes == ["refund_of_more_than_remains"]
    assert "48.40" in second.words
    assert "16.95" in second.words


@pytest.mark.parametrize("vat", ["21", "9"], ids=["refund_line_twice_9110", "refund_line_twice_9120"])
def test_a_line_refunded_twice(vat: str) -> None:
    """The second refund of a line is held, also when it equals what remains: another line at that rate, or not."""
    twice = [refund("24.20", "4.20", ONE, number=number) for number in (71, 72)]
    first, second = credits_of(order(line(), line(vat=vat)), twice)
    assert (first.lines, second.codes) == (["-1 x Thing 1 -24.20"], ["refund_of_more_pieces"])


@pytest.mark.parametrize(
    ("again", "code"),
    [
        pytest.param(refund("6.05", "1.05", item("SHIPPING", 51)), "refund_does_not_add_up", id="shipping_twice"),
        pytest.param(
            refund("6.05", "1.05", item("SHIPPING", 51, amount="6.05")), "refund_of_more_than_line", id="amount_twice"
        ),
        pytest.param(refund("6.05", "1.05", item("PRODUCT", 9, quantity=1)), "refund_of_unknown_line", id="no_line"),
        pytest.param(
            refund("6.05", "0.50", item("PRODUCT", 1, amount="6.05")), "refund_tax_differs", id="vat_does_not_fit"
        ),
    ],
)
def test_a_refund_of_all_that_remains_is_compared_with_its_lines(again: Json, code: str) -> None:
    """After 6.05 for shipping and a first 18.15, 6.05 of the goods remains."""
    shipped = refund("6.05", "1.05", item("SHIPPING", 51), number=8)
    part = refund("18.15", "3.15", item("PRODUCT", 1, amount="18.15"), number=9)
    found = credits_of(order(line(), shipping="6.05"), [shipped, part, again])
    assert [each.codes for each in found] == [[], [], [code]]


def test_a_return_after_an_amount_for_the_order() -> None:
    """The other line of its VAT rate carries what the amount took from the returned one."""
    goodwill = refund("10.00", "0", item("ORDER", 1001, amount="10.00"), number=8)
    first, second = credits_of(order(line(), line()), [goodwill, refund("24.20", "4.20", ONE)])
    assert (first.total, first.vat) == ("-10.00", {"21": "-1.74"})
    assert (second.total, second.vat) == ("-24.20", {"21": "-4.20"})
    assert second.lines == ["-1 x Thing 1 -19.20", "-1 x Thing 2, part of an earlier credit -5.00"]


def test_a_return_of_more_than_its_rate_has_left() -> None:
    """The amount for the order took a part of each rate, and one line has the lower rate alone."""
    goodwill = refund("10.00", "0", item("ORDER", 1001, amount="10.00"), number=8)
    back = refund("24.20", "2.00", item("PRODUCT", 2, quantity=1))
    _, second = credits_of(order(line(), line(vat="9")), [goodwill, back])
    assert second.codes == ["refund_of_more_than_rate"]
    assert "takes 24.20 at 9 % VAT, but only 19.20 remains at that rate" in second.words
    assert "with no more than 19.20 at 9 %, and link it" in second.words


@pytest.mark.parametrize(
    "rate", [pytest.param("21", id="refund_line_twice_9110"), pytest.param("9", id="refund_line_twice_9120")]
)
def test_a_line_that_was_refunded_is_not_taken_from_another(rate: str) -> None:
    """The first line is refunded twice by a double submit; the rest of the order would pay for it."""
    twice = [refund("24.20", "4.20", ONE, number=number) for number in (71, 72)]
    first, second = credits_of(order(line(), line(vat=rate)), twice)
    assert (first.total, first.vat) == ("-24.20", {"21": "-4.20"})
    assert second.codes == ["refund_of_more_pieces"]
    assert '"Thing 1"' in second.words


def test_refund_line_twice_9111() -> None:
    """An amount of a line that was wholly refunded, while another line of the rate remains."""
    raw = order(line(), line())
    again = refund("10.00", "1.74", item("PRODUCT", 1, amount="10.00"), number=72)
    first, second = credits_of(raw, [refund("24.20", "4.20", ONE, number=71), again])
    assert first.total == "-24.20"
    assert second.codes == ["refund_of_more_than_line"]


@pytest.mark.parametrize(
    ("given", "code", "figures"),
    [
        pytest.param(
            refund("70.00", "0", item("ORDER", 1001, amount="70.00")),
            "refund_of_more_than_remains",
            ("70.00", "65.35"),
            id="refund_more_than_order",
        ),
        pytest.param(refund("2.00", "2.00"), "refund_of_tax_alone", ("2.00 tax",), id="refund_tax_adjustment"),
        pytest.param(
            refund("5.00", "0.87"),
            "refund_names_no_line",
            ("gives back 5.00 EUR and names no line of the order",),
            id="an_amount_without_items",
        ),
        pytest.param(
            refund("18.00", "-1.00", ONE, uses_merchant_override_values=True),
            "refund_tax_differs",
            ("-1.00", "3.12"),
            id="refund_tax_negative",
        ),
    ],
)
def test_a_refund_is_held_with_its_figures(given: Json, code: str, figures: tuple[str, ...]) -> None:
    (found,) = credits_of(basket(), [given])
    assert found.codes == [code]
    assert all(each in found.words for each in figures), found.words


def test_a_refund_of_all_that_remains_needs_no_items() -> None:
    (found,) = credits_of(basket(), [refund("65.35", "10.35")])
    assert (found.total, found.vat) == ("-65.35", {"21": "-9.45", "9": "-0.90"})


def wrapped() -> Json:
    """Two pieces at 24.20, and wrapping of 2.42 that stands in the header of the order only."""
    costs: Json = {"wrapping_cost_ex_tax": "2.0000", "wrapping_cost_inc_tax": "2.4200", "wrapping_cost_tax": "0.4200"}
    return order(line(quantity=2), **costs, total_inc_tax="50.8200", total_tax="8.8200", total_ex_tax="42.0000")


def test_wrapping_that_stands_in_the_header_only_is_given_back_as_a_whole_or_by_its_amount() -> None:
    both, half = item("GIFT_WRAPPING", 1, quantity=2), item("GIFT_WRAPPING", 1, quantity=1, amount="1.21")
    (found,) = credits_of(wrapped(), [refund("2.42", "0.42", both)])
    assert (found.total, found.vat) == ("-2.42", {"21": "-0.42"})
    halves = credits_of(wrapped(), [refund("1.21", "0.21", half, number=number) for number in (11, 12, 13)])
    assert [each.total for each in halves[:2]] == ["-1.21", "-1.21"]
    assert halves[2].codes == ["refund_of_more_than_line"]


def test_a_part_of_such_wrapping_without_its_amount_is_held() -> None:
    (found,) = credits_of(wrapped(), [refund("1.21", "0.21", item("GIFT_WRAPPING", 1, quantity=1))])
    assert found.codes == ["refund_does_not_add_up"]


def test_an_order_that_a_single_purpose_certificate_paid_and_gets_back_leaves_nothing_to_credit() -> None:
    paid = [{"id": 1, "provider_id": "giftcertificate", "amount": "24.20", "is_declined": False}]
    raw = order(line(), gift_certificate_amount="24.2000")
    (found,) = credits_of(raw, [refund("24.20", "4.20", ONE, payments=paid)], books(gift_certificates="single"))
    assert found.codes == ["refund_all_as_single_voucher"]
    assert "gives back 24.20 EUR as a gift certificate of a single purpose" in found.words
    assert "certificates paid for all of invoice SHOP-1001. So there is nothing to credit." in found.words
    assert "correct these in Exact by hand. Then skip it." in found.words


def everything(total: str, tax: str, **changes: Any) -> Json:
    shipping = item("SHIPPING", 51, amount="6.05")
    return refund(total, tax, BOTH, item("PRODUCT", 2, quantity=1), shipping, number=12, **changes)


def test_all_lines_may_come_back_for_what_an_amount_for_the_order_left() -> None:
    """The lines are 65.35, of which 10.00 was given back for the trouble."""
    goodwill = refund("10.00", "0", item("ORDER", 1001, amount="10.00"), number=8)
    first, second = credits_of(basket(), [goodwill, everything("55.35", "8.77")])
    assert (first.total, second.total) == ("-10.00", "-55.35")
    assert second.vat == {"21": "-8.00", "9": "-0.76"}


@pytest.mark.parametrize("total", ["50.00", "55.30"])
def test_lines_that_come_to_any_other_amount_are_held(total: str) -> None:
    goodwill = refund("10.00", "0", item("ORDER", 1001, amount="10.00"), number=8)
    _, second = credits_of(basket(), [goodwill, everything(total, "8.77")])
    assert second.codes == ["refund_does_not_add_up"]
