"""The rules in the form of the provision file, as a rule book."""

from collections.abc import Iterable, Mapping
from typing import Any

from connector.domain.rules.rule_book import MappingRule, PaymentRule, RuleBook, TaxAsLine, VatRule, key_of_sku


def read_rule_book(filed: Mapping[str, Any], version: int = 0) -> RuleBook:
    """Return the rule book of rules, VAT, payment conditions and SKUs. Raises BadRule for a wrong condition."""

    def vat(place: int, rule: Mapping[str, Any]) -> VatRule:
        own = rule.get("tax_as_line")
        return VatRule(str(place), rule["when"], rule["code"], TaxAsLine(**{"item": "", **own}) if own else None)

    return RuleBook(
        version,
        tuple(MappingRule(str(r["priority"]), r["priority"], r["when"], **r["then"]) for r in filed["rules"]),
        tuple(vat(place, rule) for place, rule in enumerate(filed["vat"], 1)),
        tuple(PaymentRule(str(place), r["when"], r["code"]) for place, r in enumerate(filed["payment_conditions"], 1)),
        read_sku_items(filed.get("sku_items", ())),
    )


def read_sku_items(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the rows of the table of SKUs as a mapping for the rule book."""
    return {key_of_sku(row["sku"]): row["item"] for row in rows}
