"""The page of a customer of the store: the link's own page once there is one account, and nobody posts to it."""

import pytest
from django.urls import reverse

from tenants.models import Role
from tests.admin.customers import scene
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db


def test_the_page_shows_the_account_and_takes_no_form() -> None:
    connection = ConnectionFactory.create()
    row, owner = scene.customer(connection), scene.browser_of(connection, Role.OWNER)
    scene.account(connection)
    scene.link(connection)
    address = reverse("admin:connector_storecustomer_change", args=[row.pk])
    assert "1007 Bakery BV" in scene.read(owner.get(address))
    assert owner.post(address).status_code == 403
    assert owner.get(reverse("admin:connector_storecustomer_add")).status_code == 403
