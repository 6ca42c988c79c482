"""What one order, the settings and the division say of a line: where it is taxed, and which rules may fit it."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Detail
from connector.domain.order.model import Address, Order, OrderLine
from connector.domain.rules.context import TranslationContext, line_problem, with_rate
from tests.domain.basket import BERLIN, GHENT, UTRECHT, ZURICH, charge, order_of, taxed
from tests.domain.books import read_books

BELFAST = Address(first_name="Una", last_name="Kane", city="Belfast", postcode="BT1 1AA", country="GB")
CANARIES = Address(first_name="Eva", last_name="Sol", city="Las Palmas", postcode="35001", country="ES")
MUG = charge("product:1", "12.10", "2.10")


def context(order: Order | None = None, **books: Any) -> TranslationContext:
    found = read_books(books)
    return TranslationContext(order or order_of(MUG), found.settings, found.rules, found.chart)


def to(place: Address, *, digital: bool = False) -> OrderLine:
    return charge("product:1", "12.10", "2.10", to=place, digital=digital)


@pytest.mark.parametrize(
    ("line", "area", "abroad", "outside"),
    [
        (to(UTRECHT), "NL", False, False),
        (to(BERLIN), "DE", True, False),
        (to(ZURICH), "CH", False, True),
        (to(CANARIES), "IC", False, True),
        (to(BELFAST), "XI", True, False),
        (to(BELFAST, digital=True), "GB", False, True),
        (to(Address()), "", False, False),
    ],
)
def test_where_a_line_is_taxed(line: OrderLine, area: str, abroad: bool, outside: bool) -> None:
    of_line = context()
    assert of_line.vat_area(line) == area
    assert (of_line.is_abroad_in_eu(line), of_line.is_outside_eu(line)) == (abroad, outside)


def test_a_british_seller_sells_to_northern_ireland_at_home() -> None:
    british = context(chart={"country": "GB"})
    assert british.vat_area(to(BELFAST)) == "GB"
    assert not british.is_abroad_in_eu(to(BERLIN))
    assert not british.is_outside_eu(to(BERLIN))
    assert british.is_outside_eu(to(ZURICH))


def test_a_business_of_another_member_state_may_owe_the_vat_itself() -> None:
    def reverse(order: Order) -> bool:
        return context(order).is_reverse_charge(order.lines[0])

    business = order_of(to(GHENT))
    assert reverse(business)
    assert not reverse(order_of(to(BERLIN)))
    assert not reverse(replace(business, lines=(to(UTRECHT),)))
    own = replace(GHENT, form_fields=(("VAT number", "NL823807071B01"),))
    assert not reverse(order_of(to(own)))


def test_the_decimals_are_the_currencys_unless_the_order_needs_fewer() -> None:
    forints = order_of(charge("product:1", "1271", "271"), currency="HUF")
    known, whole = {"currencies": {"HUF": 2, "KWD": 3}}, {"currencies": {"HUF": 0}}
    assert (context().digits, context().charged_digits, context().charged_unit) == (2, 2, D("0.01"))
    kept = context(forints, chart=known)
    assert (kept.digits, kept.kept_digits, kept.charged_digits) == (2, 2, 0)
    assert kept.charged_unit == 1
    assert context(forints, chart=whole).digits == 0
    dinars = order_of(MUG, currency="KWD")
    assert (context(dinars, chart=known).digits, context(dinars, chart=known).kept_digits) == (3, 3)
    assert context(dinars, chart={"currencies": {}}).kept_digits == 2


def test_a_rule_may_ask_what_the_order_and_the_line_are() -> None:
    order = order_of(to(GHENT, digital=True), to(UTRECHT), channel="7")
    facts = context(order).line_facts(order.lines[0])
    asked = ("line", "digital", "country", "postcode_prefix", "channel", "b2b", "currency")
    assert [facts[name] for name in asked] == ["product", "true", "BE", "9000", "7", "true", "EUR"]
    assert context(order_of(MUG)).order_facts["b2b"] == "false"
    assert context(replace(order, ship_to=())).order_facts["country"] == "BE"
    assert context(replace(order, ship_to=(UTRECHT,))).order_facts["country"] == "NL"
    assert with_rate(facts, D("21.0000"))["rate"] == "21"


def test_a_vat_rule_may_name_the_area_or_the_country() -> None:
    assert context().vat_facts(to(CANARIES))["country"] == ("IC", "ES")
    assert context().vat_facts(to(BERLIN))["country"] == "DE"


def test_a_rule_for_a_country_is_not_for_an_area_outside_its_vat() -> None:
    whens = [{"country": "ES"}, {"country": "IC"}, {"postcode_prefix": "35"}, {}]
    rules = context(vat=[{"when": when, "code": "6"} for when in whens])
    assert [rule.id for rule in rules.vat_rules(to(CANARIES))] == ["2", "3", "4"]
    assert [rule.id for rule in rules.vat_rules(to(BERLIN))] == ["1", "2", "3", "4"]


def test_what_is_no_supply_needs_a_mapping_rule_that_names_its_kind() -> None:
    certificate = charge("gift_certificate:7", "50.00")
    every = {"priority": 10, "when": {}, "then": {"gl_account": "8000"}}
    named = {"priority": 20, "when": {"line": "gift_certificate"}, "then": {"gl_account": "1700"}}
    many = context(rules=[every, named])
    found = many.mapping_rule(certificate)
    assert found is not None
    assert found.gl_account == "1700"
    assert context(rules=[every]).mapping_rule(certificate) is None
    single = context(rules=[every, named], settings={"gift_certificates": "single"})
    assert [of.is_no_supply(certificate) for of in (many, single)] == [True, False]
    kinds = ("rounding:0", "tax:1", "product:1", "shipping:51", "fee:9")
    assert [many.is_no_supply(charge(key, "1.00")) for key in kinds] == [True, True, False, False, False]


def test_a_detail_that_decides_is_read_first() -> None:
    by_group = {"when": {"customer_group": "Trade"}, "then": {"gl_account": "8000"}, "priority": 10}
    order = order_of(MUG, customer_group=None)
    assert context(order, rules=[by_group]).unread_for_line(MUG) == {Detail.CUSTOMER_GROUP}
    assert context(order).unread_for_line(MUG) == frozenset()
    paying = [{"when": {"customer_group": "Trade"}, "code": "30"}]
    assert context(order, payment_conditions=paying).unread_for_order() == {Detail.CUSTOMER_GROUP}
    assert context(replace(order, customer_group=()), payment_conditions=paying).unread_for_order() == frozenset()


def test_a_tax_class_is_known_once_the_table_was_read() -> None:
    row = replace(taxed("product:1", "21", "2.10"), tax_class=("3", "Books"))

    def tax_class(order: Order, line: OrderLine) -> object:
        return context(order).line_facts(line)["tax_class"]

    assert tax_class(order_of(MUG), MUG) is None
    assert tax_class(order_of(MUG, taxes=[row]), MUG) == ("", "3", "Books")
    assert tax_class(order_of(MUG, taxes=[]), MUG) is None
    free, shipping = charge("product:1", "0.00"), charge("shipping:51", "5.00", tax_class="4")
    assert tax_class(order_of(MUG, taxes=[]), free) == ("",)
    assert tax_class(order_of(MUG, taxes=[row]), shipping) == ("4",)


def test_a_rule_is_named_with_its_version() -> None:
    assert context().with_version("rule 20") == "rule 20, version 3"


def test_a_problem_of_a_line_names_it() -> None:
    found = line_problem(to(BERLIN), Code.NO_GL_ACCOUNT_RULE)
    assert (found.line, found.params["kind"], found.params["country"]) == ("product:1", "product", "DE")
