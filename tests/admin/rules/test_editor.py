"""The page of a connection's rules: a change makes a new version, and orders that the old one held go on."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.setup import rule_versions
from connector.models import MappingRule, RuleVersion
from tenants.models import Tenant
from tests.acme import Acme
from tests.admin.pages import RulesPage

Member = Callable[[str, Tenant], Client]


def in_force(acme: Acme) -> RuleVersion:
    version = rule_versions.in_force(acme.connection)
    assert version is not None
    return version


def test_an_accountant_saves_a_new_version_with_a_note_and_the_old_one_stays(acme: Acme, accountant: Client) -> None:
    before = rule_versions.as_filed(in_force(acme))
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=5, when_country="be", when_sku="MUG-*\nCUP-*", gl_account="8020")
    assert page.save().status_code == 302
    version = in_force(acme)
    assert (version.number, version.note, version.author and version.author.email) == (
        2,
        "because the books say so",
        f"second-accountant@{acme.store.tenant.slug}.example",
    )
    new = {"priority": 5, "when": {"country": "BE", "sku": ["MUG-*", "CUP-*"]}, "then": {"gl_account": "8020"}}
    assert rule_versions.as_filed(version) == {**before, "rules": [new, *before["rules"]]}
    assert rule_versions.as_filed(RuleVersion.objects.get(number=1)) == before


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_who_does_not_keep_the_books_saves_nothing(role: str, acme: Acme, accountant: Client, member: Member) -> None:
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=5, gl_account="8020")
    page.client = member(role, acme.store.tenant)
    assert page.save().status_code == 403
    looked = page.client.get(page.address)
    assert looked.headers["Location"] == reverse("admin:connector_ruleversion_change", args=[in_force(acme).pk])
    assert RuleVersion.objects.count() == 1


def test_what_is_saved_as_it_was_makes_no_version_and_says_so(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    answer = page.client.post(page.address, page.fields, follow=True)
    assert "Nothing differs" in answer.content.decode()
    assert RuleVersion.objects.count() == 1


def test_without_a_note_nothing_is_saved(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=5, gl_account="8020")
    page.fields["note"] = " "
    assert page.save().context["form"].note.errors["note"]
    assert RuleVersion.objects.count() == 1


def test_a_held_document_is_posted_once_its_rule_is_added(acme: Acme, accountant: Client) -> None:
    MappingRule.objects.all().delete()
    acme.ring(1001)
    acme.drain()
    assert (acme.document(1001).state, acme.document(1001).reason) == ("blocked", "mapping")
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=10, gl_account="8000", cost_center="EU-WEST")
    page.save()
    acme.drain()
    assert acme.document(1001).state == "posted"
