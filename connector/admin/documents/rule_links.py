"""From what a draft's line says of the rule that chose its codes to that rule's version."""

import re
from dataclasses import dataclass

from django.urls import reverse

from connector.models import OrderSync

_SIGNED = re.compile(r"(?P<rule>.+), version (?P<version>\d{1,9})")


@dataclass(frozen=True, slots=True)
class RuleLink:
    """Who chose: a rule with its version's page, or in words with no page ("the division's only fitting code")."""

    text: str
    url: str = ""


def rule_link(document: OrderSync, signed: object) -> RuleLink:
    """Link `rule 20, version 3` to the version that the document used. Another version's number gets no link."""
    text = str(signed or "")
    found, version = _SIGNED.fullmatch(text), document.rules
    if not found or version is None or int(found["version"]) != version.number:
        return RuleLink(text)
    return RuleLink(text, reverse("admin:connector_ruleversion_change", args=[version.pk]))
