"""What a new account gets by rule: a payment condition, a VAT code and a classification. The first match wins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Given:
    """What a rule gives. The payment condition and the VAT code are codes; "" leaves it to Exact."""

    payment_condition: str = ""
    vat_code: str = ""
    classification: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules ask about a buyer. `groups` has the id and the name of the customer's group, as far as they are known.

    `country` is that of the billing address. `business`: the buyer has a valid VAT number, as in the other rules.
    """

    country: str
    business: bool
    groups: Sequence[str] = ()


def is_id(text: str) -> bool:
    """Whether a text is an id of Exact's. An account takes a classification's id and no code."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def given_by(rules: Iterable[Mapping[str, Any]], facts: Facts) -> Given:
    """Return what the first rule that fits gives. `rules` are in the form of the provision file."""
    rule = next((rule for rule in rules if _fits(rule["when"], facts)), None)
    chosen = rule["then"] if rule else {}
    return Given(**{name: chosen.get(name) or "" for name in Given.__slots__})


def _fits(when: Mapping[str, Any], facts: Facts) -> bool:
    """Whether every condition is true. A group that is not known fits no rule that asks for one."""
    countries, business, groups = when.get("country"), when.get("b2b"), when.get("customer_group")
    known = {group.strip().casefold() for group in facts.groups}
    return (
        (not countries or facts.country in countries)
        and (business is None or business == facts.business)
        and (not groups or any(group.strip().casefold() in known for group in groups))
    )
