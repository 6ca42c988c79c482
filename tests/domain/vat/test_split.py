"""Shipping that the shop taxed at several rates: a line at each rate, together the shipping to the cent."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.domain.document.codes import Code
from connector.domain.document.result import Detail, Held, Needs
from connector.domain.invoice.draft import Draft
from connector.domain.money import ZERO, total
from connector.domain.order.model import OrderLine, TaxRow
from connector.domain.vat_arithmetic import with_vat
from tests.domain.basket import AUSTIN, BERLIN, charge, order_of, taxed
from tests.domain.books import read_books

SIX_AND_TWELVE = read_books(
    {
        "vat": [{"when": {"country": "NL", "rate": "0"}, "code": "6"}],
        "more": {"vat_codes": [{"code": f"C{rate}", "percentage": f"{rate}"} for rate in (6, 12)]},
    }
)
BOOK, MUG = charge("product:1", "109.00", "9.00"), charge("product:2", "121.00", "21.00")


def amounts(found: object, key: str = "shipping:51") -> list[tuple[str, str, str, str]]:
    """VAT code, net, VAT and gross amount of the parts."""
    assert isinstance(found, Draft), found
    parts = [line for line in found.lines if line.key.startswith(key)]
    return [(line.vat_code, str(line.net), str(line.vat), str(line.gross)) for line in parts]


def translated(shipping: OrderLine, *rows: TaxRow, **changes: object) -> object:
    goods = taxed("product:1", "9", "9.00"), taxed("product:2", "21", "21.00")
    return read_books(changes).translate_order(order_of(BOOK, MUG, shipping, taxes=[*goods, *rows]))


@pytest.mark.parametrize("kind", ["shipping", "handling"])
def test_it_becomes_a_line_at_each_rate(kind: str) -> None:
    """10.00, half of it at 9 % (0.45) and half at 21 % (1.05)."""
    key = f"{kind}:51"
    found = translated(charge(key, "11.50", "1.50"), taxed(key, "9", "0.45"), taxed(key, "21", "1.05"))
    assert amounts(found, key) == [("1", "5.00", "0.45", "5.45"), ("2", "5.00", "1.05", "6.05")]
    assert isinstance(found, Draft)
    assert [line.key for line in found.lines[2:]] == [f"{kind}:51@9", f"{kind}:51@21"]
    assert (found.net, found.vat, found.gross) == (D("210.00"), D("31.50"), D("241.50"))


def test_its_table_is_read_when_no_single_rate_gives_the_tax() -> None:
    order = order_of(BOOK, MUG, charge("shipping:51", "11.50", "1.50"))
    assert read_books({}).translate_order(order) == Needs(frozenset({Detail.TAXES}))


@pytest.mark.parametrize(
    ("shipping", "rows", "parts"),
    [
        pytest.param(
            charge("shipping:51", "11.20", "1.20"),
            [taxed("shipping:51", "6", "0.36"), taxed("shipping:51", "21", "0.84")],
            [("C6", "6.00", "0.36", "6.36"), ("2", "4.00", "0.84", "4.84")],
            id="12 % of 10.00 by 6 and 21 %",
        ),
        pytest.param(
            charge("shipping:51", "7.63", "0.63"),
            [taxed("shipping:51", "0", "0.00"), taxed("shipping:51", "21", "0.63")],
            [("6", "4.00", "0.00", "4.00"), ("2", "3.00", "0.63", "3.63")],
            id="9 % of 7.00 by 0 and 21 %",
        ),
    ],
)
def test_parts_whose_tax_a_third_rate_gives_by_chance_are_found_in_the_table(
    shipping: OrderLine, rows: list[TaxRow], parts: list[tuple[str, str, str, str]]
) -> None:
    low = charge("product:2", f"{100 + rows[0].rate}", str(rows[0].rate)), taxed("product:2", str(rows[0].rate), "0")
    order = order_of(charge("product:1", "121.00", "21.00"), low[0], shipping)
    assert SIX_AND_TWELVE.translate_order(order) == Needs(frozenset({Detail.TAXES}))
    table = taxed("product:1", "21", "21.00"), low[1], *rows
    found = SIX_AND_TWELVE.translate_order(replace(order, taxes=table))
    assert sorted(amounts(found)) == sorted(parts)


def test_one_row_in_the_table_keeps_the_rate_between_those_of_the_goods() -> None:
    goods = charge("product:1", "121.00", "21.00"), charge("product:2", "106.00", "6.00")
    order = order_of(*goods, charge("shipping:51", "11.20", "1.20"), taxes=[taxed("shipping:51", "12", "1.20")])
    assert amounts(SIX_AND_TWELVE.translate_order(order)) == [("C12", "10.00", "1.20", "11.20")]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([MUG, charge("shipping:51", "10.90", "0.90")], id="goods of one rate"),
        pytest.param([BOOK, MUG, charge("shipping:51", "12.10", "2.10")], id="at the highest rate of the goods"),
        pytest.param([BOOK, MUG, charge("shipping:51", "10.90", "0.90")], id="at the lowest"),
        pytest.param([BOOK, MUG, charge("fee:51", "11.20", "1.20")], id="a fee"),
        pytest.param(
            [MUG, charge("product:3", "119.00", "19.00", to=BERLIN), charge("shipping:51", "12.00", "2.00", to=BERLIN)],
            id="goods of one rate in each country",
        ),
        pytest.param([BOOK, MUG, charge("shipping:51", "10.00")], id="without tax"),
    ],
)
def test_the_table_is_not_read_where_there_can_be_no_parts(lines: list[OrderLine]) -> None:
    codes = [{"code": f"D{rate}", "percentage": rate, "oss_country": "DE"} for rate in ("19", "20")]
    rule = {"when": {"country": "NL", "rate": "0"}, "code": "6"}
    books = read_books({"vat": [rule], "more": {"vat_codes": [*codes, {"code": "C12", "percentage": "12"}]}})
    assert isinstance(books.translate_order(order_of(*lines)), Draft)


def test_a_part_for_goods_without_vat_takes_what_is_left() -> None:
    """Of 10.00 a tax of 1.05 at 21 % is of 5.00; the rest is at 0 %."""
    rows = taxed("shipping:51", "21", "1.05"), taxed("shipping:51", "0", "0.00")
    rule = {"when": {"country": "NL", "rate": "0"}, "code": "6"}
    found = translated(charge("shipping:51", "11.05", "1.05"), *rows, vat=[rule])
    assert amounts(found) == [("2", "5.00", "1.05", "6.05"), ("6", "5.00", "0.00", "5.00")]


def test_rows_of_one_rate_count_together() -> None:
    rows = [taxed("shipping:51", rate, tax) for rate, tax in (("9", "0.45"), ("21", "0.63"), ("21", "0.42"))]
    found = translated(charge("shipping:51", "11.50", "1.50"), *rows)
    assert amounts(found) == [("1", "5.00", "0.45", "5.45"), ("2", "5.00", "1.05", "6.05")]


def test_several_taxes_of_one_amount_are_no_parts() -> None:
    """5 and 7 % of 10.00: the amounts of the two taxes are 20.00 together."""
    rows = taxed("shipping:51", "5", "0.50"), taxed("shipping:51", "7", "0.70")
    twelve = {"code": "C12", "percentage": "12"}
    found = translated(charge("shipping:51", "11.20", "1.20"), *rows, more={"vat_codes": [twelve]})
    assert amounts(found) == [("C12", "10.00", "1.20", "11.20")]


def test_taxes_that_are_no_vat_keep_one_line() -> None:
    rule = {"when": {"country": "US"}, "code": "6", "tax_as_line": {"item": "MUG", "gl_account": "4900"}}
    rows = taxed("shipping:51", "6.25", "0.63", "State"), taxed("shipping:51", "2", "0.20", "County")
    order = order_of(charge("shipping:51", "10.83", "0.83", to=AUSTIN), taxes=rows)
    assert amounts(read_books({"vat": [rule]}).translate_order(order)) == [("6", "10.00", "0.00", "10.00")]


def test_a_rate_of_which_nothing_is_charged_makes_no_part() -> None:
    rows = taxed("shipping:51", "21", "0.00"), taxed("shipping:51", "0", "0.00")
    rule = {"when": {"country": "NL", "rate": "0"}, "code": "6"}
    assert amounts(translated(charge("shipping:51", "0.03"), *rows, vat=[rule])) == [("6", "0.03", "0.00", "0.03")]


def test_a_product_has_one_rate() -> None:
    rows = taxed("product:3", "9", "0.45"), taxed("product:3", "21", "1.05")
    found = translated(charge("product:3", "11.50", "1.50"), *rows)
    assert isinstance(found, Held)


def test_cents_that_the_rows_lack_go_to_the_largest_tax() -> None:
    """The rows have four decimals: 0.4545 and 1.0545 are 0.45 and 1.05, of a tax of 1.51."""
    rows = taxed("shipping:51", "9", "0.4545"), taxed("shipping:51", "21", "1.0545")
    found = translated(charge("shipping:51", "11.58", "1.51"), *rows)
    assert amounts(found) == [("1", "5.02", "0.45", "5.47"), ("2", "5.05", "1.06", "6.11")]


def test_rows_that_do_not_give_the_amount_hold_the_order() -> None:
    rows = taxed("shipping:51", "9", "0.75"), taxed("shipping:51", "21", "0.75")
    found = translated(charge("shipping:51", "11.50", "1.50"), *rows)
    assert isinstance(found, Held)
    assert [problem.line for problem in found.problems] == ["shipping:51"]


def test_rows_that_do_not_give_the_amount_hold_it_also_where_a_rate_between_them_does() -> None:
    rows = taxed("shipping:51", "6", "0.60"), taxed("shipping:51", "21", "0.60")
    order = order_of(MUG, charge("shipping:51", "11.20", "1.20"), taxes=rows)
    found = SIX_AND_TWELVE.translate_order(order)
    assert isinstance(found, Held)
    assert [(problem.code, problem.line) for problem in found.problems] == [(Code.VAT_RATE_UNKNOWN, "shipping:51")]


def test_two_of_three_rates_are_never_the_third() -> None:
    """Shipping in parts of 0.10 to 15.00 whose tax is near that of a rate between the two; 9 of 10 are drafts."""
    fates: Counter[str] = Counter()

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(
        st.integers(10, 1500),
        st.integers(-3, 3),
        st.sampled_from([(0, 6, 12), (0, 6, 21), (0, 12, 21), (6, 12, 21)]),
    )
    def shipping_near_a_third_rate(low_cents: int, off: int, rates: tuple[int, int, int]) -> None:
        low, third, high = rates
        high_cents = max(low_cents * (third - low) // (high - third) + off, 1)
        parts = {
            D(rate): with_vat(D(cents).scaleb(-2), D(rate), 2, included=False)
            for rate, cents in ((low, low_cents), (high, high_cents))
        }
        gross, tax = (total(getattr(part, name) for part in parts.values()) for name in ("gross", "vat"))
        goods = [charge(f"product:{rate}", str(100 + rate), str(rate)) for rate in parts]
        order = order_of(*goods, charge("shipping:51", str(gross), str(tax)))
        found = SIX_AND_TWELVE.translate_order(order)
        if isinstance(found, Needs):
            rows = [taxed("shipping:51", str(rate), str(part.vat)) for rate, part in parts.items()]
            found = SIX_AND_TWELVE.translate_order(replace(order, taxes=tuple(rows)))
        fates[type(found).__name__] += 1
        assert not isinstance(found, Draft) or {line.vat_percentage for line in found.lines[2:]} <= {*parts}

    shipping_near_a_third_rate()
    assert fates["Draft"] >= D("0.9") * sum(fates.values()), fates


def test_any_split_of_a_shop_has_its_tax_at_each_rate() -> None:
    """Amounts up to 50.00 at two rates, each taxed on its own, on either basis; at least 99 of 100 are drafts.

    Else the cents of both taxes are at the end of their ranges, and the order is held.
    """
    fates: Counter[str] = Counter()
    exempt = {"when": {"line": "shipping", "rate": "0"}, "code": "6"}
    books = read_books({"vat": [exempt]})

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(st.integers(1, 5000), st.integers(1, 5000), st.booleans(), st.sampled_from(["9 21", "9 0", "21 0"]))
    def shipping_at_two_rates(first: int, second: int, inclusive: bool, rates: str) -> None:
        rows, paid = [], ZERO
        for cents, rate in zip((first, second), rates.split(), strict=True):
            totals = with_vat(D(cents).scaleb(-2), D(rate), 2, included=inclusive)
            rows.append(taxed("shipping:51", rate, str(totals.vat)))
            paid += totals.gross
        tax = total(row.amount for row in rows)
        shipping = charge("shipping:51", str(paid), str(tax))
        order = order_of(BOOK, MUG, shipping, taxes=rows, tax_inclusive=inclusive)
        found = books.translate_order(order)
        fates[type(found).__name__] += 1
        if isinstance(found, Draft):
            assert (found.gross, found.vat) == (order.total_inc, order.total_tax)
            of_shipping = {line.vat_percentage: line.vat for line in found.lines[2:] if line.vat}
            assert of_shipping == {row.rate: row.amount for row in rows if row.amount}

    shipping_at_two_rates()
    assert fates["Draft"] >= D("0.99") * sum(fates.values()), fates
