"""A link from a draft's line to the version of the rule that chose its codes."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from connector.domain.rules.context import is_of_version
from connector.models import OrderSync


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


def rule_link(document: OrderSync, signed: object) -> RuleLink:
    """Link `rule 20, version 3` to the version that the document used. Another version gets no link."""
    text = str(signed or "")
    version = document.rules
    if version is None or not is_of_version(text, version.number):
        return RuleLink(text)
    return RuleLink(text, reverse("admin:connector_ruleversion_change", args=[version.pk]))
