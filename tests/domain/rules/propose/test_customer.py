"""The payment conditions that are proposed, and the form fields in which a VAT number was seen."""

from dataclasses import replace

from connector.domain.rules.propose.customer import propose_customers, propose_payment
from connector.domain.rules.propose.facts import Facts
from connector.domain.rules.propose.proposal import Confidence, Why
from tests.domain.rules.propose.division import facts_of

DUTCH = facts_of("nl_with_items")
METHODS = replace(DUTCH, payments={"iDEAL": 1, "Bank Deposit": 2, "PayPal": 3})


def conditions(facts: Facts) -> list[tuple[str, str, Why]]:
    """Method ("" for all others), code and reason."""
    found = [(each.value, each.reason.why) for each in propose_payment(facts)]
    return [("".join(value["when"].get("payment_method", [])), value["code"], why) for value, why in found]


def test_a_method_has_the_condition_of_its_name_or_that_of_what_is_paid_later() -> None:
    assert conditions(METHODS) == [
        ("PayPal", "PP", Why.CONDITION_BY_NAME),
        ("Bank Deposit", "30", Why.PAID_LATER),
        ("", "00", Why.PAID_AT_ONCE),
    ]


def test_where_every_condition_has_days_a_person_chooses_the_shortest() -> None:
    chart = replace(DUTCH.chart, payment_conditions={"30": "30 dagen", "14": "14 dagen"})
    facts = replace(METHODS, chart=chart, payment_days={"30": 30, "14": 14})
    *_others, rest = propose_payment(facts)
    assert (rest.value["code"], rest.reason.why, rest.confidence) == ("14", Why.FEWEST_DAYS, Confidence.CHOOSE)


def test_a_division_without_conditions_gets_none() -> None:
    assert conditions(replace(METHODS, chart=replace(DUTCH.chart, payment_conditions={}))) == []


def test_the_fields_with_a_vat_number_come_most_used_first() -> None:
    fields = {"Btw": 1, "VAT number": 5, "VAT": 1}
    found = {each.key: each.value for each in propose_customers(replace(DUTCH, vat_fields=fields))}
    assert found["vat_number_fields"] == ["VAT number", "Btw", "VAT"]
    assert "vat_number_fields" not in {each.key for each in propose_customers(replace(DUTCH, vat_fields={}))}
