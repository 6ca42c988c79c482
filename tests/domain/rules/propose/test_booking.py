"""The rules that are proposed: the GL account of goods, of charges and of what is sold abroad."""

from dataclasses import replace
from typing import Any

import pytest

from connector.domain.rules.propose.booking import propose_rules, rounding_account, tax_account
from connector.domain.rules.propose.facts import Facts, UsedLine
from connector.domain.rules.propose.proposal import Why
from tests.domain.rules.propose.division import facts_of

DUTCH = facts_of("nl_with_items")


def rules(facts: Facts) -> dict[str, tuple[Any, Why]]:
    """Account and reason by the kind of line, "" for all the rest."""
    found = [(each.value, each.reason.why) for each in propose_rules(facts)]
    return {value["when"].get("line", ""): (value["then"]["gl_account"], why) for value, why in found}


def test_what_the_latest_invoices_used_says_more_than_the_items_account() -> None:
    assert rules(DUTCH)[""] == ("8000", Why.REVENUE_OF_ITEM)
    used = (UsedLine("NL", "71", "8000", "2"), *[UsedLine("NL", "71", "8010", "2")] * 9)
    assert rules(replace(DUTCH, used=used))[""] == ("8010", Why.USED)


def test_a_charge_has_a_rule_only_where_it_is_booked_apart_from_goods() -> None:
    assert rules(DUTCH)["shipping"] == ("8100", Why.REVENUE_OF_ITEM)
    only = {"8100": DUTCH.chart.gl_accounts["8100"]}
    assert rules(replace(DUTCH, chart=replace(DUTCH.chart, gl_accounts=only))) == {"": ("8100", Why.ONLY_ONE)}


def test_the_last_rule_takes_every_line() -> None:
    *_others, last = propose_rules(DUTCH)
    assert (last.value["priority"], last.value["when"]) == (1000, {})


def test_without_an_account_of_revenue_there_is_no_rule() -> None:
    assert rules(replace(DUTCH, account_types=dict.fromkeys(DUTCH.account_types, 20))) == {}


@pytest.mark.parametrize(("name", "rounding", "tax"), [("nl_with_items", "4900", "1530"), ("de_skr03", None, "1776")])
def test_rounding_and_taxes_that_are_no_vat_have_accounts_of_their_own(
    name: str, rounding: str | None, tax: str
) -> None:
    facts = facts_of(name)
    found = rounding_account(facts)
    assert (found and found.code) == rounding
    owed = tax_account(facts)
    assert owed is not None
    assert owed.code == tax
