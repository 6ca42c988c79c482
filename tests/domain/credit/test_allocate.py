"""How much of each line a refund gives back. Lines are at 21 % where nothing else is said."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.choices import OrderRefundVat, PostingSettings
from connector.domain.credit.allocate import refund_params
from connector.domain.document.codes import Code
from connector.domain.order.model import LineKind
from connector.domain.order.refund import Refund
from tests.domain.credit.sale import (
    BY_CODE,
    BY_LINE,
    booked,
    credited,
    goodwill,
    held,
    item,
    product,
    refund,
    sale,
    shares,
    why_held,
)

CUP, MUG = booked("product:1", "12.10"), booked("product:2", "12.10")
TEAPOT = booked("product:3", "24.20")
BOOK = booked("product:4", "109.00", "9")
PAIR = booked("product:5", "12.10", quantity=2)
SHIPPING = booked("shipping:51", "6.05")
ROUNDING = booked("rounding:0", "0.05", "0")


def of_tax(amount: str) -> Refund:
    """A refund that names no line, and all of which is tax."""
    return refund(amount, tax=D(amount))


class TestWhatAnItemIsWorth:
    def test_pieces_are_their_part_of_the_line_and_the_last_ones_have_the_rest(self) -> None:
        thirds = sale(booked("product:1", "10.00", quantity=3), MUG)
        first, second = refund("3.33", product(1)), refund("3.34", product(1))
        assert shares(thirds, first) == {"product:1": "3.33"}
        assert shares(credited(thirds, first, {"product:1": "3.33"}), second) == {"product:1": "3.34"}

    def test_more_pieces_than_were_sold_are_held(self) -> None:
        once = credited(sale(PAIR, MUG), refund("6.05", product(5)), {"product:5": "6.05"})
        assert shares(once, refund("6.05", product(5))) == {"product:5": "6.05"}
        assert held(once, refund("12.10", product(5, 2))) == Code.REFUND_OF_MORE_PIECES

    def test_what_the_merchant_keeps_of_an_item_or_adds_to_it_counts(self) -> None:
        sold = sale(CUP, SHIPPING, TEAPOT)
        assert shares(sold, refund("11.10", product(1, adjustment="-1.00"))) == {"product:1": "11.10"}
        assert shares(sold, refund("4.05", item("SHIPPING", 51, adjustment="-2.00"))) == {"shipping:51": "4.05"}
        assert shares(sold, refund("4.00", item("SHIPPING", 51, amount="5.00", adjustment="-1.00"))) == {
            "shipping:51": "4.00"
        }
        asked = item("PRODUCT", 1, pieces=1, amount="5.00", adjustment="-1.00")
        assert shares(sold, refund("4.00", asked)) == {"product:1": "4.00"}
        assert shares(sold, refund("3.00", item("PRODUCT", 1, adjustment="3.00"))) == {"product:1": "3.00"}

    def test_an_amount_may_be_without_its_tax(self) -> None:
        asked = item("PRODUCT", 1, pieces=1, amount="5.00", adjustment="-1.00")
        assert shares(sale(CUP, MUG), refund("4.84", asked)) == {"product:1": "4.84"}

    def test_an_amount_of_what_is_all_tax_has_no_more_tax(self) -> None:
        duty = sale(booked("fee:9", "5.00", "0"), MUG)
        (fee, mug) = duty.order.lines
        duty = replace(duty, order=replace(duty.order, lines=(replace(fee, tax=D("5.00"), net=D(0)), mug)))
        assert shares(duty, refund("2.00", item("FEE", 9, amount="2.00"))) == {"fee:9": "2.00"}

    def test_an_amount_of_the_shipping_is_never_read_as_pieces(self) -> None:
        asked = item("SHIPPING", 51, pieces=1, amount="3.00")
        assert held(sale(SHIPPING, CUP), refund("6.05", asked)) == Code.REFUND_DOES_NOT_ADD_UP

    def test_a_shipping_without_an_amount_is_all_that_was_not_given_back(self) -> None:
        part = item("SHIPPING", 51, amount="2.00")
        once = credited(sale(SHIPPING, CUP), refund("2.00", part), {"shipping:51": "2.00"})
        assert shares(once, refund("4.05", item("SHIPPING", 51))) == {"shipping:51": "4.05"}


class TestWhatIsNotOnTheInvoice:
    gone = item("PRODUCT", 9, pieces=1)

    def test_a_free_part_of_a_bundle_is_worth_nothing(self) -> None:
        assert shares(sale(CUP, MUG), refund("12.10", product(1), self.gone)) == {"product:1": "12.10"}

    @pytest.mark.parametrize("worth", [{"amount": "5.00"}, {"adjustment": "5.00"}])
    def test_what_has_an_amount_is_held_also_when_the_sum_is_right_without_it(self, worth: dict[str, Any]) -> None:
        paid = refund("12.10", product(1), item("PRODUCT", 9, **worth))
        assert held(sale(CUP, MUG), paid) == Code.REFUND_OF_UNKNOWN_LINE

    def test_amounts_of_the_merchants_own_are_for_lines_that_are_there(self) -> None:
        paid = refund("12.10", product(1), self.gone, overridden=True)
        assert held(sale(CUP, MUG), paid) == Code.REFUND_OF_UNKNOWN_LINE

    def test_it_is_named_where_the_sum_is_not_right_without_it(self) -> None:
        assert held(sale(CUP, MUG), refund("20.00", product(1), self.gone)) == Code.REFUND_OF_UNKNOWN_LINE


class TestTheSum:
    def test_a_cent_for_each_line_is_rounding_and_more_is_not(self) -> None:
        sold = sale(PAIR, TEAPOT)
        assert shares(sold, refund("6.06", product(5))) == {"product:5": "6.06"}
        assert shares(sold, refund("6.04", product(5))) == {"product:5": "6.04"}
        assert held(sold, refund("6.07", product(5))) == Code.REFUND_DOES_NOT_ADD_UP

    def test_a_cent_too_many_goes_on_the_last_line_that_has_room(self) -> None:
        """Of the second pair one piece came back before, so its line is full."""
        sold = sale(booked("product:5", "12.10", "9", quantity=2), replace(PAIR, key="product:6"), MUG)
        once = credited(sold, refund("6.05", product(6)), {"product:6": "6.05"})
        assert shares(once, refund("12.11", product(5), product(6))) == {"product:5": "6.06", "product:6": "6.05"}

    def test_a_cent_too_few_may_be_all_of_a_line(self) -> None:
        asked = [item("PRODUCT", 1, amount="5.00"), item("PRODUCT", 2, amount="0.01")]
        assert shares(sale(CUP, MUG), refund("5.00", *asked)) == {"product:1": "5.00"}

    def test_a_merchants_own_total_is_spread_over_the_lines_by_their_worth(self) -> None:
        paid = refund("9.08", product(1), product(3), overridden=True)
        assert shares(sale(CUP, TEAPOT, MUG), paid) == {"product:1": "3.03", "product:3": "6.05"}


class TestALine:
    def test_it_gives_back_no_more_than_it_was_sold_for(self) -> None:
        once = credited(sale(CUP, TEAPOT), refund("8.00", item("PRODUCT", 1, amount="8.00")), {"product:1": "8.00"})
        assert shares(once, refund("4.10", item("PRODUCT", 1, amount="4.10"))) == {"product:1": "4.10"}
        assert held(once, refund("4.11", item("PRODUCT", 1, amount="4.11"))) == Code.REFUND_OF_MORE_THAN_LINE

    def test_what_a_credit_note_without_a_refund_took_of_it_is_given_back(self) -> None:
        once = credited(sale(CUP, TEAPOT), None, {"product:1": "8.00"})
        assert shares(once, refund("4.10", item("PRODUCT", 1, amount="4.10"))) == {"product:1": "4.10"}
        assert held(once, refund("4.11", item("PRODUCT", 1, amount="4.11"))) == Code.REFUND_OF_MORE_THAN_LINE
        assert shares(once, refund("24.20", product(3))) == {"product:3": "24.20"}

    def test_what_was_taken_for_a_refund_that_does_not_fit_counts_by_its_lines(self) -> None:
        odd = refund("8.00", item("PRODUCT", 9, amount="8.00"))
        once = credited(sale(CUP, TEAPOT), odd, {"product:1": "8.00"})
        assert held(once, refund("4.11", item("PRODUCT", 1, amount="4.11"))) == Code.REFUND_OF_MORE_THAN_LINE

    def test_what_it_carried_for_another_is_not_given_back_of_it(self) -> None:
        """After 18.15 of goodwill the cup comes back. The mug carries a part of that, and may still come back."""
        sold = sale(CUP, MUG, TEAPOT, booked("product:6", "60.50"))
        thanks, cup = refund("18.15", goodwill("18.15")), refund("12.10", product(1))
        once = credited(sold, thanks, {"product:1": "6.05", "product:2": "6.05", "product:3": "6.05"})
        twice = credited(once, cup, {"product:1": "6.05", "product:2": "6.05"})
        assert shares(twice, refund("12.10", product(2))) == {"product:6": "12.10"}


class TestAnAmountForTheWholeOrder:
    sold = sale(CUP, TEAPOT, BOOK)

    def test_it_is_spread_over_what_is_left_of_each_supply(self) -> None:
        assert shares(self.sold, refund("14.53", goodwill("14.53"))) == {
            "product:1": "1.21",
            "product:3": "2.42",
            "product:4": "10.90",
        }

    def test_it_is_beside_the_lines_of_the_same_refund(self) -> None:
        paid = refund("25.42", product(1), goodwill("13.32"))
        assert shares(self.sold, paid) == {"product:1": "12.10", "product:3": "2.42", "product:4": "10.90"}

    def test_it_may_be_all_that_is_left_of_the_supplies_and_no_more(self) -> None:
        bearer = booked("gift_certificate:7", "50.00", "0")
        assert shares(sale(CUP, bearer), refund("12.10", goodwill("12.10"))) == {"product:1": "12.10"}
        assert held(sale(CUP, bearer), refund("12.11", goodwill("12.11"))) == Code.REFUND_OF_MORE_THAN_SUPPLIES

    def test_it_is_held_where_the_settings_say_so(self) -> None:
        settings = replace(BY_LINE, order_refund_vat=OrderRefundVat.HOLD)
        assert held(self.sold, refund("5.00", goodwill("5.00")), settings) == Code.REFUND_OF_ORDER_HELD
        assert shares(self.sold, refund("12.10", product(1)), settings) == {"product:1": "12.10"}


class TestALineWithoutRoomAfterGoodwill:
    """Each line gave up half. What comes back in whole is carried by others of its rate."""

    def test_the_lines_of_its_code_carry_it_the_largest_first(self) -> None:
        other = booked("product:6", "96.80", vat_code="2B")
        sold = sale(CUP, MUG, TEAPOT, other, BOOK)
        halves = {"product:1": "6.05", "product:2": "6.05", "product:3": "12.10", "product:6": "48.40"}
        once = credited(sold, refund("72.60", goodwill("72.60")), halves)
        assert shares(once, refund("12.10", product(1))) == {"product:1": "6.05", "product:3": "6.05"}
        after = credited(once, refund("12.10", product(1)), {"product:1": "6.05", "product:3": "6.05"})
        assert shares(after, refund("24.20", product(3))) == {
            "product:3": "6.05",
            "product:2": "6.05",
            "product:6": "12.10",
        }

    def test_a_line_of_the_same_refund_carries_no_more_than_it_has_left(self) -> None:
        sold = sale(CUP, MUG, booked("product:3", "60.50"))
        once = credited(sold, refund("12.10", goodwill("12.10")), {"product:1": "6.05", "product:2": "6.05"})
        asked = [product(1), product(2), item("PRODUCT", 3, amount="10.00")]
        assert shares(once, refund("34.20", *asked)) == {"product:1": "6.05", "product:2": "6.05", "product:3": "22.10"}

    def test_one_that_has_nothing_left_itself_carries_nothing(self) -> None:
        small = [booked(f"product:{number}", "4.84") for number in (6, 7, 8)]
        once = credited(
            sale(CUP, MUG, *small), refund("12.10", goodwill("12.10")), {"product:1": "6.05", "product:2": "6.05"}
        )
        assert shares(once, refund("24.20", product(1), product(2))) == {
            "product:1": "6.05",
            "product:2": "6.05",
            "product:6": "4.84",
            "product:7": "4.84",
            "product:8": "2.42",
        }

    @pytest.mark.parametrize("settings", [BY_LINE, BY_CODE])
    def test_lines_of_another_rate_carry_nothing(self, settings: PostingSettings) -> None:
        once = credited(sale(CUP, BOOK), refund("6.05", goodwill("6.05")), {"product:1": "6.05"})
        problem = why_held(once, refund("12.10", product(1)), settings)
        assert problem.code == Code.REFUND_OF_MORE_THAN_RATE
        assert [problem.params[name] for name in ("amount", "rest", "rate")] == ["12.10", "6.05", "21"]

    def test_what_is_said_to_be_left_is_that_of_the_rate(self) -> None:
        """Both lines of the refund are at 21 %: together they take 24.20, of which 18.15 is left."""
        halves = {"product:1": "6.05", "product:4": "54.50"}
        once = credited(sale(CUP, MUG, BOOK), refund("60.55", goodwill("60.55")), halves)
        problem = why_held(once, refund("24.20", product(1), product(2)))
        assert [problem.params[name] for name in ("amount", "rest", "rate")] == ["24.20", "18.15", "21"]

    def test_a_gift_certificate_carries_nothing(self) -> None:
        bearer = booked("gift_certificate:7", "50.00")
        once = credited(sale(CUP, bearer), refund("6.05", goodwill("6.05")), {"product:1": "6.05"})
        assert held(once, refund("12.10", product(1))) == Code.REFUND_OF_MORE_THAN_RATE


class TestAnInvoiceWithARoundingLine:
    """Each line was sold for 5 cents more than Exact makes of it, and a line of rounding has them."""

    sold = sale(booked("product:1", "100.00", quantity=2), MUG, ROUNDING, charged={"product:1": "100.05"})

    def test_the_rounding_comes_back_with_the_line(self) -> None:
        assert shares(self.sold, refund("100.05", product(1, 2))) == {"product:1": "100.00", "rounding:0": "0.05"}

    def test_a_part_of_the_line_leaves_it(self) -> None:
        half = refund("50.03", product(1))
        assert shares(self.sold, half) == {"product:1": "50.03"}
        once = credited(self.sold, half, {"product:1": "50.03"})
        assert shares(once, refund("50.02", product(1))) == {"product:1": "49.97", "rounding:0": "0.05"}

    def test_more_than_the_rounding_is_held(self) -> None:
        sold = sale(booked("product:1", "100.00"), MUG, ROUNDING, charged={"product:1": "100.06"})
        assert held(sold, refund("100.06", product(1))) == Code.REFUND_OUTSIDE_LINES

    def test_a_line_that_was_sold_for_less_gives_nothing_to_it(self) -> None:
        below = replace(ROUNDING, net=D("-0.05"), gross=D("-0.05"))
        sold = sale(booked("product:1", "100.00"), MUG, below, charged={"product:1": "99.95"})
        assert shares(sold, refund("99.95", product(1))) == {"product:1": "99.95"}

    def test_where_exact_rounds_once_per_code_the_line_itself_has_the_cents(self) -> None:
        assert shares(self.sold, refund("100.05", product(1, 2)), BY_CODE) == {"product:1": "100.05"}


class TestATaxThatIsNoVat:
    """The goods are 20.00 of the 21.60 that the shop charged; the tax is a line of its own."""

    sold = sale(
        booked("product:65", "20.00", "0", quantity=2),
        booked("tax:0", "1.60", "0"),
        booked("product:66", "5.00", "0"),
        charged={"product:65": "21.60"},
    )

    def test_it_comes_back_with_its_goods(self) -> None:
        assert shares(self.sold, refund("10.80", product(65))) == {"product:65": "10.00", "tax:0": "0.80"}
        assert shares(self.sold, refund("5.00", product(66))) == {"product:66": "5.00"}

    def test_it_may_come_back_alone_as_far_as_it_was_charged(self) -> None:
        assert shares(self.sold, of_tax("1.60")) == {"tax:0": "1.60"}
        assert held(self.sold, of_tax("1.61")) == Code.REFUND_OF_TAX_ALONE
        once = credited(self.sold, of_tax("1.00"), {"tax:0": "1.00"})
        assert held(once, of_tax("0.61")) == Code.REFUND_OF_TAX_ALONE

    def test_vat_does_not_come_back_alone(self) -> None:
        assert held(sale(CUP, MUG), of_tax("2.10")) == Code.REFUND_OF_TAX_ALONE

    def test_an_amount_of_which_not_all_is_tax_is_not_called_tax(self) -> None:
        for sold in (self.sold, sale(CUP, MUG)):
            assert held(sold, refund("1.60", tax=D("0.28"))) == Code.REFUND_NAMES_NO_LINE


class TestShippingAtTwoRates:
    low = replace(booked("shipping:51@9", "5.45", "9"), kind=LineKind.SHIPPING)
    sold = sale(low, replace(booked("shipping:51@21", "6.05"), kind=LineKind.SHIPPING), CUP)

    @pytest.mark.parametrize("amount", [None, "11.50"])
    def test_all_of_it_is_each_part(self, amount: str | None) -> None:
        paid = refund("11.50", item("SHIPPING", 51, amount=amount))
        assert shares(self.sold, paid) == {"shipping:51@9": "5.45", "shipping:51@21": "6.05"}

    def test_a_part_of_it_is_spread_over_the_rates_and_the_rest_closes_both(self) -> None:
        """4.60 is two fifths of each part, and the rest three."""
        part = refund("4.60", item("SHIPPING", 51, amount="4.60"))
        assert shares(self.sold, part) == {"shipping:51@9": "2.18", "shipping:51@21": "2.42"}
        once = credited(self.sold, part, {"shipping:51@9": "2.18", "shipping:51@21": "2.42"})
        assert shares(once, refund("6.90", item("SHIPPING", 51))) == {"shipping:51@9": "3.27", "shipping:51@21": "3.63"}
        more = refund("6.92", item("SHIPPING", 51, amount="6.92"))
        assert held(once, more) == Code.REFUND_OF_MORE_THAN_LINE

    def test_what_is_left_of_each_part_is_what_it_is_spread_over(self) -> None:
        once = credited(self.sold, None, {"shipping:51@9": "5.45"})
        assert shares(once, refund("6.05", item("SHIPPING", 51, amount="6.05"))) == {"shipping:51@21": "6.05"}

    def test_what_is_given_back_of_every_part_is_not_given_back_again(self) -> None:
        once = credited(self.sold, None, {"shipping:51@9": "5.45", "shipping:51@21": "6.05"})
        assert held(once, refund("11.50", item("SHIPPING", 51, amount="11.50"))) == Code.REFUND_DOES_NOT_ADD_UP


def test_a_problem_names_the_refund_when_it_is_the_shops() -> None:
    """What a person typed has a number below zero, and 0 is nobody's."""
    named = [refund_params(sale(CUP), refund("1.00", number=number))["refund"] for number in (1, 0, -1)]
    assert named == [1, "", ""]
    assert refund_params(sale(CUP), None)["refund"] == ""
