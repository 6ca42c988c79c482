"""Versions of a connection's rules. Each change makes a new version, and orders that the rules held are retried.

Rules have the form of the provision file: `rules`, `vat`, `payment_conditions` and `sku_items`.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from connector.domain.document.states import LONGEST_REASON
from connector.domain.rules.filed import read_sku_items
from connector.domain.rules.rule_book import read_when
from connector.flow.lane import wakeup
from connector.flow.ledger import transitions
from connector.models import Connection, MappingRule, PaymentRule, RuleVersion, VatRule
from connector.models.kept_words import english
from tenants.models import User

THEN = ("gl_account", "cost_center", "cost_unit", "item", "vat_code", "warehouse")
Rules = Mapping[str, Any]
NONE: Rules = {"rules": [], "vat": [], "payment_conditions": [], "sku_items": []}


class Overtaken(Exception):
    """Another person saved a newer version. Nothing was written."""


def in_force(connection: Connection) -> RuleVersion | None:
    """Return the version in force; None when there is none."""
    return connection.rule_versions.order_by("-number").first()


def as_filed(version: RuleVersion | None) -> Rules:
    """Return the rules of a version in the form of the provision file."""
    if version is None:
        return NONE
    return {
        "rules": [_mapping(rule) for rule in version.mapping_rules.all()],
        "vat": [
            {"when": rule.when, "code": rule.code, **({"tax_as_line": rule.tax_as_line} if rule.tax_as_line else {})}
            for rule in version.vat_rules.all()
        ],
        "payment_conditions": [{"when": rule.when, "code": rule.code} for rule in version.payment_rules.all()],
        "sku_items": version.sku_items,
    }


def _mapping(rule: MappingRule) -> dict[str, Any]:
    then = {name: getattr(rule, name) for name in THEN if getattr(rule, name)}
    return {"priority": rule.priority, "when": rule.when, "then": then}


@transaction.atomic
def put_in_force(
    connection: Connection, rules: Rules, *, author: User | None, note: str, seen: int
) -> RuleVersion | None:
    """Save a person's rules, release the orders that the old rules held, and wake the lane.

    Returns None when nothing differs. `seen` is the number of the version that the person saw, 0 for none. Raises
    Overtaken when another version is in force now.
    """
    version = save_version(connection, rules, author=author, note=note, seen=seen)
    if version is not None:
        text = english("The rules changed (version %(number)s); trying again.") % {"number": version.number}
        transitions.release_blocked(connection, text)
        wakeup.wake([connection.division_id])
    return version


@transaction.atomic
def save_version(
    connection: Connection, rules: Rules, *, author: User | None, note: str, seen: int | None = None
) -> RuleVersion | None:
    """Make the next version when the rules differ from those in force; returns None when they are the same.

    The first version is made even when it is empty. Raises Overtaken when `seen` is no longer in force.
    """
    Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    present = in_force(connection)
    number = present.number if present else 0
    if present and _meaning(as_filed(present)) == _meaning(rules):
        return None  # a second press too, whose first made the version
    if seen not in {None, number}:
        raise Overtaken(_overtaken(present))
    try:
        with transaction.atomic():
            version = RuleVersion.objects.create(
                connection=connection,
                number=number + 1,
                author=author,
                note=note[:LONGEST_REASON],
                sku_items=rules.get("sku_items", []),
            )
    except IntegrityError:  # SQLite locks no row: another process was first
        raise Overtaken(_overtaken(in_force(connection))) from None
    _write(version, rules)
    return version


def _overtaken(present: RuleVersion | None) -> str:
    if present is None:
        return _("The rules were changed meanwhile.")
    note = f" ({present.note})" if present.note else ""
    return _("%(person)s saved version %(number)s meanwhile%(note)s. Your rules are not saved yet.") % {
        "person": present.author.email if present.author else _("Provisioning"),
        "number": present.number,
        "note": note,
    }


def _write(version: RuleVersion, rules: Rules) -> None:
    MappingRule.objects.bulk_create(
        MappingRule(version=version, priority=rule["priority"], when=rule["when"], **rule["then"])
        for rule in rules["rules"]
    )
    VatRule.objects.bulk_create(
        VatRule(
            version=version, position=place, when=rule["when"], code=rule["code"], tax_as_line=rule.get("tax_as_line")
        )
        for place, rule in enumerate(rules["vat"], 1)
    )
    PaymentRule.objects.bulk_create(
        PaymentRule(version=version, position=place, when=rule["when"], code=rule["code"])
        for place, rule in enumerate(rules["payment_conditions"], 1)
    )


def _meaning(rules: Rules) -> tuple[list[Any], ...]:
    """Return the rules in a form to compare: how a condition is written and the order of its values do not count."""

    def condition(rule: Mapping[str, Any]) -> dict[str, frozenset[str]]:
        return {key: frozenset(values) for key, values in read_when(rule["when"]).items()}

    by_hand = sorted(rules["rules"], key=lambda rule: rule["priority"])
    return (
        [(r["priority"], condition(r), {name: r["then"].get(name, "") for name in THEN}) for r in by_hand],
        [(condition(r), r["code"], r.get("tax_as_line")) for r in rules["vat"]],
        [(condition(r), r["code"]) for r in rules["payment_conditions"]],
        sorted(read_sku_items(rules.get("sku_items", ())).items()),
    )
