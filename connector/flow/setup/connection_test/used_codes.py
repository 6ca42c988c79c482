"""Exact's codes in a connection's settings and its rules in force, each with its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from connector.flow.setup import codes
from connector.flow.setup.setting import Setting
from connector.flow.setup.settings_table import values_of
from connector.models import Connection

_LISTS = {
    "rules": (gettext_lazy("mapping rule"), "priority", "rules"),
    "vat": (gettext_lazy("VAT rule"), "position", "vat_rules"),
    "payment_conditions": (gettext_lazy("payment rule"), "position", "rules"),
    "sku_items": (gettext_lazy("SKU"), "sku", "rules"),
}


@dataclass(frozen=True, slots=True)
class Used:
    """A code in use. `place` says where in words; a person changes it on `page` (as in a Finding)."""

    kind: str
    code: str
    place: str
    page: str


def used_codes(connection: Connection) -> list[Used]:
    """Return each code once, at the first place that names it."""
    rules = _rules_in_force(connection)
    found = [
        Used(setting.kind, code, _setting_place(setting), "connection")
        for setting, code in codes.used_by_settings(values_of(connection))
    ]
    for row, kind, code in codes.used_by_account_rules(values_of(connection)):
        found.append(Used(kind, code, f"{_setting_place(row.setting)}, {row}", "connection"))
    for where, kind, code in codes.used_by_rules(rules):
        found.append(Used(kind, code.strip(), *_rule_place(where, rules)))
    first = {(use.kind, use.code): use for use in reversed(found) if use.code}
    return [use for use in found if first.get((use.kind, use.code)) is use]


def needs_products(connection: Connection) -> bool:
    """Return whether a rule in force asks for a category or brand, which only the store's catalogue has."""
    version = connection.rule_versions.order_by("-number").first()
    conditions = version.mapping_rules.values_list("when", flat=True) if version else ()
    return any({"category", "brand"} & set(when) for when in conditions)


def _rules_in_force(connection: Connection) -> Mapping[str, Any]:
    """Return the rules in the form of the provision file, each with its number."""
    version = connection.rule_versions.order_by("-number").first()
    return {
        "rules": [{**rule, "then": rule} for rule in version.mapping_rules.values()] if version else [],
        "vat": list(version.vat_rules.values()) if version else [],
        "payment_conditions": list(version.payment_rules.values()) if version else [],
        "sku_items": version.sku_items if version else [],
    }


def _setting_place(setting: Setting) -> str:
    return gettext("the connection's setting '%(setting)s'") % {"setting": setting.label}


def _rule_place(place: codes.Place, rules: Mapping[str, Any]) -> tuple[str, str]:
    """Turn `rules[0].then.item` into "mapping rule 10" and the page of the rules."""
    what, number, page = _LISTS[place.section]
    return f"{what} {rules[place.section][place.row][number]}", page
