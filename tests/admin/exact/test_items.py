"""The items of SKUs: listed, and taken back by POST and an accountant alone."""

import pytest
from django.test import Client
from django.urls import reverse

from connector.flow.clock import database_now
from connector.models import ItemLink
from tests.factories import DivisionFactory, MembershipFactory


@pytest.fixture
def made(db: None) -> ItemLink:
    return ItemLink.objects.create(
        division=DivisionFactory.create(),
        code_key="cup-01",
        code="CUP-01",
        sku="CUP-01",
        name="Cup",
        order_id=7001,
        made=True,
        item_id="00000000-0000-4000-8000-000000000001",
        found_at=database_now(),
    )


def person(client: Client, made: ItemLink, role: str) -> Client:
    client.force_login(MembershipFactory.create(tenant=made.division.grant.tenant, role=role).user)
    return client


def test_the_list_has_what_was_made(made: ItemLink, client: Client) -> None:
    page = person(client, made, "viewer").get(reverse("admin:connector_itemlink_changelist")).content.decode()
    assert "CUP-01" in page
    assert "7001" in page


def test_the_page_has_the_button_while_exact_has_the_item(made: ItemLink, client: Client) -> None:
    address = reverse("admin:connector_itemlink_change", args=[made.pk])
    assert "Take back" in person(client, made, "accountant").get(address).content.decode()
    ItemLink.objects.update(item_id="", taken_back_at=database_now())
    assert "Take back" not in client.get(address).content.decode()


def test_only_an_accountant_takes_it_back_and_says_why(made: ItemLink, client: Client) -> None:
    address = reverse("admin:connector_itemlink_take_back", args=[made.pk])
    assert person(client, made, "operator").post(address, {"reason": "mistake"}).status_code == 403
    accountant = person(Client(), made, "accountant")
    assert accountant.get(address).status_code == 405
    assert "Say why" in accountant.post(address, {"reason": " "}, follow=True).content.decode()
