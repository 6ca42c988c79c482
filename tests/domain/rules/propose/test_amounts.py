"""How cents are treated: as the orders that were tried need it, and as the latest invoices show it."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from connector.domain.money import round_half_up
from connector.domain.rules.propose.amounts import Tried, propose_amounts, propose_vat_rounding
from connector.domain.rules.propose.facts import UsedInvoice
from connector.domain.rules.propose.proposal import Why
from tests.domain.rules.propose.division import facts_of

WITH_ACCOUNT = facts_of("nl_with_items")
WITHOUT = facts_of("de_skr03")


def amounts(facts: Any, tried: Tried, *, entry: bool = False) -> dict[str, tuple[Any, Why, object]]:
    found = propose_amounts(facts, tried, entry=entry)
    return {each.key: (each.value, each.reason.why, each.reason.params.get("count")) for each in found}


def test_the_shops_vat_is_sent_when_more_orders_are_posted_with_it() -> None:
    found = amounts(WITH_ACCOUNT, Tried(40, plainly=30, forced=38, rounded=31, both=39))
    assert found["force_vat"] == (True, Why.FORCING_HELPS, 8)
    assert found["rounding.limit"] == ("0.05", Why.ROUNDING_HELPS, 1)
    found = amounts(WITH_ACCOUNT, Tried(40, plainly=40, forced=40, rounded=40, both=40))
    assert found["force_vat"][:2] == (False, Why.FORCING_NOT_NEEDED)
    assert found["rounding.limit"][:2] == ("0.05", Why.ROUNDING_NOT_NEEDED)


def test_without_an_account_for_rounding_no_line_is_allowed() -> None:
    found = amounts(WITHOUT, Tried(40, plainly=30, forced=31, rounded=40, both=40))
    assert found["force_vat"] == (True, Why.FORCING_HELPS, 1)
    assert found["rounding.limit"][:2] == ("0.00", Why.NONE)
    assert "rounding.gl_account" not in found


def test_the_latest_invoices_tell_where_exact_rounds() -> None:
    """Three lines of 0.03 at 21 %: a cent each is 0.03, and together they are 0.02."""
    three = (D("0.03"),) * 3

    def rounded(*vats: str) -> tuple[str, Why]:
        invoices = tuple(UsedInvoice({"4": three}, {"4": (D("0.04"),) * 3}, D(vat)) for vat in vats)
        found = propose_vat_rounding(replace(WITH_ACCOUNT, invoices=invoices))
        return found.value, found.reason.why

    assert rounded("0.03", "0.03") == ("line", Why.ROUNDED_BY_LINE)
    assert rounded("0.02", "0.02", "0.03") == ("code", Why.ROUNDED_BY_CODE)
    assert rounded() == rounded("0.05") == ("line", Why.ROUNDING_UNKNOWN)


def test_under_a_code_that_includes_vat_it_is_in_the_gross_amount() -> None:
    """Twice 25.95 contains twice 4.50, and together 9.01. 1.35 and 4.95 contain 1.09 both ways, which tells nothing."""

    def rounded(vat: str, *grosses: str) -> tuple[str, Why]:
        gross = tuple(map(D, grosses))
        net = tuple(each - round_half_up(each * 21 / 121, 2) for each in gross)
        facts = replace(WITH_ACCOUNT, invoices=(UsedInvoice({"2": net}, {"2": gross}, D(vat)),))
        found = propose_vat_rounding(facts)
        return found.value, found.reason.why

    assert rounded("9.00", "25.95", "25.95") == ("line", Why.ROUNDED_BY_LINE)
    assert rounded("9.01", "25.95", "25.95") == ("code", Why.ROUNDED_BY_CODE)
    assert rounded("1.09", "1.35", "4.95") == ("line", Why.ROUNDING_UNKNOWN)
