"""The page "Compare with what was typed by hand": everybody looks, an accountant begins, the answer stands on top."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.setup.shadow import run as shadow_run
from connector.models import Connection, ShadowRun
from tenants.models import Role
from tests.acme import DIVISION, Acme
from tests.factories import MembershipFactory
from tests.flow.setup.shadow.scene import compared, translate, type_in
from tests.tenants.world import logged_in


def address(acme: Acme) -> str:
    return reverse("admin:connector_connection_shadow", args=[acme.connection.pk])


def shown(acme: Acme, client: Client) -> str:
    return " ".join(client.get(address(acme)).content.decode().split())


def press(acme: Acme, client: Client, button: str) -> str:
    """Press a button; returns the page that comes of it."""
    return " ".join(client.post(address(acme), {button: "1"}, follow=True).content.decode().split())


def test_the_answer_the_fields_and_each_difference_with_its_rule(acme: Acme, accountant: Client) -> None:
    orders = translate(acme)
    type_in(acme, 1003, VATCode="B1")
    type_in(acme, 1012, price=Decimal("0.01"))
    other = acme.sandbox.exact.id_of(DIVISION, "financial/GLAccounts", "8010")
    type_in(acme, 1017, GLAccount=other)
    for order_id in orders:
        if order_id not in {1003, 1012, 1017, 1022}:
            type_in(acme, order_id)
    compared(acme)
    page = shown(acme, accountant)
    assert 'data-answer="no"' in page
    assert "No: documents differ in Amount with VAT, VAT by code and Net by GL account." in page
    assert "Of 24 drafts, 23 were compared, 22 of them with a document that is surely" in page
    assert 'data-field="vat"><td class="px-2 py-1">VAT by code</td>' in page
    assert "22 of 23" in page
    assert 'data-order="1003" data-differs="vat"' in page
    assert 'data-order="1012" data-differs="amount"' in page
    assert page.count("data-differs") == 3
    assert reverse("admin:connector_ruleversion_change", args=[acme.document(1017).rules_id]) in page
    assert reverse("admin:connector_connection_rules", args=[acme.connection.pk]) in page
    assert 'data-list="without"' in page
    assert 'data-order="1022"' in page


def test_it_is_begun_stopped_and_goes_on(acme: Acme, accountant: Client) -> None:
    type_in(acme, *translate(acme, 1))
    assert 'data-answer="' not in shown(acme, accountant)
    page = press(acme, accountant, "start")
    run = ShadowRun.objects.get()
    assert (run.state, run.actor) == ("running", run.tenant.memberships.get(role="accountant").user)
    assert 'http-equiv="refresh"' in page
    assert 'data-state="stopped"' in press(acme, accountant, "stop")
    assert 'data-state="running"' in press(acme, accountant, "on")
    shadow_run.go_on(run.pk)
    page = shown(acme, accountant)
    assert "Not yet: nothing speaks against it, but 19 more documents must be compared." in page
    assert "Money in agreement: 17.90 EUR of 17.90 EUR." in page
    assert 'http-equiv="refresh"' not in page


def test_what_was_found_before_stays_while_another_one_goes_on(acme: Acme, accountant: Client) -> None:
    translate(acme, 1)
    compared(acme)
    page = press(acme, accountant, "start")
    assert 'data-answer="too_few"' in page
    assert 'data-state="running"' in page


def test_one_that_stands_still_says_why(acme: Acme, accountant: Client) -> None:
    translate(acme, 1)
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "GET", "*salesinvoice*")
    compared(acme)
    page = shown(acme, accountant)
    assert 'data-state="trouble"' in page
    assert 'role="alert"' in page


def test_everybody_looks_and_a_viewer_begins_nothing(acme: Acme) -> None:
    translate(acme, 1)
    compared(acme)
    for role in (Role.VIEWER, Role.OPERATOR):
        client = logged_in(MembershipFactory.create(tenant=acme.store.tenant, role=role).user, acme.store.tenant)
        page = shown(acme, client)
        assert 'data-answer="too_few"' in page
        assert '<button name="' not in page
        assert client.post(address(acme), {"start": "1"}).status_code == 403
    assert ShadowRun.objects.count() == 1


@pytest.mark.parametrize(("mode", "sentence"), [("shadow", "no draft to compare"), ("live", "not in shadow mode")])
def test_without_drafts_or_shadow_mode_it_says_so(acme: Acme, accountant: Client, mode: str, sentence: str) -> None:
    Connection.objects.update(mode=mode)
    assert sentence in press(acme, accountant, "start")
    assert not ShadowRun.objects.exists()


def test_the_connections_page_leads_there_in_shadow_mode_only(acme: Acme, accountant: Client) -> None:
    page = reverse("admin:connector_connection_change", args=[acme.connection.pk])
    assert address(acme) not in accountant.get(page).content.decode()
    Connection.objects.update(mode="shadow")
    assert address(acme) in accountant.get(page).content.decode()
