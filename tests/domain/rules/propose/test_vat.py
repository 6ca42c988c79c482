"""The VAT rules that are proposed: a code for each country and rate."""

import pytest

from connector.domain.rules.propose.mapping import as_filed
from connector.domain.rules.propose.vat import propose_vat
from tests.domain.rules.propose.division import CASES, facts_of, read_case
from tests.domain.rules.propose.test_mapping import proposed


def test_a_store_that_sold_nothing_gets_the_divisions_own_rates() -> None:
    case = read_case(CASES[-1])
    case["sold"] |= {"lines": [], "payments": {}, "orders": 0}
    rules = as_filed(proposed(case).values())["vat"]
    assert [rule["when"].get("rate") for rule in rules if rule["when"].get("country") == ["NL"]] == ["21", "9"]


@pytest.mark.parametrize(("entry", "code"), [(False, "2"), (True, "4")])
def test_a_sales_entry_takes_a_code_that_excludes_vat(entry: bool, code: str) -> None:
    """The shop's prices include VAT; a line of an entry is sent without it."""
    rules = [each.value for each in propose_vat(facts_of("nl_with_items"), entry=entry)]
    assert [rule["code"] for rule in rules if rule["when"] == {"country": ["NL"], "rate": "21"}] == [code]


def test_a_tax_outside_the_eu_is_booked_apart_and_an_entry_needs_no_item_for_it() -> None:
    apart = [
        next(each.value for each in propose_vat(facts_of("nl_with_items"), entry=entry) if "tax_as_line" in each.value)
        for entry in (False, True)
    ]
    assert [rule["tax_as_line"] for rule in apart] == [{"gl_account": "1530", "item": "WEB"}, {"gl_account": "1530"}]
