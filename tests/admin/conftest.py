"""The browsers of people in the portal: the owner's, and those of other members."""

from collections.abc import Callable

import pytest
from django.test import Client

from tenants.models import Role, Tenant, User
from tests.acme import Acme
from tests.factories import MembershipFactory


@pytest.fixture
def owner(acme: Acme) -> Client:
    """The owner's browser."""
    client = Client()
    client.force_login(User.objects.get(memberships__tenant=acme.store.tenant))
    return client


@pytest.fixture
def member(acme: Acme) -> Callable[[str, Tenant], Client]:
    """Make a browser of a new person with a role in an organisation."""

    def open_(role: str, tenant: Tenant) -> Client:
        email = f"second-{role}@{tenant.slug}.example"
        client = Client()
        client.force_login(MembershipFactory.create(tenant=tenant, role=Role(role), user__email=email).user)
        return client

    return open_
