"""What a store sold: where each line is taxed, at which rate, and to whom."""

from dataclasses import replace
from decimal import Decimal as D

from connector.domain.order.model import LineKind, Order
from connector.domain.rules.propose.facts import Place, Sale
from connector.domain.vat.sold import sales_of, tells_its_rates, vat_fields_of
from tests.domain.basket import AUSTIN, BERLIN, GHENT, ZURICH, charge, order_of, taxed
from tests.domain.books import read_books

BOOKS = read_books({"more": {"vat_codes": [{"code": "7", "percentage": "0", "eu_sales_listing": "L"}]}})


def sold(order: Order) -> list[Sale]:
    return list(sales_of(order, BOOKS.settings, BOOKS.chart))


def where(order: Order) -> list[tuple[str, Place, D | None]]:
    return [(sale.area, sale.place, sale.rate) for sale in sold(order)]


def test_the_rate_is_the_one_that_gives_the_tax() -> None:
    home = order_of(charge("product:1", "121.00", "21.00"), charge("shipping:51", "10.90", "0.90"))
    assert where(home) == [("NL", Place.HOME, D(21)), ("NL", Place.HOME, D(9))]
    assert where(order_of(charge("product:1", "119.00", "19.00", to=BERLIN))) == [("DE", Place.EU, D(19))]
    assert where(order_of(charge("product:1", "100.00", to=ZURICH))) == [("CH", Place.OUTSIDE, D(0))]


def test_the_rate_of_home_counts_in_a_member_state_without_a_code_of_its_own() -> None:
    assert where(order_of(charge("product:1", "121.00", "21.00", to=GHENT))) == [("BE", Place.EU, D(21))]


def test_a_business_of_another_member_state_owes_the_vat_itself() -> None:
    (sale,) = sold(order_of(charge("product:1", "100.00", to=GHENT), billing=GHENT))
    assert (sale.business, sale.rate, sale.taxed) == (True, D(0), False)


def test_what_is_free_and_what_is_no_supply_has_no_rate() -> None:
    order = order_of(charge("product:1", "0.00"), charge("gift_certificate:2", "50.00"))
    assert [(sale.kind, sale.area, sale.rate) for sale in sold(order)] == [(LineKind.GIFT_CERTIFICATE, "", None)]


def test_only_the_tax_table_tells_the_rate_of_a_cent() -> None:
    """One cent of 0.08 is 9 or 21 percent. A tax outside the EU is no VAT, so its rate is not asked for."""
    cent = charge("product:1", "0.08", "0.01")
    assert not tells_its_rates(sold(order_of(cent)))
    assert tells_its_rates(sold(order_of(cent, taxes=[taxed("product:1", "21", "0.01")])))
    assert tells_its_rates(sold(order_of(charge("product:1", "108.25", "8.25", to=AUSTIN))))


def test_form_fields_ask_for_a_vat_number_by_name_or_have_one() -> None:
    def fields(*answers: tuple[str, str]) -> set[str]:
        return vat_fields_of(order_of(charge("product:1", "10.00"), billing=replace(GHENT, form_fields=answers)))

    assert fields(("BTW-nummer", ""), ("Birthday", "1 May"), ("USt-IdNr.", "-")) == {"BTW-nummer", "USt-IdNr."}
    assert fields(("Company number", "BE0123456749"), ("Gate code", "1234")) == {"Company number"}
