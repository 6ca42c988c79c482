"""Where a fee goes that is charged for the order as a whole: with the goods whose rates give its tax."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.order.model import Address, OrderLine
from tests.domain.basket import AUSTIN, BERLIN, GHENT, UTRECHT, ZURICH, charge, order_of
from tests.domain.books import read_books

ONLY = "the only code of the division that fits"
CHOSEN = "where the largest part of the order goes, to"


def whole(key: str, gross: str, tax: str = "0.00", *, to: Address = UTRECHT) -> OrderLine:
    """A charge for the order as a whole. It comes with the first address of the order."""
    return charge(key, gross, tax, to=to, of_order=True)


def booked(*lines: OrderLine, key: str = "fee:3", **changes: object) -> DraftLine:
    found = read_books(changes).translate_order(order_of(*lines))
    assert isinstance(found, Draft), found
    return next(line for line in found.lines if line.key == key)


def dutch(gross: str = "12.10", tax: str = "2.10") -> OrderLine:
    return charge("product:1", gross, tax)


def german(gross: str = "119.00", tax: str = "19.00") -> OrderLine:
    return charge("product:2", gross, tax, to=BERLIN)


@pytest.mark.parametrize("key", ["fee:3", "shipping:0", "handling:0", "wrapping:0"])
def test_it_goes_where_the_rates_give_its_tax(key: str) -> None:
    """10.00 + 1.90 is 19 %, German, though the first address of the order is in Utrecht."""
    line = booked(dutch(), german(), whole(key, "11.90", "1.90"), key=key)
    assert (line.vat_code, line.vat_rule) == ("D19", ONLY)
    assert booked(dutch(), german(), whole(key, "12.10", "2.10"), key=key).vat_code == "2"


def test_cents_that_fit_two_countries_go_with_the_largest_part_and_the_line_says_so() -> None:
    """0.25 + 0.05 is 21 % and 19 %."""
    to_germany = booked(dutch(), german(), whole("fee:3", "0.30", "0.05"))
    assert (to_germany.vat_code, to_germany.vat_rule) == ("D19", f"{CHOSEN} DE (its tax fits NL too): {ONLY}")
    at_home = booked(dutch("242.00", "42.00"), german(), whole("fee:3", "0.30", "0.05"))
    assert (at_home.vat_code, at_home.vat_rule) == ("2", f"{CHOSEN} NL (its tax fits DE too): {ONLY}")


def test_the_reason_ends_with_the_rule_and_its_version() -> None:
    vat = [{"when": {"country": "DE", "rate": "19"}, "code": "D19"}]
    line = booked(dutch(), german(), whole("fee:3", "0.30", "0.05"), vat=vat)
    assert line.vat_rule == f"{CHOSEN} DE (its tax fits NL too): VAT rule 1, version 3"


def test_several_lines_to_a_country_count_together() -> None:
    small = [charge(f"product:{number}", "60.50", "10.50") for number in (5, 6, 7)]
    assert booked(german(), *small, whole("fee:3", "0.30", "0.05")).vat_code == "2"


def test_a_fee_without_tax_goes_abroad_because_no_code_at_home_is_without_vat() -> None:
    line = booked(dutch(), charge("product:2", "50.00", to=ZURICH), whole("fee:3", "5.00"))
    assert (line.vat_code, line.vat_rule) == ("6", ONLY)


def test_a_fee_with_a_tax_that_is_no_vat_goes_where_such_a_tax_is_charged() -> None:
    apart = {"item": "MUG", "gl_account": "4900"}
    vat = [{"when": {"country": "US"}, "code": "6", "tax_as_line": apart}]
    texan = charge("product:2", "21.65", "1.65", to=AUSTIN)
    order = order_of(dutch("242.00", "42.00"), texan, whole("fee:3", "10.83", "0.83"), taxes=())
    found = read_books({"vat": vat}).translate_order(order)
    assert isinstance(found, Draft)
    assert [(line.vat_code, line.net) for line in found.lines[2:]] == [("6", D("10.00")), ("6", D("2.48"))]


def test_its_gl_account_follows_the_destination_too() -> None:
    rules = [
        {"priority": 10, "when": {"country": "DE"}, "then": {"gl_account": "8100"}},
        {"priority": 1000, "when": {}, "then": {"gl_account": "8000"}},
    ]
    assert booked(dutch(), german(), whole("fee:3", "11.90", "1.90"), rules=rules).gl_account == "8100"


def test_in_an_order_to_one_country_it_stays_at_its_address() -> None:
    """Rules may ask for the state: a fee of an order to Texas is not moved within the country."""
    elsewhere = replace(AUSTIN, state="California", postcode="90210")
    vat = [{"when": {"country": "US", "rate": "0"}, "code": "6"}]
    rules = [
        {"priority": 10, "when": {"state": "Texas"}, "then": {"gl_account": "8100"}},
        {"priority": 1000, "when": {}, "then": {"gl_account": "8000"}},
    ]
    lines = charge("product:1", "10.00", to=AUSTIN), charge("product:2", "90.00", to=elsewhere)
    assert booked(*lines, whole("fee:3", "5.00", to=AUSTIN), vat=vat, rules=rules).gl_account == "8100"


def test_a_fee_for_downloads_is_taxed_as_a_service_and_one_for_goods_as_goods() -> None:
    listed = [
        {"code": "7", "percentage": "0", "eu_sales_listing": "L"},
        {"code": "8", "percentage": "0", "eu_sales_listing": "S"},
    ]
    goods, download = charge("product:1", "90.00", to=GHENT), charge("product:2", "100.00", to=GHENT, digital=True)
    fee = whole("fee:3", "5.00", to=GHENT)
    assert booked(download, fee, more={"vat_codes": listed}).vat_code == "8"
    assert booked(goods, fee, more={"vat_codes": listed}).vat_code == "7"
    assert booked(goods, download, fee, more={"vat_codes": listed}).vat_code == "8"


def test_a_gift_certificate_and_a_free_fee_are_no_part_of_that_choice() -> None:
    """The certificate is a debt to its bearer, so it has no destination. A fee of 0.00 has no tax to fit."""
    certificate = charge("gift_certificate:4", "500.00")
    rule = {"priority": 5, "when": {"line": "gift_certificate"}, "then": {"gl_account": "1700"}}
    rules = [rule, {"priority": 1000, "when": {}, "then": {"gl_account": "8000"}}]
    more = {"vat_codes": [{"code": "0", "percentage": "0", "type": "N"}]}
    fee = whole("fee:3", "0.30", "0.05")
    assert booked(german(), certificate, fee, rules=rules, more=more).vat_rule == ONLY
    assert booked(dutch(), german(), whole("fee:3", "0.00")).vat_rule == ONLY


def test_an_order_of_a_fee_alone_keeps_its_address() -> None:
    assert booked(whole("fee:3", "12.10", "2.10")).vat_code == "2"


def test_goods_that_all_come_back_still_tell_where_a_fee_goes() -> None:
    assert booked(dutch("-12.10", "-2.10"), whole("fee:3", "36.30", "6.30")).vat_code == "2"
