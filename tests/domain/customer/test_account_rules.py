"""What a new account gets by rule."""

from typing import Any

from connector.domain.customer.account_rules import Facts, Given, given_by

DUTCH = Facts("NL", business=False)


def rule(then: dict[str, Any], **when: Any) -> dict[str, Any]:
    """A rule as the provision file's check leaves it: what is left out is None."""
    empty = {"country": None, "b2b": None, "customer_group": None}
    nothing = {"payment_condition": None, "vat_code": None, "classification": None}
    return {"when": {**empty, **when}, "then": {**nothing, **then}}


def test_the_first_rule_that_fits_gives_all_that_the_account_gets() -> None:
    rules = [
        rule({"payment_condition": "14"}, country=["BE"]),
        rule({"payment_condition": "30"}, country=["NL"]),
        rule({"payment_condition": "60", "vat_code": "4"}),
    ]
    assert given_by(rules, DUTCH) == Given("30", "", "")
    assert given_by(rules, Facts("DE", business=False)) == Given("60", "4", "")


def test_no_rule_leaves_everything_to_exact() -> None:
    assert given_by([rule({"vat_code": "4"}, country=["BE"])], DUTCH) == Given()
    assert given_by([], DUTCH) == Given()
    assert given_by([{"when": {}, "then": {}}], DUTCH) == Given()


def test_a_rule_may_be_for_businesses_or_for_consumers_only() -> None:
    rules = [rule({"vat_code": "B"}, b2b=True), rule({"vat_code": "C"}, b2b=False)]
    assert given_by(rules, Facts("NL", business=True)).vat_code == "B"
    assert given_by(rules, DUTCH).vat_code == "C"


def test_a_group_is_named_by_its_number_or_its_name_and_an_unknown_one_fits_no_rule() -> None:
    rules = [rule({"payment_condition": "30"}, customer_group=["Wholesale", "7"])]
    assert given_by(rules, Facts("NL", business=False, groups=("7",))).payment_condition == "30"
    assert given_by(rules, Facts("NL", business=False, groups=("3", "wholesale "))).payment_condition == "30"
    assert given_by(rules, DUTCH) == Given()
