"""The settings of customers' details, as the provision file has them."""

from decimal import Decimal
from typing import Any

import pytest

from connector.flow.setup.customer_detail_settings import account_rule, by_country, minutes
from connector.flow.setup.provision.schema import Refused
from connector.flow.setup.settings_table import SETTINGS

RULES = "customers.account_rules[0]"


def checked(name: str, value: Any) -> Any:
    setting = next(each for each in SETTINGS if each.name == name)
    return setting.check(name, value)


def test_each_group_of_details_has_an_owner() -> None:
    assert checked("customers.names", "store") == "store"
    assert checked("customers.contact", "newest") == "newest"
    with pytest.raises(Refused, match=r"customers\.addresses cannot be 'us'"):
        checked("customers.addresses", "us")


def test_a_collective_account_stands_beside_its_country() -> None:
    assert by_country("customers.collective_by_country", {"NL": " 12 ", "DE": "34"}) == {"NL": "12", "DE": "34"}


@pytest.mark.parametrize("value", [["NL"], {"nl": "12"}, {"Nederland": "12"}, {"NL": 12}])
def test_what_is_no_country_or_account_is_refused_by_name(value: Any) -> None:
    with pytest.raises(Refused, match=r"customers\.collective_by_country"):
        by_country("customers.collective_by_country", value)


@pytest.mark.parametrize("value", [0, 5, 1440])
def test_both_sides_are_read_every_so_many_minutes_or_never(value: int) -> None:
    assert minutes("customers.every_minutes", value) == value


@pytest.mark.parametrize("value", [1, 4, 1441, -5, "60", True])
def test_other_minutes_are_refused(value: Any) -> None:
    with pytest.raises(Refused, match=r"customers\.every_minutes"):
        minutes("customers.every_minutes", value)


def test_a_rule_of_a_new_account_may_leave_out_what_it_does_not_ask() -> None:
    rule = account_rule(RULES, {"when": {"country": ["BE"]}, "then": {"vat_code": "7"}})
    assert rule["when"] == {"country": ["BE"], "b2b": None, "customer_group": None}
    assert rule["then"] == {"payment_condition": None, "vat_code": "7", "classification": None}


def test_a_classification_is_its_id_because_an_account_takes_no_code() -> None:
    known = "1f0c7b8e-3a52-4f6d-9f0e-2a7d5b1c9e43"
    assert account_rule(RULES, {"then": {"classification": known}})["then"]["classification"] == known
    with pytest.raises(Refused, match=r"account_rules\[0\]\.then\.classification must be the classification's id"):
        account_rule(RULES, {"then": {"classification": "WEB"}})


@pytest.mark.parametrize(
    "rule", [{"then": {"journal": "70"}}, {"when": {"country": ["Belgium"]}, "then": {}}, {"when": {"b2b": True}}]
)
def test_a_rule_with_another_key_or_without_a_result_is_refused(rule: Any) -> None:
    with pytest.raises(Refused, match=r"account_rules\[0\]"):
        account_rule(RULES, rule)


def test_a_guests_threshold_is_an_amount() -> None:
    assert checked("customers.guest_amount", "250.00") == Decimal("250.00")
