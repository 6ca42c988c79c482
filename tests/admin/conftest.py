"""Who opens the pages."""

from collections.abc import Callable

import pytest
from django.test import Client

from tenants.models import Tenant
from tests.acme import Acme


@pytest.fixture
def accountant(acme: Acme, member: Callable[[str, Tenant], Client]) -> Client:
    """The browser of Acme's accountant."""
    return member("accountant", acme.store.tenant)
