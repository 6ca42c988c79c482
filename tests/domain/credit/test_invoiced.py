"""An invoice with the credit notes that it has, and what remains of it."""

from dataclasses import replace
from decimal import Decimal as D

from connector.domain.credit.invoiced import EarlierCredit, of_key
from connector.domain.vat_arithmetic import Totals
from tests.domain.credit.sale import booked, credited, item, product, refund, sale

CUP, PAIR = booked("product:1", "12.10"), booked("product:5", "24.20", quantity=2)
SOLD = sale(CUP, PAIR)
ONCE = credited(SOLD, refund("12.10", product(5)), {"product:5": "12.10"})


def test_what_remains_is_the_invoice_less_its_credit_notes() -> None:
    assert (SOLD.rest, ONCE.rest) == (D("36.30"), D("24.20"))
    by_hand = replace(ONCE, earlier=(*ONCE.earlier, EarlierCredit(None, None, D("-4.20"))))
    assert by_hand.rest == D("20.00")


def test_what_remains_of_a_line_has_its_vat() -> None:
    assert ONCE.done("product:5") == Totals(D("10.00"), D("2.10"), D("12.10"))
    assert ONCE.left(PAIR) == Totals(D("10.00"), D("2.10"), D("12.10"))
    assert ONCE.left(CUP) == Totals(CUP.net, CUP.vat, CUP.gross)


def test_pieces_are_counted_and_amounts_are_not() -> None:
    twice = credited(ONCE, refund("1.00", item("PRODUCT", 5, pieces=1, amount="1.00")), {"product:5": "1.00"})
    both = credited(twice, None, {"product:1": "1.00"})
    assert (both.refunded_quantity("product:5"), both.refunded_quantity("product:1")) == (D(1), D(0))


def test_what_the_shop_did_not_sell_is_as_it_was_invoiced() -> None:
    rounding = booked("rounding:0", "0.05", "0")
    assert sale(PAIR, rounding).sold("rounding:0") == (D(1), D("0.05"), D("0.00"))
    assert sale(PAIR, rounding).sold("product:5") == (D(2), D("24.20"), D("4.20"))


def test_a_gift_wrapping_has_the_pieces_of_its_product() -> None:
    wrapped = sale(PAIR, booked("wrapping:5", "3.00"), booked("wrapping:9", "3.00"), booked("fee:5", "3.00"))
    assert [wrapped.pieces(line.key) for line in wrapped.draft.lines] == [D(2), D(2), D(1), D(1)]


def test_an_item_is_the_line_with_its_number() -> None:
    sold = sale(CUP, booked("gift_certificate:7", "50.00", "0"), booked("shipping:51", "5.00"))
    named = [sold.key_of(item("PRODUCT", 1)), sold.key_of(item("PRODUCT", 7)), sold.key_of(item("SHIPPING", 51))]
    assert named == ["product:1", "gift_certificate:7", "shipping:51"]


def test_a_product_that_is_not_there_is_no_other() -> None:
    assert sale(CUP).key_of(item("PRODUCT", 9)) is None


def test_a_cost_of_another_number_is_the_only_one_of_its_kind() -> None:
    assert sale(CUP, booked("shipping:0", "5.00")).key_of(item("SHIPPING", 51)) == "shipping:0"
    two = sale(CUP, booked("shipping:51", "5.00"), booked("shipping:52", "6.00"))
    assert two.key_of(item("SHIPPING", 52)) == "shipping:52"
    assert two.key_of(item("SHIPPING", 53)) is None
    assert two.key_of(item("ORDER", 1001)) is None


def test_shipping_at_several_rates_is_one_line_of_the_shop() -> None:
    parts = booked("shipping:51@9", "5.45", "9"), booked("shipping:51@21", "6.05")
    sold = sale(CUP, *parts)
    assert sold.key_of(item("SHIPPING", 51)) == "shipping:51"
    assert of_key(sold.draft, "shipping:51") == list(parts)
    assert of_key(sold.draft, "shipping:51@9") == [parts[0]]


def test_the_smallest_amount_is_the_currencys_or_a_whole_unit() -> None:
    assert (SOLD.unit, SOLD.charged_digits) == (D("0.01"), 2)
    whole = sale(booked("product:1", "1210.00"))
    forints = replace(whole, order=replace(whole.order, currency="HUF"))
    assert (forints.unit, forints.charged_digits) == (D(1), 0)


def test_all_that_remains_leaves_no_line_over() -> None:
    assert SOLD.is_all_that_remains(D("36.30"))
    assert not SOLD.is_all_that_remains(D("36.29"))
