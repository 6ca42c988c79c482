"""All versions of the rules: every version stays, and an old one can be used again."""

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.setup import rule_versions
from connector.models import MasterData, RuleVersion
from tests.acme import Acme
from tests.admin.pages import RulesPage
from tests.admin.rules.test_editor import Member, in_force


class TestVersions:
    """Every version stays, and an old one can be used again."""

    def again(self, client: Client, version: RuleVersion, reason: str) -> str:
        address = reverse("admin:connector_ruleversion_again", args=[version.pk])
        assert client.get(address).status_code == 405
        return client.post(address, {"reason": reason}, follow=True).content.decode()

    def test_an_old_version_is_copied_with_the_reason_as_its_note(self, acme: Acme, accountant: Client) -> None:
        page = RulesPage(accountant, acme.connection)
        page.add("rules", position=5, gl_account="8020")
        page.save()
        first = RuleVersion.objects.get(number=1)
        self.again(accountant, first, "it was better")
        assert (in_force(acme).number, in_force(acme).note) == (3, "Version 1 again: it was better")
        assert rule_versions.as_filed(in_force(acme)) == rule_versions.as_filed(first)

    def test_not_without_a_reason_and_not_the_one_in_force(self, acme: Acme, accountant: Client) -> None:
        assert "Say why" in self.again(accountant, in_force(acme), " ")
        assert "in force already" in self.again(accountant, in_force(acme), "once more")
        assert RuleVersion.objects.count() == 1

    def test_not_when_the_division_lacks_its_codes(self, acme: Acme, accountant: Client) -> None:
        MasterData.objects.filter(kind="gl_account", code="8000").delete()
        assert "has no GL account" in self.again(accountant, in_force(acme), "once more")

    @pytest.mark.parametrize("role", ["operator", "viewer"])
    def test_others_only_look(self, role: str, acme: Acme, member: Member) -> None:
        client, version = member(role, acme.store.tenant), in_force(acme)
        page = client.get(reverse("admin:connector_ruleversion_change", args=[version.pk])).content.decode()
        assert "provisioning" in page
        assert "Edit the rules" not in page
        again = reverse("admin:connector_ruleversion_again", args=[version.pk])
        assert client.post(again, {"reason": "mine"}).status_code == 403
