"""The rules in the form of the provision file, as a rule book."""

from collections.abc import Mapping
from typing import Any

from connector.domain.rules.rule_book import MappingRule, PaymentRule, RuleBook, TaxAsLine, VatRule


def read_rule_book(filed: Mapping[str, Any], version: int = 0) -> RuleBook:
    """Return the rule book of `rules`, `vat` and `payment_conditions`. Raises BadRule for a wrong condition."""

    def vat(place: int, rule: Mapping[str, Any]) -> VatRule:
        own = rule.get("tax_as_line")
        return VatRule(str(place), rule["when"], rule["code"], TaxAsLine(**{"item": "", **own}) if own else None)

    return RuleBook(
        version,
        tuple(MappingRule(str(r["priority"]), r["priority"], r["when"], **r["then"]) for r in filed["rules"]),
        tuple(vat(place, rule) for place, rule in enumerate(filed["vat"], 1)),
        tuple(PaymentRule(str(place), r["when"], r["code"]) for place, r in enumerate(filed["payment_conditions"], 1)),
    )
