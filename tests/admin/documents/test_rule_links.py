"""A link from a draft's line to the version of the rule that chose its codes."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from connector.admin.documents.rule_links import RuleLink, rule_link
from connector.models import OrderSync, RuleVersion
from tests.acme import Acme
from tests.admin.documents.test_page import posted, shown


def test_each_line_links_the_version_of_the_rule_that_chose_its_codes(acme: Acme, owner: Client) -> None:
    document = posted(acme)
    assert document.rules is not None
    link = reverse("admin:connector_ruleversion_change", args=[document.rules.pk])
    found = re.findall(r'href="([^"]+)">(rule \d+, version 1)</a>', shown(owner, document))
    assert found
    assert {address for address, _ in found} == {link}
    assert owner.get(link).status_code == 200


@pytest.mark.parametrize(
    ("kept", "linked"),
    [
        ("VAT rule 2, version 1", True),
        ("where the largest part of the order goes, to FR (its tax fits NL too): rule 20, version 1", True),
        ("the only code of the division that fits", False),
        ("where the largest part of the order goes, to FR (its tax fits NL too): as the goods", False),
        ("", False),
        (None, False),
    ],
)
def test_only_the_name_of_a_rule_is_a_link(kept: str | None, linked: bool) -> None:
    document = OrderSync(rules=RuleVersion(pk=7, number=1))
    assert rule_link(document, kept) == RuleLink(
        kept or "", reverse("admin:connector_ruleversion_change", args=[7]) if linked else ""
    )
    assert rule_link(OrderSync(), kept) == RuleLink(kept or "")
