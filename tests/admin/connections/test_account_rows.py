"""What a new account gets, and the collective account of each country, as rows and in words."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from connector.admin.code_lists import CodeLists
from connector.admin.connections.account_rows import (
    AccountRulesField,
    CountryAccountsField,
    accounts_in_words,
    rules_in_words,
)
from connector.flow.setup.customer_detail_settings import account_rule
from tests.acme import Acme

CLASSIFICATION = "1f0c7b8e-3a52-4f6d-9f0e-2a7d5b1c9e43"
EMPTY = dict.fromkeys(("country", "b2b", "customer_group", "payment_condition", "vat_code", "classification"), "")


def rules_field(acme: Acme) -> AccountRulesField:
    return AccountRulesField(CodeLists(acme.connection.division))


def accounts_field(acme: Acme) -> CountryAccountsField:
    return CountryAccountsField(CodeLists(acme.connection.division))


def test_a_rule_comes_back_as_it_was(acme: Acme) -> None:
    rule = {"when": {"country": ["BE", "NL"], "b2b": False, "customer_group": ["Big shops", "7"]}, "then": {}}
    rule["then"] = {"payment_condition": "30", "vat_code": "4", "classification": CLASSIFICATION}
    field = rules_field(acme)
    assert field.value_of(field.rows_of([rule])) == [rule]
    assert field.value_of([EMPTY | {"vat_code": "4"}]) == [account_rule("", {"when": {}, "then": {"vat_code": "4"}})]


def test_each_wrong_row_is_named(acme: Acme) -> None:
    with pytest.raises(ValidationError) as refusal:
        rules_field(acme).value_of(
            [EMPTY | {"country": "NL"}, EMPTY | {"country": "nl; Belgium, é1", "classification": "WEB"}]
        )
    assert refusal.value.messages == [
        "Row 2: “WEB” is no id of a classification in Exact. An account takes no code.",
        "Row 2: “BELGIUM” is no country such as NL.",
        "Row 2: “É1” is no country such as NL.",
    ]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([{"country": "BE, NL", "account": "1"}], "Row 1 needs one country"),
        ([{"country": "", "account": "1"}], "Row 1 needs one country"),
        ([{"country": "BE", "account": "1"}, {"country": "be", "account": "2"}], "Row 2 names BE again."),
    ],
)
def test_a_country_has_one_account(rows: list[dict[str, Any]], complaint: str, acme: Acme) -> None:
    with pytest.raises(ValidationError, match=complaint):
        accounts_field(acme).value_of(rows)


def test_both_are_said_in_words() -> None:
    rules: list[dict[str, Any]] = [
        {"when": {"country": ["NL"], "b2b": True, "customer_group": ["7"]}, "then": {"payment_condition": "30"}},
        {"when": {}, "then": {"payment_condition": None}},
    ]
    assert rules_in_words(rules) == ["NL, businesses (valid VAT number), 7: payment condition 30", "all: nothing"]
    assert accounts_in_words({"NL": "12", "DE": "34"}) == ["NL: 12", "DE: 34"]
