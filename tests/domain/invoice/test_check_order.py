"""What no rule can put right: a return, an exchange, an address that is gone, without its country, or of two areas."""

import pytest

from connector.domain.document.result import Held
from connector.domain.invoice.check_order import check_order
from connector.domain.order.model import Address
from connector.domain.rules.context import TranslationContext
from tests.cases.outcome import invoice
from tests.cases.shop import bundle, line, order, read
from tests.domain.books import read_books


@pytest.mark.parametrize(
    ("raw", "codes", "said"),
    [
        (order(line("2.00", quantity=-3)), ["return_order"], "-6.00 EUR, with -1.04 of VAT: it is a return"),
        (
            order(line(), line("24.20", vat="9", quantity=-1)),
            ["exchange_order"],
            "The order is an exchange: its total is 0.00 EUR, and 2.20 of VAT is left",
        ),
        (
            order(line("0.00"), total_tax="2.10"),
            ["tax_on_nothing"],
            "The order's total is 0.00 EUR, but its tax is 2.10, and nothing came back",
        ),
        (order(line(), address={"country_iso2": ""}), ["country_missing"], '"Thing 1" (line product:1) has no country'),
        (
            order(line(vat="0"), address={"country_iso2": "CY", "city": "Girne", "zip": "1010"}),
            ["town_and_postcode_disagree"],
            "(line product:1) has the town 'Girne' and the postcode '1010', which are of different areas for VAT.",
        ),
    ],
)
def test_it_is_held_for_that_alone(raw: dict[str, object], codes: list[str], said: str) -> None:
    found = invoice(raw)
    assert found.codes == codes
    assert said in found.words


def test_for_a_seller_outside_the_eu_a_country_is_one_area() -> None:
    raw = order(line(vat="0"), address={"country_iso2": "CY", "city": "Girne", "zip": "1010"})
    found = read_books({"chart": {"country": "CH"}})
    assert check_order(TranslationContext(read(raw), found.settings, found.rules, found.chart)) == ()


def test_a_line_whose_address_is_gone_is_named() -> None:
    raw = order(line(), line(order_address_id=99))
    (place,) = raw["consignments"]["shipping"]
    found = invoice(raw, products=place["line_items"], addresses=[place])
    assert found.codes == ["address_missing"]
    assert '"Thing 2" (line product:2) is not there' in found.words
    assert found.order.lines[1].ship_to == Address()


def test_a_line_without_any_address_goes_to_the_billing_address() -> None:
    raw = order(line(order_address_id=0))
    places = bundle(raw, products=raw["consignments"]["shipping"][0]["line_items"])["destinations"]
    assert [(place["key"], place["address"]["city"]) for place in places] == [("shipping:0", "Utrecht")]


def test_a_debt_needs_no_country() -> None:
    """A gift certificate goes by mail, and has no VAT."""
    voucher = line("50.00", vat="0", type="giftcertificate", order_address_id=0)
    assert invoice(order(voucher, address={"country_iso2": ""})).total == "50.00"


def test_an_exchange_is_invoiced_with_both_lines() -> None:
    found = invoice(order(line(), line("2.00", quantity=-3)))
    assert (found.total, found.vat, found.lines) == (
        "18.20",
        {"21": "3.16"},
        ["1 x Thing 1 24.20", "-3 x Thing 2 -6.00"],
    )


def test_nothing_is_due_for_an_exchange_of_equals() -> None:
    assert invoice(order(line(), line(quantity=-1))).codes == ["nothing_to_pay"]


def test_the_domain_asks_for_no_rule_of_a_return() -> None:
    """An order that cannot have an invoice reads no further details."""
    outcome = read_books({"rules": []}).translate_order(read(order(line(quantity=-1))))
    assert isinstance(outcome, Held)
    assert [problem.code for problem in outcome.problems] == ["return_order"]
