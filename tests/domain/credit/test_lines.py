"""The lines of a credit note. Exact computes the VAT of a line, or of all lines of a code, as it is to be credited."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal as D

import pytest

from connector.domain.choices import CreditSign, DocumentForm, PostingSettings
from connector.domain.credit.invoiced import EarlierCredit, Invoiced, NotToBeCredited
from connector.domain.credit.lines import credit_lines
from connector.domain.document.codes import Code
from connector.domain.invoice.draft import DraftLine
from connector.domain.order.refund import Refund
from tests.domain.credit.sale import (
    BY_CODE,
    BY_LINE,
    booked,
    credited,
    goodwill,
    item,
    product,
    refund,
    sale,
)

CUP, MUG = booked("product:1", "12.10"), booked("product:2", "12.10")
PAIR = booked("product:5", "24.20", quantity=2)
FORCED = replace(BY_LINE, force_vat=True)


def lines(
    invoiced: Invoiced, shares: Mapping[str, str], given: Refund | None = None, settings: PostingSettings = BY_LINE
) -> tuple[DraftLine, ...]:
    found = credit_lines(invoiced, {key: D(share) for key, share in shares.items()}, given, settings)
    assert all(line.gross == line.net + line.vat for line in found)
    return found


def amounts(
    invoiced: Invoiced, shares: Mapping[str, str], given: Refund | None = None, settings: PostingSettings = BY_LINE
) -> list[tuple[str, str]]:
    """Net and VAT of each line, as amounts above zero."""
    return [(str(-line.net), str(-line.vat)) for line in lines(invoiced, shares, given, settings)]


def held(invoiced: Invoiced, shares: Mapping[str, str], settings: PostingSettings = BY_LINE) -> NotToBeCredited:
    with pytest.raises(NotToBeCredited) as why:
        lines(invoiced, shares, None, settings)
    return why.value


def last_of(rest: str, whole: DraftLine | None = None) -> Invoiced:
    """An invoice of one line (1.00 + 0.21), and the credit note that left so much net and VAT of it."""
    net, vat = rest.split()
    line = whole or replace(CUP, net=D("1.00"), vat=D("0.21"), gross=D("1.21"), net_price=D("1.00"))
    taken = replace(line, net=D(net) - line.net, vat=D(vat) - line.vat, gross=D(net) + D(vat) - line.gross)
    sold = sale(line)
    note = replace(sold.draft, lines=(taken,), net=taken.net, vat=taken.vat, gross=taken.gross)
    return replace(sold, earlier=(EarlierCredit(None, note, taken.gross),))


class TestQuantityAndPrice:
    def test_pieces_come_back_at_their_price(self) -> None:
        (line,) = lines(sale(PAIR, CUP), {"product:5": "12.10"}, refund("12.10", product(5)))
        assert (line.quantity, line.net_price, line.description) == (D(-1), D("10.00"), "Product 5")

    def test_a_whole_line_comes_back_as_it_was_invoiced_also_as_an_amount(self) -> None:
        for given in (None, refund("24.20", item("PRODUCT", 5, amount="24.20"))):
            (line,) = lines(sale(PAIR, CUP), {"product:5": "24.20"}, given)
            assert (line.quantity, line.net_price, line.description) == (D(-2), D("10.00"), "Product 5")

    def test_the_sign_may_stand_on_the_price(self) -> None:
        settings = replace(BY_LINE, credit_sign=CreditSign.PRICE)
        (line,) = lines(sale(PAIR, CUP), {"product:5": "24.20"}, None, settings)
        assert (line.quantity, line.net_price, line.net) == (D(2), D("-10.00"), D("-20.00"))

    def test_pieces_without_a_price_to_the_cent_stand_in_the_text(self) -> None:
        odd = replace(booked("product:1", "12.11", quantity=300), description="Beads")
        (line,) = lines(sale(odd, MUG), {"product:1": "8.07"}, refund("8.07", product(1, 200)))
        assert (line.quantity, line.net_price, line.description) == (D(-1), D("6.67"), "200 x Product 1")

    @pytest.mark.parametrize(("sign", "shown"), [(CreditSign.QUANTITY, "3 2.00"), (CreditSign.PRICE, "3 2.00")])
    def test_what_gave_money_back_on_the_invoice_takes_it_again(self, sign: CreditSign, shown: str) -> None:
        """An exchange: three pieces were taken back on the invoice itself."""
        back = replace(
            booked("product:9", "7.26"),
            quantity=D(-3),
            net_price=D("2.00"),
            net=D("-6.00"),
            vat=D("-1.26"),
            gross=D("-7.26"),
        )
        (line,) = lines(sale(back, PAIR), {"product:9": "-7.26"}, None, replace(BY_LINE, credit_sign=sign))
        assert f"{line.quantity} {line.net_price}" == shown
        assert (line.net, line.vat, line.gross) == (D("6.00"), D("1.26"), D("7.26"))

    def test_the_last_of_several_pieces_are_what_is_left(self) -> None:
        four = booked("product:1", "48.40", quantity=4)
        once = credited(sale(four, MUG), refund("12.10", product(1)), {"product:1": "12.10"})
        (line,) = lines(once, {"product:1": "36.30"})
        assert (line.quantity, line.net_price) == (D(-3), D("10.00"))


class TestTheName:
    given = refund("12.10", product(1))

    def test_a_line_that_the_refund_does_not_name_carries_an_earlier_credit(self) -> None:
        cup, mug = lines(sale(CUP, MUG), {"product:1": "6.05", "product:2": "6.05"}, self.given)
        assert (cup.description, mug.description) == ("Product 1", "Product 2, part of an earlier credit")

    def test_an_amount_for_the_whole_order_names_none(self) -> None:
        for given in (refund("6.05", goodwill("6.05")), refund("6.05"), None):
            (line,) = lines(sale(CUP, MUG), {"product:1": "6.05"}, given)
            assert line.description == "Product 1"

    @pytest.mark.parametrize("key", ["tax:0", "rounding:0"])
    def test_a_line_of_the_whole_order_comes_with_any_other(self, key: str) -> None:
        whole = booked(key, "1.00", "0")
        (line,) = lines(sale(CUP, whole), {key: "0.50"}, self.given)
        assert line.description == whole.description

    def test_each_rate_of_a_shipping_is_named_by_it(self) -> None:
        parts = booked("shipping:51@9", "10.90", "9"), booked("shipping:51@21", "12.10")
        given = refund("11.50", item("SHIPPING", 51, amount="11.50"))
        found = lines(sale(*parts, CUP), {"shipping:51@9": "5.45", "shipping:51@21": "6.05"}, given)
        assert [line.description for line in found] == ["Shipping 51@9", "Shipping 51@21"]


class TestVatByLine:
    def test_a_part_has_its_share_and_the_last_one_the_rest(self) -> None:
        sold = sale(booked("product:1", "10.00", quantity=3), MUG)
        first = refund("3.33", product(1))
        assert amounts(sold, {"product:1": "3.33"}, first) == [("2.75", "0.58")]
        once = credited(sold, first, {"product:1": "3.33"})
        assert amounts(once, {"product:1": "6.67"}) == [("5.51", "1.16")]

    def test_shipping_at_two_rates_comes_back_with_both_amounts_of_vat(self) -> None:
        parts = booked("shipping:51@9", "5.45", "9"), booked("shipping:51@21", "6.05")
        part = {"shipping:51@9": "2.18", "shipping:51@21": "2.42"}
        assert amounts(sale(*parts, CUP), part) == [("2.00", "0.18"), ("2.00", "0.42")]
        once = credited(sale(*parts, CUP), None, part)
        rest = {"shipping:51@9": "3.27", "shipping:51@21": "3.63"}
        assert amounts(once, rest) == [("3.00", "0.27"), ("3.00", "0.63")]

    def test_a_line_that_comes_back_whole_is_as_it_was_sent(self) -> None:
        """Exact computes 0.42 of 2.01, and 0.43 was sent."""
        sent = replace(CUP, net=D("2.01"), vat=D("0.43"), gross=D("2.44"), net_price=D("2.01"), vat_amount=D("0.43"))
        (line,) = lines(sale(sent, MUG), {"product:1": "2.44"})
        assert (line.net, line.vat, line.vat_amount) == (D("-2.01"), D("-0.43"), D("-0.43"))

    @pytest.mark.parametrize(
        ("rest", "gross", "expected"),
        [
            ("0.50 0.11", "0.01", [("0.01", "0.00")]),  # 0.01 of VAT is due, and leaves nothing to compute it on
            ("0.50 0.11", "0.18", [("0.15", "0.03")]),
            ("0.50 0.09", "0.30", [("0.25", "0.05")]),
            ("0.05 0.02", "0.06", [("0.05", "0.01")]),  # all that remains of the net amount
            ("0.50 0.09", "0.58", [("0.45", "0.09"), ("0.02", "0.00"), ("0.02", "0.00")]),  # no more VAT than remains
        ],
    )
    def test_a_cent_of_vat_may_wait_for_a_later_credit_note(
        self, rest: str, gross: str, expected: list[tuple[str, str]]
    ) -> None:
        assert amounts(last_of(rest), {"product:1": gross}) == expected

    @pytest.mark.parametrize(
        ("rest", "parts"),
        [
            ("0.04 0.00", "0.02 0.02"),
            ("0.05 0.00", "0.02 0.02 0.01"),
            ("0.06 0.00", "0.02 0.02 0.02"),
            ("0.10 0.03", "0.04 0.03 0.03"),
            ("12.34 2.58", "12.26 0.07 0.01"),
            ("3.98 0.85", "3.74 0.12 0.12"),
        ],
    )
    def test_the_last_credit_note_is_cut_where_exact_would_compute_another_vat(self, rest: str, parts: str) -> None:
        whole = booked("product:1", "121.00")
        net, vat = rest.split()
        found = amounts(last_of(rest, whole), {"product:1": str(D(net) + D(vat))})
        assert [part for part, _ in found] == parts.split()
        assert sum(D(of_part) for _, of_part in found) == D(vat)

    @pytest.mark.parametrize("rest", ["0.02 0.01", "0.08 0.00"])
    def test_what_three_parts_do_not_give_is_held_with_both_figures(self, rest: str) -> None:
        net, vat = rest.split()
        gross = str(D(net) + D(vat))
        problem = held(last_of(rest, booked("product:1", "121.00")), {"product:1": gross}).problem
        assert problem.code == Code.CREDIT_VAT_UNLESS_FORCED
        assert (problem.params["vat_code"], problem.params["names"]) == ("2", "Product 1")
        assert (problem.params["gross"], problem.params["vat"]) == (gross, vat)

    def test_a_cent_is_sent_where_it_may_be_and_no_more_than_one(self) -> None:
        rest = last_of("12.34 2.58", booked("product:1", "121.00"))
        (line,) = lines(rest, {"product:1": "14.92"}, None, FORCED)
        assert (line.net, line.vat, line.vat_amount) == (D("-12.34"), D("-2.58"), D("-2.58"))
        two_off = last_of("12.34 2.57", booked("product:1", "121.00"))
        assert held(two_off, {"product:1": "14.91"}, FORCED).problem.code == Code.CREDIT_VAT_UNLESS_FORCED

    def test_the_vat_of_an_entry_is_always_sent_but_for_lines_without(self) -> None:
        settings = replace(BY_LINE, document=DocumentForm.SALES_ENTRY)
        sold = sale(CUP, booked("product:3", "5.00", "0"), MUG)
        found = lines(sold, {"product:1": "12.10", "product:3": "5.00"}, None, settings)
        assert [line.vat_amount for line in found] == [D("-2.10"), None]

    def test_a_price_with_vat_in_it_is_the_gross_amount(self) -> None:
        within = replace(PAIR, vat_type="I", net_price=D("12.10"))
        (line,) = lines(sale(within, CUP), {"product:5": "12.10"}, refund("12.10", product(5)))
        assert (line.net_price, line.net, line.vat) == (D("12.10"), D("-10.00"), D("-2.10"))


class TestVatByCode:
    """Three lines of 0.02 have no VAT each, and 0.01 together."""

    sold = sale(
        *(booked(f"product:{number}", "0.02") for number in (1, 2, 3)),
        booked("product:4", "10.90", "9"),
    )

    def test_all_that_remains_has_the_vat_of_the_code(self) -> None:
        shares = {"product:1": "0.02", "product:2": "0.02", "product:3": "0.02", "product:4": "10.90"}
        assert amounts(self.sold, shares, None, BY_CODE) == [
            ("10.00", "0.90"),
            ("0.02", "0.00"),
            ("0.02", "0.00"),
            ("0.02", "0.01"),
        ]

    def test_a_part_is_the_sum_of_its_shares(self) -> None:
        assert amounts(self.sold, {"product:4": "5.45"}, None, BY_CODE) == [("5.00", "0.45")]

    def test_each_line_of_the_code_has_its_own_amount(self) -> None:
        sold = sale(CUP, PAIR, booked("product:4", "10.90", "9"))
        found = amounts(sold, {"product:1": "6.05", "product:5": "12.10"}, None, BY_CODE)
        assert found == [("5.00", "1.05"), ("10.00", "2.10")]

    def test_prices_with_vat_in_them_are_gross_amounts(self) -> None:
        within = [replace(line, vat_type="I") for line in (CUP, PAIR)]
        sold = sale(*within, booked("product:4", "10.90", "9"))
        found = lines(sold, {"product:1": "6.05", "product:5": "12.10"}, None, BY_CODE)
        assert [(str(line.net), str(line.quantity * line.net_price)) for line in found] == [
            ("-5.00", "-6.05"),
            ("-10.00", "-12.10"),
        ]

    def test_the_last_credit_note_of_a_code_closes_it(self) -> None:
        once = credited(sale(CUP, MUG, booked("product:4", "10.90", "9")), None, {"product:1": "6.05"})
        rest = {"product:1": "6.05", "product:2": "12.10", "product:4": "10.90"}
        assert amounts(once, rest, None, BY_CODE) == [("10.00", "0.90"), ("5.00", "1.05"), ("10.00", "2.10")]

    def test_what_exact_cannot_compute_is_left_to_a_person(self) -> None:
        """0.03 of one of four lines: 0.01 of VAT on 0.02 is none, and 0.02 on 0.01 is none either."""
        sold = sale(*(booked(f"product:{number}", "12.10") for number in (1, 2, 3, 4)))
        problem = held(sold, {"product:1": "0.03"}, BY_CODE).problem
        assert problem.code == Code.CREDIT_VAT_BY_HAND
        assert problem.params["names"] == "Product 1, Product 2, Product 3"
