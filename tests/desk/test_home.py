"""The first page: what needs a person, at a glance and cheaply."""

from typing import Any

import pytest
from django.urls import reverse

from connector.flow import alerts
from connector.models import MasterData
from tenants.models import User
from tests.acme import Acme


@pytest.fixture
def owner(acme: Acme) -> User:
    user = User.objects.get()
    acme.client.force_login(user)
    return user


@pytest.mark.usefixtures("owner")
def test_it_counts_what_is_held_and_leads_to_it(acme: Acme) -> None:
    MasterData.objects.filter(kind="vat_code", code="2").delete()
    acme.ring(1001)
    acme.drain()
    page = acme.client.get(reverse("admin:index")).content.decode()
    link = f"{reverse('admin:connector_ordersync_changelist')}?state__exact=blocked"
    assert link in page
    assert str(acme.document(1001).order_id) in acme.client.get(link).content.decode()


@pytest.mark.usefixtures("owner")
def test_it_shows_alerts_both_sides_and_when_the_store_last_rang(acme: Acme) -> None:
    alerts.raise_alert(acme.store.tenant, "a:1", "The roof is on fire.", page="/admin/")
    acme.ring(1001)
    page = acme.client.get(reverse("admin:index")).content.decode()
    assert "The roof is on fire." in page
    assert "days of the refresh token left" in page
    assert "last rang" in page


@pytest.mark.usefixtures("owner")
def test_its_queries_do_not_grow_with_the_ledger(acme: Acme, django_assert_max_num_queries: Any) -> None:
    for order_id in (1001, 1012, 1017):
        acme.ring(order_id)
    acme.drain()
    acme.client.get(reverse("admin:index"))
    with django_assert_max_num_queries(20):
        acme.client.get(reverse("admin:index"))


def test_nobody_sees_another_organisations_numbers(acme: Acme) -> None:
    stranger = User.objects.create_user("charlie@elsewhere.example", "charlie-has-a-password")
    acme.client.force_login(stranger)
    page = acme.client.get(reverse("admin:index"))
    assert acme.store.name not in page.content.decode()
