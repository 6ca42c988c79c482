"""The items that are proposed: for products that are no items themselves, and for each kind of charge."""

from dataclasses import replace

from connector.domain.order.model import LineKind
from connector.domain.rules.chart import Item
from connector.domain.rules.propose.facts import Facts, Place, Sale, UsedLine
from connector.domain.rules.propose.items import default_item, item_of, propose_items, tax_item
from connector.domain.rules.propose.proposal import Confidence
from tests.domain.rules.propose.division import facts_of

DUTCH = facts_of("nl_with_items")


def with_items(**names: str) -> Facts:
    items = {code: Item(f"id-{code}", code, name) for code, name in names.items()}
    return replace(DUTCH, chart=replace(DUTCH.chart, items=items))


def test_the_item_for_other_products_is_none_that_was_sold_by_its_sku() -> None:
    found = default_item(with_items(MUG="Webshop mok", ANY="Diversen"))
    assert found is not None
    assert found.code == "ANY"
    assert default_item(with_items(MUG="Webshop mok")) is None


def test_an_item_without_a_telling_name_is_meant_when_invoices_use_it() -> None:
    facts = with_items(A1="Mok blauw")
    assert default_item(facts) is None
    found = default_item(replace(facts, used=(UsedLine("NL", "71", "8000", "2", item="A1"),)))
    assert found is not None
    assert found.code == "A1"


def test_a_charge_without_an_item_of_its_own_takes_the_one_for_other_products() -> None:
    facts = with_items(WEB="Webshop artikel", VERZ="Verzendkosten")
    assert item_of(facts, LineKind.FEE) is None
    found = {each.key: each.value for each in propose_items(facts)}
    assert (found["items.shipping"], found["items.fee"]) == ("VERZ", "WEB")


def test_a_person_chooses_the_item_of_gift_certificates_once_they_are_sold() -> None:
    facts = with_items(WEB="Webshop artikel")
    sold = replace(facts, sales=(Sale(LineKind.GIFT_CERTIFICATE, "", Place.HOME, None),))
    levels = [
        next(each.confidence for each in propose_items(each_facts) if each.key == "items.gift_certificate")
        for each_facts in (facts, sold)
    ]
    assert levels == [Confidence.LIKELY, Confidence.CHOOSE]


def test_a_tax_that_is_no_vat_has_an_item_of_its_name_else_the_one_for_other_products() -> None:
    assert tax_item(with_items(WEB="Webshop artikel", TAX="Sales tax")) == "TAX"
    assert tax_item(with_items(WEB="Webshop artikel")) == "WEB"
    assert tax_item(with_items(MUG="Mok")) == ""
