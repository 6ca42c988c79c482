"""Documents to act on."""

import pytest

from connector.domain.choices import Mode
from connector.flow.clock import database_now
from connector.models import Connection, OrderSync
from connector.sandbox.bigcommerce.state import Store
from tenants.models import User
from tests.acme import STORE, Acme
from tests.flow import by_hand


@pytest.fixture
def ann(db: None) -> User:
    """A person who acts."""
    return User.objects.create_user("ann@acme.example")


@pytest.fixture
def unprinted(acme: Acme) -> OrderSync:
    """Order 1001, its invoice open in Exact: the printing was refused."""
    return by_hand.unprinted(acme)


@pytest.fixture
def shop(acme: Acme) -> Store:
    """Acme's store. Its connection credits refunds, and a person decides on other changes."""
    Connection.objects.filter(pk=acme.connection.pk).update(refunds="credit")
    return acme.sandbox.stores.store(STORE)


@pytest.fixture
def books(acme: Acme) -> Acme:
    """Acme, whose connection books sales entries; the division has one code without VAT in it for each rate."""
    Connection.objects.filter(pk=acme.connection.pk).update(document="sales_entry", force_vat=True)
    acme.connection.refresh_from_db()
    return acme


@pytest.fixture
def shadowed(acme: Acme) -> Acme:
    """Acme before it goes live: in shadow mode, with a manual schedule, printing, from today on."""
    Connection.objects.update(mode=Mode.SHADOW, schedule="manual", start_date=database_now().date())
    acme.connection.refresh_from_db()
    return acme
