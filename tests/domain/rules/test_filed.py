"""The rules of a provision file become a rule book."""

import pytest

from connector.domain.rules.filed import read_rule_book
from connector.domain.rules.rule_book import BadRule, TaxAsLine


def test_rules_keep_their_place_and_get_it_as_their_name() -> None:
    filed = {
        "rules": [{"priority": 20, "when": {"line": "shipping"}, "then": {"gl_account": "8100"}}],
        "vat": [
            {"when": {"rate": "21"}, "code": "2"},
            {"when": {"country": "US"}, "code": "6", "tax_as_line": {"gl_account": "1530"}},
        ],
        "payment_conditions": [{"when": {}, "code": "00"}],
    }
    book = read_rule_book(filed, version=3)
    assert book.version == 3
    assert [(rule.id, rule.priority, rule.gl_account) for rule in book.mapping] == [("20", 20, "8100")]
    assert [(rule.id, rule.code) for rule in book.vat] == [("1", "2"), ("2", "6")]
    assert [rule.tax_as_line for rule in book.vat] == [None, TaxAsLine("", "1530")]
    assert [(rule.id, rule.code) for rule in book.payment] == [("1", "00")]


def test_a_condition_that_no_rule_can_have_is_refused() -> None:
    filed = {"rules": [], "vat": [{"when": {"moon": "full"}, "code": "2"}], "payment_conditions": []}
    with pytest.raises(BadRule, match="moon"):
        read_rule_book(filed)
