"""Taxes that are no VAT: a line for each name in the order's tax table, and together the order's tax."""

from decimal import Decimal as D

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Held
from connector.domain.invoice.draft import Draft
from connector.domain.order.model import LineKind, OrderLine, TaxRow
from tests.domain.basket import AUSTIN, charge, order_of, taxed
from tests.domain.books import read_books

US = {"when": {"country": "US"}, "code": "6", "tax_as_line": {"item": "MUG", "gl_account": "4900"}}
BOOKS = read_books({"vat": [US]})
MUG = charge("product:1", "10.83", "0.83", to=AUSTIN)


def taxes(*rows: TaxRow, lines: tuple[OrderLine, ...] = (MUG,)) -> dict[str, str] | Code:
    """The lines of tax by their names, or why there are none."""
    found = BOOKS.translate_order(order_of(*lines, taxes=rows))
    if isinstance(found, Held):
        return found.problems[0].code
    assert isinstance(found, Draft)
    assert found.gross == found.order_total
    return {line.description: str(line.net) for line in found.lines if line.kind is LineKind.TAX}


def test_each_name_has_a_line_and_the_largest_the_cents() -> None:
    rows = taxed("product:1", "6.25", "0.625", "State"), taxed("product:1", "2", "0.20", "County")
    assert taxes(*rows) == {"State": "0.63", "County": "0.20"}
    assert taxes(taxed("product:1", "8.25", "0.83", "")) == {"Sales tax": "0.83"}


def test_a_fee_which_no_table_has_is_spread_as_the_rest() -> None:
    rows = taxed("product:1", "6.25", "0.63", "State"), taxed("product:1", "2", "0.20", "County")
    fee = charge("fee:3", "10.83", "0.83", to=AUSTIN)
    assert taxes(*rows, lines=(MUG, fee)) == {"State": "1.26", "County": "0.40"}
    assert taxes(taxed("fee:9", "8.25", "0.00"), lines=(fee,)) == {"Sales tax": "0.83"}


def test_a_name_of_which_nothing_is_left_has_no_line() -> None:
    rows = taxed("product:1", "8.25", "0.83", "State"), taxed("product:1", "0", "0.00", "County")
    assert taxes(*rows) == {"State": "0.83"}


@pytest.mark.parametrize(
    ("amounts", "is_rounding"),
    [(["0.84"], True), (["0.82"], True), (["0.85"], False), (["0.625", "0.22"], True), (["0.63", "0.22"], False)],
)
def test_the_table_may_differ_by_half_a_cent_for_each_row_and_line(amounts: list[str], is_rounding: bool) -> None:
    rows = [taxed("product:1", "4", amount, f"Tax {place}") for place, amount in enumerate(amounts)]
    found = taxes(*rows)
    if is_rounding:
        assert isinstance(found, dict)
        assert sum(map(D, found.values())) == D("0.83")
    else:
        assert found == Code.TAX_TABLE_DIFFERS
