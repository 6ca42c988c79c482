"""Shops that round their tax once per order, or to whole forints: what is invoiced and credited, to the cent."""

import pytest

from connector.domain.invoice.draft import DraftLine
from tests.cases.outcome import Outcome, books, credits_of, invoice, item, refund
from tests.cases.shop import Json, line, order

ROUNDING: Json = {"rounding_limit": "0.05", "rounding_gl_account": "4900"}
FORINT = {"HUF": 2}


def not_rounded() -> Json:
    """Three pieces of 0.99 with 0.2079 of VAT each: 2.97 + 0.62 in all."""
    lines = [line("0.99", rounded=False, inclusive=False)] * 3
    return order(*lines, inclusive=False, total_inc_tax="3.5900", total_tax="0.6200")


def forints(quantity: int = 1) -> Json:
    """12990 forints in all. 21 % of that is 2254.46, and the shop charges 2254."""
    price = str(12990 // quantity)
    row = line(price, quantity=quantity, total_tax="2254.0000")
    return order(row, total_tax="2254.0000", default_currency_code="HUF")


def rows(found: Outcome) -> list[DraftLine]:
    assert found.draft, found.words
    return list(found.draft.lines)


def helps(found: Outcome) -> list[object]:
    return [problem.params["helps"] for problem in found.problems]


def test_noround_excl() -> None:
    """Exact would round each line to 0.21. Held, and what would help is named."""
    found = invoice(not_rounded())
    assert (found.codes, helps(found)) == (["totals_differ_unless_forced"], ["force_vat"])
    assert all(each in found.words for each in ("3.60", "3.59", "`force_vat`"))


def test_noround_excl_force() -> None:
    found = invoice(not_rounded(), books(force_vat=True))
    assert (found.total, found.vat) == ("3.59", {"21": "0.62"})
    assert [str(row.vat) for row in rows(found)] == ["0.21", "0.21", "0.20"]
    assert [str(row.vat_amount) for row in rows(found)] == ["None", "None", "0.20"]


def test_a_sales_entry_is_sent_with_the_same_vat() -> None:
    found = invoice(not_rounded(), books(force_vat=True, document="sales_entry"))
    assert (found.total, [str(row.vat_amount) for row in rows(found)]) == ("3.59", ["0.21", "0.21", "0.20"])


def test_under_a_code_that_includes_vat_the_cent_is_in_the_price() -> None:
    found = invoice(not_rounded(), books(force_vat=True, vat=[{"when": {"rate": "21"}, "code": "2I"}]))
    assert (found.total, found.vat) == ("3.59", {"21": "0.62"})
    assert [(str(row.net), str(row.gross)) for row in rows(found)] == [("0.99", "1.20")] * 2 + [("0.99", "1.19")]


def test_where_exact_rounds_once_per_code_nothing_is_sent() -> None:
    found = invoice(not_rounded(), books(force_vat=True, vat_rounding="code"))
    assert (found.total, found.vat) == ("3.59", {"21": "0.62"})
    assert {row.vat_amount for row in rows(found)} == {None}


def test_where_exact_rounds_once_per_code_the_cents_of_a_shop_that_rounds_each_line_are_a_rounding_line() -> None:
    """10 x 0.27 with 0.06 of VAT each: 3.30 in the shop, 2.70 + 0.57 in Exact."""
    row = line("0.27", inclusive=False, discounted_total_inc_tax="0.3300")
    raw = order(*[row] * 10, inclusive=False, total_inc_tax="3.3000", total_tax="0.6000")
    held = invoice(raw, books(vat_rounding="code"))
    assert (held.codes, helps(held)) == (["totals_differ"], ["sales_entry, rounding 0.03"])
    found = invoice(raw, books(vat_rounding="code", **ROUNDING))
    assert (found.total, found.vat) == ("3.30", {"21": "0.57", "0": "0.00"})
    assert found.lines[-1] == "1 x Rounding difference 0.03"
    assert found.draft
    assert found.draft.notes == "Exact makes 0.57 VAT of this order, the shop charged 0.60."


def test_where_exact_rounds_once_per_code_the_limit_bounds_vat_that_is_in_the_price_too() -> None:
    """5 x 1.07 with 0.19 of VAT each, 0.95 in all. Of 5.35 Exact makes 0.93; the total needs no rounding line."""
    raw = order(*[line("1.07")] * 5, total_tax="0.9500")
    held = invoice(raw, books(vat_rounding="code"))
    assert (held.codes, helps(held)) == (["totals_differ"], ["sales_entry+force_vat, rounding 0.02"])
    found = invoice(raw, books(vat_rounding="code", **ROUNDING))
    assert (found.total, found.vat, len(rows(found))) == ("5.35", {"21": "0.93"}, 5)


def test_no_cent_moves_between_rates_where_the_rounded_taxes_add_up_by_chance() -> None:
    """At 21 % 2 x 0.2247 are 0.45, at 9 % 2 x 0.1053 are 0.21; rounded on each line 0.44 and 0.22."""
    low, high = (line(price, vat, rounded=False, inclusive=False) for price, vat in (("1.17", "9"), ("1.07", "21")))
    raw = order(low, low, high, high, inclusive=False, total_inc_tax="5.1400", total_tax="0.6600")
    found = invoice(raw, books(force_vat=True))
    assert (found.total, found.vat) == ("5.14", {"9": "0.21", "21": "0.45"})
    held = invoice(raw)
    assert (held.codes, helps(held)) == (["vat_of_rate_differs"] * 2, ["force_vat"] * 2)


def test_a_tax_of_four_decimals_was_rounded_before() -> None:
    """21 % of 37.02 is 6.42496 within it. The line shows 6.4250, and the order has 6.42."""
    found = invoice(order(line("37.02", rounded=False), total_tax="6.4200"))
    assert (found.total, found.vat) == ("37.02", {"21": "6.42"})


@pytest.mark.parametrize("inclusive", [True, False])
def test_a_line_without_a_code_holds_the_order_of_a_shop_that_does_not_round(inclusive: bool) -> None:
    """An untaxed line at home has no tax that would be too far off."""
    lines = [line("0.99", inclusive=inclusive, rounded=False)] * 3
    found = invoice(order(*lines, line("5.00", vat="0", inclusive=inclusive), inclusive=inclusive))
    assert found.codes == ["no_vat_rule"]
    assert 'product "Thing 4" to NL (line product:4) at 0 %' in found.words


def test_a_difference_of_more_than_rounding_is_held() -> None:
    """The order's tax is 5 cents less than its lines'; nothing helps."""
    raw = order(line("10.00", rounded=False), total_tax="1.6900")
    for using in (books(force_vat=True, **ROUNDING), books(vat_rounding="code", **ROUNDING)):
        assert invoice(raw, using).codes == ["tax_does_not_add_up"]


def test_huf_whole_tax() -> None:
    """A currency without coins for its hundredths: the shop rounds to whole forints."""
    held = invoice(forints(), books(currencies=FORINT))
    assert (held.codes, helps(held)) == (["totals_differ_unless_forced"], ["force_vat"])
    found = invoice(forints(), books(currencies=FORINT, force_vat=True))
    assert (found.total, found.vat) == ("12990.00", {"21": "2254.00"})


def test_where_exact_keeps_whole_forints_too_nothing_is_sent() -> None:
    found = invoice(forints(), books(currencies={"HUF": 0}))
    assert (found.total, found.vat) == ("12990.00", {"21": "2254"})
    assert rows(found)[0].vat_amount is None


def test_a_whole_amount_of_euro_may_not_be_off_by_more_than_a_cent() -> None:
    raw = order(line("12990", total_tax="2254.0000"), total_tax="2254.0000")
    assert invoice(raw, books(force_vat=True)).codes == ["vat_rate_unknown"]


def test_pieces_in_forints_are_credited_in_whole_forints() -> None:
    one = item("PRODUCT", 1, quantity=1)
    notes = credits_of(
        forints(quantity=3),
        [refund("4330", "751", one, number=11), refund("8660", "1503", number=12)],
        books(currencies=FORINT, force_vat=True),
    )
    assert [(note.total, note.vat) for note in notes] == [
        ("-4330.00", {"21": "-751.00"}),
        ("-8660.00", {"21": "-1503.00"}),
    ]


@pytest.mark.parametrize("basis", ["2", "2I"])
def test_pieces_of_a_shop_that_does_not_round_come_back_as_they_were_invoiced(basis: str) -> None:
    """The shop gives back 1.20 for the line that was invoiced with 1.19: a cent of it is another line's."""
    using = books(force_vat=True, vat=[{"when": {"rate": "21"}, "code": basis}])
    third = refund("1.20", "0.21", item("PRODUCT", 3, quantity=1), number=11)
    rest = refund("2.39", "0.41", item("ORDER", 1001, amount="2.39"), number=12)
    first, second = credits_of(not_rounded(), [third, rest], using)
    assert [first.total, second.total] == ["-1.20", "-2.39"]
    assert float(first.vat["21"]) + float(second.vat["21"]) == pytest.approx(-0.62)
