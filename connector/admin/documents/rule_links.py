"""A link from a draft's line to the version of the rule that chose its codes."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from connector.domain.document.chosen_by import names_rule
from connector.models import OrderSync
from connector.problems.chosen_by import in_words


@dataclass(frozen=True, slots=True)
class RuleLink:
    """What chose a code: a rule with the page of its version, or a text without a page."""

    text: str
    url: str = ""

    def as_html(self) -> SafeString:
        """Return the text, as a link when it has a page."""
        if not self.url:
            return format_html("{}", self.text)
        return format_html('<a class="text-primary-600 underline" href="{}">{}</a>', self.url, self.text)


def rule_link(document: OrderSync, chosen: object) -> RuleLink:
    """Link the name of a rule to its version, which the document keeps. A reason without a rule gets no link."""
    return link_to_version(document.rules_id, str(chosen or ""))


def link_to_version(version: int | None, kept: str) -> RuleLink:
    """Link the name of a rule to its version, by that one's key. A reason without a rule gets no link."""
    if version is None or not names_rule(kept):
        return RuleLink(in_words(kept))
    return RuleLink(in_words(kept), reverse("admin:connector_ruleversion_change", args=[version]))
