"""The button on an order's page gives the order's file of evidence."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from connector.domain.document.evidence import check
from connector.models import OrderSync
from tenants.models import Tenant
from tests.acme import Acme

Member = Callable[[str, Tenant], Client]


@pytest.fixture
def document(acme: Acme) -> OrderSync:
    """Order 1001, posted."""
    acme.ring(1001)
    acme.drain()
    return acme.document(1001)


def address(document: OrderSync) -> str:
    """Where the file is."""
    return reverse("admin:connector_ordersync_evidence", args=[document.pk])


def test_an_owner_gets_the_file(owner: Client, document: OrderSync) -> None:
    answer: Any = owner.get(address(document))
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="evidence-nlshop1-1001.zip"'
    assert check(b"".join(answer.streaming_content))["about"]["order"] == 1001


@pytest.mark.parametrize(("role", "seen"), [("accountant", True), ("operator", False), ("viewer", False)])
def test_who_may_have_it_sees_the_button(
    member: Member, acme: Acme, document: OrderSync, role: str, seen: bool
) -> None:
    client = member(role, acme.store.tenant)
    page = client.get(reverse("admin:connector_ordersync_change", args=[document.pk])).content.decode()
    assert (address(document) in page) == seen
    assert client.get(address(document)).status_code == (200 if seen else 403)
