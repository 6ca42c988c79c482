"""Try these rules: what a draft would move is shown before it is in force, and nothing that is posted changes."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.setup import rule_versions
from connector.flow.setup.fit import run as fit_run
from connector.models import FitRun, OrderSync, RuleVersion
from tenants.models import Tenant
from tests.acme import Acme
from tests.admin.pages import RulesPage
from tests.flow.setup.fit import YEAR

Member = Callable[[str, Tenant], Client]


@pytest.fixture(autouse=True)
def whole_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox's orders are of January."""
    monkeypatch.setattr(fit_run.start, "__kwdefaults__", {**(fit_run.start.__kwdefaults__ or {}), "days": YEAR})


def address(acme: Acme) -> str:
    return reverse("admin:connector_connection_what-if", args=[acme.connection.pk])


def tried(acme: Acme, client: Client) -> RulesPage:
    """Draft a rule that moves shipping, and try it."""
    page = RulesPage(client, acme.connection)
    page.add("rules", position=5, when_line=["shipping"], gl_account="8020")
    page.fields["note"] = ""  # a draft needs none
    answer = client.post(page.address, {**page.fields, "try": "1"})
    assert answer.status_code == 302, list(answer.context["form"].errors())
    return page


def test_what_moves_is_shown_and_nothing_is_in_force_yet(acme: Acme, accountant: Client) -> None:
    acme.ring(1001)
    acme.drain()
    before = OrderSync.objects.values().get()
    tried(acme, accountant)
    assert 'http-equiv="refresh"' in accountant.get(address(acme)).content.decode()
    fit_run.go_on(FitRun.objects.get().pk)
    page = " ".join(accountant.get(address(acme)).content.decode().split())
    moves = FitRun.objects.get().moves
    assert f"{moves['changed']} documents would be booked otherwise than now" in page
    assert "0 orders would be held that are not held now" in page
    assert set(moves["by_gl_account"]) > {"8020"}
    assert moves["by_vat_code"] == {}
    assert RuleVersion.objects.count() == 1
    assert OrderSync.objects.values().get() == before


def test_the_draft_is_still_there_to_be_changed(acme: Acme, accountant: Client) -> None:
    page = tried(acme, accountant)
    shown = [accountant.get(address).context["form"] for address in (page.address, f"{page.address}?draft=1")]
    present, draft = (form.sections[0].formset.initial for form in shown)
    assert len(draft) == len(present) + 1


def test_activated_it_becomes_the_next_version(acme: Acme, accountant: Client) -> None:
    tried(acme, accountant)
    run = FitRun.objects.get()
    fit_run.go_on(run.pk)
    assert accountant.post(address(acme), {"activate": "1"}).headers["Location"] == address(acme)
    assert RuleVersion.objects.count() == 1  # it says why first
    accountant.post(address(acme), {"activate": "1", "note": "shipping apart"})
    version = rule_versions.in_force(acme.connection)
    assert version is not None
    assert (version.number, version.note) == (2, "shipping apart")
    assert rule_versions.as_filed(version)["rules"][0]["then"] == {"gl_account": "8020"}
    page = accountant.post(address(acme), {"activate": "1", "note": "shipping apart"}, follow=True).content.decode()
    assert "Nothing differs" in page  # a double click
    assert "not saved" not in page
    assert RuleVersion.objects.count() == 2


def test_a_draft_that_was_overtaken_is_not_activated(acme: Acme, accountant: Client) -> None:
    tried(acme, accountant)
    fit_run.go_on(FitRun.objects.get().pk)
    rule_versions.save_version(acme.connection, rule_versions.NONE, author=None, note="")
    assert "Other rules came in force since" in accountant.get(address(acme)).content.decode()
    accountant.post(address(acme), {"activate": "1", "note": "mine"})
    assert RuleVersion.objects.count() == 2


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_only_who_keeps_the_books_tries_rules(role: str, acme: Acme, accountant: Client, member: Member) -> None:
    page = tried(acme, accountant)
    client = member(role, acme.store.tenant)
    assert client.get(address(acme)).status_code == 403
    assert client.post(page.address, {**page.fields, "try": "1"}).status_code == 403


def test_without_a_draft_it_leads_to_the_rules(acme: Acme, accountant: Client) -> None:
    answer = accountant.get(address(acme))
    assert answer.headers["Location"] == reverse("admin:connector_connection_rules", args=[acme.connection.pk])


def test_wrong_rules_are_not_tried(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    page.add("rules", position=5, gl_account="9999999")
    assert accountant.post(page.address, {**page.fields, "try": "1"}).status_code == 200
    assert not FitRun.objects.exists()
