"""Who logs in."""

import pytest

from tenants.models import User
from tests.factories import MembershipFactory, UserFactory


@pytest.fixture
def alice(db: None) -> User:
    """The owner of an organisation."""
    user = UserFactory.create(email="alice@acme.example", password="open-sesame-7")
    MembershipFactory.create(user=user)
    return user
