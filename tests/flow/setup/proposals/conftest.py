"""Acme before its mapping is proposed."""

import pytest

from connector.models import Connection, RuleVersion
from tests.acme import STORE, Acme


@pytest.fixture
def acme(acme: Acme) -> Acme:
    """Acme before there is a connection, with ten orders: enough for what is asked here."""
    orders = acme.sandbox.stores.store(STORE).orders
    for number in sorted(orders)[10:]:
        del orders[number]
    RuleVersion.objects.all().delete()
    Connection.objects.all().delete()
    return acme
