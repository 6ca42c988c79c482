"""The rate that the shop charged, where the cents of a line leave it open."""

from connector.domain.document.result import Detail, Needs
from connector.domain.invoice.draft import Draft
from tests.domain.basket import GHENT, UTRECHT, ZURICH, charge, order_of, taxed
from tests.domain.books import read_books

LISTED = {"code": "7", "percentage": "0", "eu_sales_listing": "L"}
BELGIAN = {"code": "B21", "percentage": "21", "oss_country": "BE"}
ABROAD = {"more": {"vat_codes": [LISTED, BELGIAN]}}
EXEMPT = {"vat": [{"when": {"country": "NL", "rate": "0"}, "code": "6"}]}


def codes(found: object) -> dict[str, str]:
    assert isinstance(found, Draft), found
    return {line.key: line.vat_code for line in found.lines}


def test_in_an_order_without_tax_a_line_of_two_cents_has_the_rate_of_the_others() -> None:
    """Of 0.02 both 0 and 21 % are 0.00."""
    order = order_of(charge("product:1", "50.00", to=GHENT), charge("product:2", "0.02", to=GHENT))
    assert codes(read_books(ABROAD).translate_order(order)) == {"product:1": "7", "product:2": "7"}


def test_so_it_is_for_an_export_under_a_rule_for_all_countries_and_for_exempt_goods_at_home() -> None:
    everywhere = {"vat": [{"when": {"rate": "21"}, "code": "2"}]}
    for to, books in ((ZURICH, everywhere), (UTRECHT, EXEMPT)):
        order = order_of(charge("product:1", "50.00", to=to), charge("shipping:51", "0.02", to=to))
        assert codes(read_books(books).translate_order(order)) == {"product:1": "6", "shipping:51": "6"}


def test_where_no_line_shows_it_the_tax_table_is_asked_and_without_a_row_there_the_rate_is_0() -> None:
    order = order_of(charge("product:1", "0.02"))
    books = read_books(EXEMPT)
    assert books.translate_order(order) == Needs(frozenset({Detail.TAXES}))
    assert codes(books.translate_order(order_of(charge("product:1", "0.02"), taxes=()))) == {"product:1": "6"}
    in_table = order_of(charge("product:1", "0.02"), taxes=[taxed("product:1", "21", "0.0042")])
    assert codes(books.translate_order(in_table)) == {"product:1": "2"}


def test_in_an_order_with_tax_the_cents_of_a_small_line_still_need_the_tax_table() -> None:
    lines = charge("product:1", "12.10", "2.10"), charge("product:2", "0.02")
    books = read_books({})
    assert books.translate_order(order_of(*lines)) == Needs(frozenset({Detail.TAXES}))
    in_table = order_of(*lines, taxes=[taxed("product:1", "21", "2.10"), taxed("product:2", "9", "0.0018")])
    assert codes(books.translate_order(in_table)) == {"product:1": "2", "product:2": "1"}


def test_a_gift_certificate_has_never_vat_so_it_shows_nothing() -> None:
    lines = charge("product:1", "0.02"), charge("gift_certificate:2", "50.00")
    assert read_books(EXEMPT).translate_order(order_of(*lines)) == Needs(frozenset({Detail.TAXES}))
