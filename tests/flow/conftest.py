"""Documents to act on."""

import pytest

from connector.models import OrderSync
from tenants.models import User
from tests.acme import Acme
from tests.flow import by_hand


@pytest.fixture
def ann(db: None) -> User:
    """A person who acts."""
    return User.objects.create_user("ann@acme.example")


@pytest.fixture
def unprinted(acme: Acme) -> OrderSync:
    """Order 1001, its invoice open in Exact: the printing was refused."""
    return by_hand.unprinted(acme)
