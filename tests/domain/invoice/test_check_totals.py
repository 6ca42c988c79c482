from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Held
from connector.domain.invoice.check_totals import check_sums, find_differences, rounding_line
from connector.domain.order.model import Order
from connector.domain.rules.context import TranslationContext
from tests.domain.basket import charge, order_of, taxed
from tests.domain.books import HERE, read_books, read_json
from tests.domain.credit.sale import booked

ROUNDING = {"rounding_limit": "0.05", "rounding_gl_account": "4900"}


def test_where_exact_rounds_once_per_code_two_cents_on_one_line_are_no_rounding() -> None:
    """10.00 with 2.12: within the limit, and yet more than rounding of one line explains."""
    folder = HERE / "cases" / "two_cents_of_tax_off_are_not_forced"
    code_0 = {"vat_codes": [{"code": "0", "percentage": "0", "type": "N"}]}
    books = read_books({"settings": {"vat_rounding": "code", **ROUNDING}, "more": code_0})
    held = books.translate(read_json(folder / "order.json"))
    assert isinstance(held, Held)
    assert [problem.code for problem in held.problems] == [Code.VAT_OF_RATE_DIFFERS]


def test_a_tax_that_is_not_its_rates_is_not_divided_over_the_lines() -> None:
    """At 21 % three cents too much and at 9 % three too few: together the order's tax, and nobody's rounding."""
    high = charge("product:1", "12.13", "2.13", charged_tax=D("2.1312"), charged=D("12.1312"))
    low = charge("product:2", "10.87", "0.87", charged_tax=D("0.8688"), charged=D("10.8688"))
    order = order_of(high, low, taxes=[taxed("product:1", "21", "2.13"), taxed("product:2", "9", "0.87")])
    held = read_books({"settings": {"force_vat": True}}).translate_order(replace(order, tax_inclusive=False))
    assert isinstance(held, Held)
    assert {problem.code for problem in held.problems} == {Code.VAT_OF_RATE_DIFFERS}


def context(order: Order, **settings: object) -> TranslationContext:
    books = read_books({"settings": settings})
    return TranslationContext(order, books.settings, books.rules, books.chart)


class TestLinesAndTheOrdersTotal:
    """Each line may be off by half a cent, and the total by the limit of the rounding line too."""

    @staticmethod
    def codes(inc: str, tax: str, **settings: object) -> list[Code]:
        lines = charge("product:1", "12.10", "2.10"), charge("product:2", "12.10", "2.10")
        order = order_of(*lines, total_inc=D(inc), total_tax=D(tax))
        return [each.code for each in check_sums(context(order, **settings))]

    def test_half_a_cent_a_line_is_rounding(self) -> None:
        assert self.codes("24.21", "4.21") == []
        assert self.codes("24.22", "4.20") == [Code.LINES_DO_NOT_ADD_UP]
        assert self.codes("24.20", "4.18") == [Code.TAX_DOES_NOT_ADD_UP]

    def test_one_of_the_two_sums_that_fits_is_enough(self) -> None:
        lines = [charge(f"product:{n}", "12.10", "2.10", charged=D("12.16"), charged_tax=D("2.16")) for n in (1, 2)]
        assert check_sums(context(order_of(*lines, total_inc=D("24.20"), total_tax=D("4.20")))) == []

    def test_amounts_that_are_shown_with_four_decimals_count_as_they_are_shown(self) -> None:
        """Three cups of 1.1979, 0.2079 of it VAT: 3.60 and 0.63 when each is rounded, 3.5937 and 0.6237 as shown."""
        exact: dict[str, Any] = {"charged": D("1.1979"), "charged_tax": D("0.2079")}
        cups = [charge(f"product:{number}", "1.20", "0.21", **exact) for number in (1, 2, 3)]
        order = order_of(*cups, total_inc=D("3.58"), total_tax=D("0.61"))
        assert check_sums(context(order)) == []
        assert len(check_sums(context(replace(order, total_inc=D("3.57"), total_tax=D("0.60"))))) == 2

    def test_the_limit_is_for_the_total_alone(self) -> None:
        assert self.codes("24.26", "4.20", **ROUNDING) == []
        assert self.codes("24.27", "4.20", **ROUNDING) == [Code.LINES_DO_NOT_ADD_UP]
        assert self.codes("24.20", "4.22", **ROUNDING) == [Code.TAX_DOES_NOT_ADD_UP]


class TestTheVatOfARate:
    """The invoice's lines are 10.00 at 21 % and 10.00 at 9 %; the shop's tax of them differs."""

    @staticmethod
    def found(high: list[str], low: list[str], total_tax: str, **settings: object) -> list[tuple[Code, object]]:
        taxes = {"21": high, "9": low}
        gross = {"21": "12.10", "9": "10.90"}
        keys = [(f"product:{rate}{place}", rate, tax) for rate in taxes for place, tax in enumerate(taxes[rate])]
        made = [booked(key, gross[rate], rate) for key, rate, _ in keys]
        charged = [charge(key, gross[rate], tax) for key, rate, tax in keys]
        inc = sum(line.gross for line in made)
        order = order_of(*charged, total_inc=inc, total_tax=D(total_tax))
        return [(each.code, each.params["rate"]) for each in find_differences(context(order, **settings), made)]

    def test_a_shop_that_rounds_its_lines_has_the_vat_of_each_rate(self) -> None:
        off = self.found(["2.10", "2.11"], ["0.90", "0.89"], "6.00")
        assert off == [(Code.VAT_OF_RATE_DIFFERS, "21"), (Code.VAT_OF_RATE_DIFFERS, "9")]

    def test_one_that_rounds_its_total_has_it_but_for_half_a_cent_a_line(self) -> None:
        assert self.found(["2.10", "2.11"], ["0.90"], "5.10") == []
        assert self.found(["2.11"], ["0.90"], "3.00") == [(Code.VAT_OF_RATE_DIFFERS, "21")]

    def test_where_exact_rounds_once_per_code_it_has_half_a_cent_more(self) -> None:
        by_code = {"vat_rounding": "code", **ROUNDING}
        assert self.found(["2.11"], ["0.90"], "3.01", **by_code) == []
        assert self.found(["2.11", "2.11"], ["0.90"], "5.12", **by_code) == [(Code.VAT_OF_RATE_DIFFERS, "21")]

    def test_vat_of_the_one_stop_shop_is_named_by_its_country(self) -> None:
        made = replace(booked("product:1", "11.90", "21"), vat_code="D19", vat_percentage=D(19), vat=D("1.90"))
        made = replace(made, net=D("10.00"))
        order = order_of(charge("product:1", "11.90", "1.89"), total_tax=D("1.90"))
        (problem,) = find_differences(context(order), [made])
        assert (problem.code, problem.params["country"], problem.params["rate"]) == (
            Code.VAT_OF_COUNTRY_DIFFERS,
            "DE",
            "19",
        )


@pytest.mark.parametrize(
    ("account", "item", "document", "limit", "is_made"),
    [
        ("4900", "ROUND", "sales_invoice", "0.05", True),
        ("4900", "ROUND", "sales_invoice", "0.04", False),
        ("4900", "", "sales_invoice", "0.05", False),
        ("", "ROUND", "sales_invoice", "0.05", False),
        ("4900", "", "sales_entry", "0.05", True),
        ("", "", "sales_entry", "0.05", False),
    ],
)
def test_a_rounding_line_needs_a_limit_an_account_and_in_an_invoice_an_item(
    account: str, item: str, document: str, limit: str, is_made: bool
) -> None:
    order = order_of(charge("product:1", "12.10", "2.10"), total_inc=D("12.15"))
    settings = {"rounding_limit": limit, "rounding_gl_account": account, "document": document}
    found = rounding_line(context(order, **settings, items={"rounding": item}), [booked("product:1", "12.10")])
    assert (found is not None) == is_made
    if found:
        assert (found.key, found.quantity, found.net, found.gross) == ("rounding:0", D(1), D("0.05"), D("0.05"))
