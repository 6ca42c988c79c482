"""Which VAT code a line has, and where a tax that is no VAT is booked."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Held, Needs
from connector.domain.invoice.draft import Draft
from connector.problems.catalogue import sentence
from tests.cases.outcome import books, invoice
from tests.cases.shop import line, order
from tests.domain.basket import AUSTIN, GHENT, charge, order_of
from tests.domain.books import read_books


def lines(found: object) -> list[tuple[str, str, D]]:
    """GL account, VAT code and gross amount of each line of a draft."""
    assert isinstance(found, Draft), found
    return [(line.gl_account, line.vat_code, line.gross) for line in found.lines]


def test_a_tax_that_a_marketplace_remits_goes_to_an_account_of_its_own() -> None:
    """20.00 and 1.65 of sales tax, from a channel whose marketplace pays the tax, and from the shop itself."""

    def apart(account: str, **when: str) -> dict[str, object]:
        tax = {"item": "SALESTAX", "gl_account": account}
        return {"when": {"country": "US", **when}, "code": "6", "tax_as_line": tax}

    books = read_books(
        {
            "vat": [apart("1535", channel="1350"), apart("1530")],
            "more": {"gl_accounts": [{"code": "1530"}, {"code": "1535"}], "items": [{"code": "SALESTAX"}]},
        }
    )
    order = order_of(charge("product:1", "21.65", "1.65", to=AUSTIN), taxes=())
    for channel, account in (("1350", "1535"), ("1", "1530")):
        found = books.translate_order(replace(order, channel=channel))
        assert lines(found) == [("8000", "6", D("20.00")), (account, "6", D("1.65"))]


def test_a_tax_outside_the_area_of_eu_vat_is_named_as_that() -> None:
    """Unless a rule for that country names a rate: then it is the rate that does not fit."""
    taxed = order_of(charge("product:1", "21.65", "1.65", to=AUSTIN), taxes=())
    at_eight = {"when": {"country": "US", "rate": "8"}, "code": "6"}
    for rules, code in (([], Code.TAX_OUTSIDE_VAT_AREA), ([at_eight], Code.VAT_RATE_UNKNOWN)):
        found = read_books({"vat": rules}).translate_order(taxed)
        assert isinstance(found, Held)
        assert [problem.code for problem in found.problems] == [code]
    at_home = read_books({}).translate_order(order_of(charge("product:1", "21.65", "1.65"), taxes=()))
    assert isinstance(at_home, Held)
    assert [problem.code for problem in at_home.problems] == [Code.VAT_RATE_UNKNOWN]


GOODS = {"code": "7", "percentage": "0", "eu_sales_listing": "L"}
SERVICES = {"code": "8", "percentage": "0", "eu_sales_listing": "S"}
BOTH = {"more": {"vat_codes": [GOODS, SERVICES]}}


def a_download_and_goods(**changes: object) -> Draft | Held | Needs:
    """To a business in Ghent, without VAT."""
    download = charge("product:1", "20.00", to=GHENT, digital=True)
    return read_books({**BOTH, **changes}).translate_order(order_of(download, charge("product:2", "50.00", to=GHENT)))


def test_a_business_abroad_gets_downloads_as_services_and_goods_as_goods() -> None:
    assert lines(a_download_and_goods()) == [("8000", "8", D("20.00")), ("8000", "7", D("50.00"))]


def test_rules_can_ask_for_downloads() -> None:
    rules = [
        {"priority": 10, "when": {"digital": True}, "then": {"gl_account": "8100"}},
        {"priority": 1000, "when": {}, "then": {"gl_account": "8000"}},
    ]
    vat = [{"when": {"b2b": True, "digital": digital}, "code": code} for digital, code in ((False, "7"), (True, "8"))]
    found = a_download_and_goods(rules=rules, vat=vat)
    assert lines(found) == [("8100", "8", D("20.00")), ("8000", "7", D("50.00"))]
    assert isinstance(found, Draft)
    assert [line.vat_rule for line in found.lines] == ["VAT rule 2, version 3", "VAT rule 1, version 3"]


@pytest.mark.parametrize(
    ("code", "line", "text"),
    [
        (
            "7",
            "product:1",
            'VAT code 7 for product "Product 1" to BE (line product:1) (VAT rule 1, version 3) is for goods on the EU '
            "sales list, but a download, and what is charged for it, is a service: VAT code 8 is for that. Let that "
            "rule ask for digital: false, and add one for true.",
        ),
        (
            "8",
            "product:2",
            'VAT code 8 for product "Product 2" to BE (line product:2) (VAT rule 1, version 3) is for services on the '
            "EU sales list, but these are goods: VAT code 7 is for that. Let that rule ask for digital: true, and add "
            "one for false.",
        ),
    ],
)
def test_a_rule_that_lists_the_one_as_the_other_holds_with_both_codes(code: str, line: str, text: str) -> None:
    found = a_download_and_goods(vat=[{"when": {"b2b": True, "rate": "0"}, "code": code}])
    assert isinstance(found, Held)
    assert [(each.line, sentence(each)) for each in found.problems] == [(line, text)]


def test_so_does_a_mapping_rule_and_a_division_may_lack_the_right_code() -> None:
    rules = [{"priority": 1000, "when": {}, "then": {"gl_account": "8000", "vat_code": "7"}}]
    found = a_download_and_goods(rules=rules, more={"vat_codes": [GOODS]})
    assert isinstance(found, Held)
    (problem,) = found.problems
    assert (problem.code, problem.params["right"]) == ("vat_code_for_goods", "")
    assert "no code of the division is for that" in sentence(problem)


def test_a_free_download_is_on_no_list_so_any_code_without_vat_will_do() -> None:
    free = charge("product:1", "0.00", to=GHENT, digital=True)
    order = order_of(charge("product:2", "50.00", to=GHENT), free)
    books = read_books({**BOTH, "vat": [{"when": {"b2b": True, "rate": "0"}, "code": "7"}]})
    assert [code for _, code, _ in lines(books.translate_order(order))] == ["7", "7"]


def test_at_home_an_untaxed_line_beside_taxed_ones_needs_a_rule() -> None:
    """The division has one code of 0 %, which is for exports."""
    order = order_of(charge("product:1", "12.10", "2.10"), charge("product:2", "5.00"))
    found = read_books({}).translate_order(order)
    assert isinstance(found, Held)
    assert [sentence(each) for each in found.problems] == [
        'No VAT rule chooses a code for product "Product 2" to NL (line product:2) at 0 %, and no code of the '
        "division fits. Add a VAT rule for country NL, rate 0."
    ]
    exempt = {"code": "5", "percentage": "0", "type": "B"}
    rule = {"when": {"country": "NL", "rate": "0"}, "code": "5"}
    books = read_books({"vat": [rule], "more": {"vat_codes": [exempt]}})
    assert [code for _, code, _ in lines(books.translate_order(order))] == ["2", "5"]


@pytest.mark.parametrize(
    ("country", "postcode", "city", "area"),
    [
        ("ES", "35001", "Las Palmas", "IC"),
        ("IT", "47890", "San Marino", "SM"),
        ("CY", "99300", "Girne", "ZZ"),
        ("GB", "JE2 3AB", "Saint Helier", "JE"),
    ],
)
def test_a_missing_rule_names_the_country_for_which_it_would_apply(
    country: str, postcode: str, city: str, area: str
) -> None:
    """A rule for the country of the address is not for an area with a VAT of its own."""
    abroad = order(line("10.00", vat="0"), address={"country_iso2": country, "zip": postcode, "city": city})
    assert f"Add a VAT rule for country {area} (the address's area for VAT), rate 0." in invoice(abroad).words
    for named, codes in ((country, ["no_vat_rule"]), (area, [])):
        using = books(vat=[{"when": {"country": [named], "rate": "0"}, "code": "6"}])
        assert invoice(abroad, using).codes == codes
