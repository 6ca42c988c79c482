from typing import Any

import pytest

from connector.domain.rules.rule_book import (
    BadRule,
    MappingRule,
    RuleBook,
    VatRule,
    first_match,
    matches,
    read_when,
    undecided,
    unread,
)

FACTS = {
    "line": "product",
    "country": "US",
    "state": "California",
    "postcode_prefix": "90210",
    "currency": "USD",
    "channel": "1",
    "customer_group": "",
    "payment_method": "PayPal",
    "sku": "Mug-Blue-L",
    "b2b": "false",
    "digital": "false",
    "rate": "8.25",
    "tax_class": "3",
}


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"line": "product"},
        {"line": ["shipping", "product"], "country": "us"},
        {"state": " CALIFORNIA "},
        {"postcode_prefix": ["10", "902"]},
        {"sku": "mug-*"},
        {"sku": ["tea", "*-l"]},
        {"channel": 1},
        {"b2b": False},
        {"digital": False, "line": "product"},
        {"rate": "8.2500"},
        {"rate": ["21", 8.25]},
        {"payment_method": "paypal", "tax_class": [2, 3]},
    ],
)
def test_conditions_that_hold(when: dict[str, Any]) -> None:
    assert matches(read_when(when), FACTS)


@pytest.mark.parametrize(
    "when",
    [
        {"line": "shipping"},
        {"country": ["NL", "CA"]},
        {"country": "US", "state": "Texas"},
        {"postcode_prefix": "0210"},
        {"sku": "mug"},
        {"b2b": True},
        {"digital": True},
        {"rate": "8"},
        {"customer_group": "Wholesale"},
        {"brand": "Acme"},
    ],
)
def test_conditions_that_do_not_hold(when: dict[str, Any]) -> None:
    assert not matches(read_when(when), FACTS)


def test_an_unknown_value_matches_nothing_not_even_a_star() -> None:
    assert not matches(read_when({"sku": "*"}), {"sku": ""})


@pytest.mark.parametrize("when", [{"category": "mugs"}, {"category": ["tea", "8"]}, {"category": 8, "line": "product"}])
def test_any_of_several_values_matches(when: dict[str, Any]) -> None:
    assert matches(read_when(when), {**FACTS, "category": ("7", " Mugs ", "8")})
    assert not matches(read_when(when), {**FACTS, "category": ("7", "Mug")})


def test_an_absent_value_is_known_and_an_unread_value_is_not() -> None:
    condition = read_when({"category": "mugs", "country": "us"})
    assert not matches(condition, {**FACTS, "category": None})
    assert unread(condition, {**FACTS, "category": None}) == {"category"}
    assert unread(condition, {**FACTS, "category": None, "country": "NL"}) == frozenset()
    assert unread(condition, {**FACTS, "category": ()}) == unread(condition, FACTS) == frozenset()


def test_only_a_rule_before_the_first_match_leaves_it_undecided() -> None:
    hanging, sure, refuted = (
        MappingRule("a", 1, {"category": "mugs"}),
        MappingRule("b", 2, {"line": "product"}),
        MappingRule("c", 3, {"category": "mugs", "line": "fee"}),
    )
    facts = {**FACTS, "category": None}
    assert undecided([refuted, hanging, sure], facts) is hanging
    assert undecided([sure, hanging], facts) is None
    assert undecided([refuted], facts) is None
    assert undecided([hanging], FACTS) is None


@pytest.mark.parametrize(
    ("when", "named"),
    [
        ({"land": "NL"}, "land"),
        ({"country": []}, "country"),
        ({"country": "Netherlands"}, "Netherlands"),
        ({"line": "gift"}, "gift"),
        ({"rate": "high"}, "high"),
        ({"rate": "NaN"}, "NaN"),
        ({"rate": "-1"}, "-1"),
        ({"rate": "1e-999999"}, "1e-999999"),
        ({"rate": True}, "rate"),
        ({"b2b": "perhaps"}, "perhaps"),
        ({"digital": "yes"}, "digital"),
        ({"sku": ""}, "sku"),
        ({"sku": None}, "sku"),
        ({"sku": {"a": 1}}, "sku"),
        ("always", "always"),
    ],
)
def test_conditions_that_mean_nothing_are_refused(when: Any, named: str) -> None:
    with pytest.raises(BadRule, match=named):
        read_when(when)


def test_each_kind_of_rule_has_its_own_keys() -> None:
    with pytest.raises(BadRule, match="rate"):
        MappingRule("1", 1, {"rate": "21"})
    with pytest.raises(BadRule, match="sku"):
        VatRule("1", {"sku": "A"}, "2")


def test_a_condition_that_was_read_can_be_read_again() -> None:
    condition = read_when({"country": "NL", "b2b": True, "rate": "21.0"})
    assert read_when(condition) == condition == {"country": ("nl",), "b2b": ("true",), "rate": ("21",)}


def test_the_first_match_wins_by_priority_then_by_place() -> None:
    late, first, second = MappingRule("a", 20, {}), MappingRule("b", 10, {}), MappingRule("c", 10, {})
    book = RuleBook(1, (late, first, second))
    assert [rule.id for rule in book.mapping] == ["b", "c", "a"]
    assert first_match(book.mapping, FACTS) is first
    assert first_match((), FACTS) is None


def test_greece_and_the_united_kingdom_go_by_isos_names() -> None:
    assert read_when({"country": ["EL", "uk", "GR"]}) == {"country": ("gr", "gb", "gr")}
