"""The button "Test connection": who may press it, and the links of its page."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from connector.admin.documents.explanation import PAGE_NAMES, explanation_of, page_of, page_url
from connector.models import Connection, ExactGrant, OrderSync
from connector.problems.explanation import PAGES
from tenants.models import Role, User
from tests.acme import Acme
from tests.factories import MembershipFactory
from tests.tenants.world import RIVAL, build, logged_in


def address(connection: Connection) -> str:
    return reverse("admin:connector_connection_test", args=[connection.pk])


def member(acme: Acme, role: Role) -> Client:
    user = MembershipFactory.create(tenant=acme.store.tenant, role=role).user
    return logged_in(user, acme.store.tenant)


@pytest.mark.parametrize("role", [Role.OWNER, Role.ACCOUNTANT, Role.OPERATOR])
def test_the_button_shows_what_was_found(acme: Acme, role: Role) -> None:
    client = member(acme, role)
    page = client.get(reverse("admin:connector_connection_change", args=[acme.connection.pk])).content.decode()
    assert f'action="{address(acme.connection)}"' in page
    answer = client.post(address(acme.connection))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "There is nothing to fix" in page
    assert "The region is nl" in page
    assert acme.store.access_token not in page


def test_what_is_broken_comes_first_with_a_link_that_works(acme: Acme) -> None:
    acme.sandbox.exact.revoke()
    ExactGrant.objects.update(access_token="", access_expires_at=None)
    client = member(acme, Role.OWNER)
    page = client.post(address(acme.connection)).content.decode()
    assert "1 thing to fix" in page
    (link,) = re.findall(r'href="([^"]+)">Go to the consent', page)
    assert client.get(link).status_code == 200


def test_a_viewer_neither_sees_the_button_nor_may_press_it(acme: Acme) -> None:
    client = member(acme, Role.VIEWER)
    page = client.get(reverse("admin:connector_connection_change", args=[acme.connection.pk])).content.decode()
    assert "Test connection" not in page
    calls = acme.store_calls()
    assert client.post(address(acme.connection)).status_code == 403
    assert acme.store_calls() == calls


def test_nothing_is_tested_by_get(acme: Acme) -> None:
    calls = acme.store_calls()
    assert member(acme, Role.OWNER).get(address(acme.connection)).status_code == 405
    assert acme.store_calls() == calls


@pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 404), (Role.OPERATOR, 404), (Role.VIEWER, 403)])
def test_another_organisations_connection_does_not_exist(acme: Acme, role: Role, status: int) -> None:
    charlie = User.objects.create_user("charlie@rival.example", "open-sesame-7")
    theirs = address(build(RIVAL, charlie, 2002).of(Connection))
    answer = member(acme, role).post(theirs)
    assert answer.status_code == status
    assert RIVAL not in answer.content.decode()


def test_a_superuser_tests_only_in_a_tenant_that_was_chosen(acme: Acme) -> None:
    sue = User.objects.create_superuser("sue@platform.example", "open-sesame-7")
    assert logged_in(sue).post(address(acme.connection)).status_code == 403
    assert logged_in(sue, acme.store.tenant).post(address(acme.connection)).status_code == 200
    assert Client().post(address(acme.connection)).status_code == 302


def test_every_page_of_the_explanations_has_an_address(acme: Acme) -> None:
    assert set(PAGE_NAMES) == PAGES
    acme.ring(1001)
    acme.drain()
    client, document = member(acme, Role.OWNER), acme.document(1001)
    for where in PAGES:
        url = page_url(where, acme.connection, document)
        assert url, where
        if not url.startswith("http"):
            assert client.get(url).status_code == 200, where
    assert page_url("bigcommerce", acme.connection, document).endswith("/manage/orders/1001")
    assert page_url("no such page", acme.connection) == ""


def test_a_document_is_explained_with_the_page_to_fix_it(acme: Acme) -> None:
    acme.sandbox.exact.divisions[100001].fiscal_years = set()
    acme.ring(1001)
    acme.drain()
    document = OrderSync.objects.get(order_id=1001)
    explained = explanation_of(document)
    assert document.reason == "period"
    assert "financial year" in str(explained.what_happened)
    assert page_of(explained, document.connection, document) == acme.sandbox.exact_url
