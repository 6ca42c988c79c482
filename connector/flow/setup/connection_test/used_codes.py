"""Every code of Exact that a connection's settings and its rules in force name, and where they name it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.flow.setup import codes
from connector.models import Connection, MasterData

ITEMS = ("default", "shipping", "handling", "wrapping", "fee", "gift_certificate", "rounding")
PAYMENT_ACCOUNTS = ("receivable_account", "gift_certificate_account", "store_credit_account")
KIND_BY_LABEL = {label: kind for kind, label in MasterData.Kind.choices}
_RULE = re.compile(r"(?P<list>rules|vat|payment_conditions)\[(?P<place>\d+)\]")
_LISTS = {
    "rules": ("mapping rule", "priority", "rules"),
    "vat": ("VAT rule", "position", "vat_rules"),
    "payment_conditions": ("payment rule", "position", "rules"),
}


@dataclass(frozen=True, slots=True)
class Used:
    """A code of a kind of master data; `place` says where it stands, `page` (see `domain.explain`) where it changes."""

    kind: str
    code: str
    place: str
    page: str


def used_codes(connection: Connection) -> list[Used]:
    """Return each code once, at the first place that names it."""
    file = _as_in_file(connection)
    found = [Used("journal", connection.journal.strip(), "the connection's journal", "connection")]
    for where, label, code in [*codes.used_by_settings(file), *codes.used_by_rules(file)]:
        place, page = _place(where, file)
        found.append(Used(KIND_BY_LABEL[label], code.strip(), place, page))
    first = {(use.kind, use.code): use for use in reversed(found) if use.code}
    return [use for use in found if first.get((use.kind, use.code)) is use]


def needs_products(connection: Connection) -> bool:
    """Whether a rule in force asks for what only the store's catalogue tells."""
    version = connection.rule_versions.order_by("-number").first()
    conditions = version.mapping_rules.values_list("when", flat=True) if version else ()
    return any({"category", "brand"} & set(when) for when in conditions)


def _as_in_file(connection: Connection) -> Mapping[str, Any]:
    """The part of the provision file that names codes; its rules carry their number too."""
    version = connection.rule_versions.order_by("-number").first()
    return {
        "invoice_template": connection.invoice_template,
        "items": {name: getattr(connection, f"item_{name}") for name in ITEMS},
        "payments": {name: getattr(connection, name) for name in PAYMENT_ACCOUNTS},
        "rounding": {"gl_account": connection.rounding_gl_account},
        "rules": [{**rule, "then": rule} for rule in version.mapping_rules.values()] if version else [],
        "vat": list(version.vat_rules.values()) if version else [],
        "payment_conditions": list(version.payment_rules.values()) if version else [],
    }


def _place(where: str, file: Mapping[str, Any]) -> tuple[str, str]:
    """Turn `rules[0].then.item` into "mapping rule 10" and the page of the rules."""
    if found := _RULE.match(where):
        what, number, page = _LISTS[found["list"]]
        return f"{what} {file[found['list']][int(found['place'])][number]}", page
    words = where.replace("items.", "item for ").replace("_", " ").replace(".", " ")
    return f"the connection's {words}", "connection"
