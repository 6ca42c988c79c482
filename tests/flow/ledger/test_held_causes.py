"""Documents with the same cause have one key, whatever their own values are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connector.flow.ledger.held_causes import NEEDED, key_of
from connector.models import OrderSync
from tests.factories import ConnectionFactory, OrderSyncFactory

pytestmark = pytest.mark.django_db


def held(account: str = "8000", line: str = "Mug", **given: object) -> OrderSync:
    """A document that is held because Exact does not have an account."""
    params = {"gl_account": account, "name": line}
    return OrderSyncFactory.create(held=True, code="gl_account_missing", params=params, **given)


def test_documents_of_one_division_that_are_held_by_one_cause_share_their_key() -> None:
    one = ConnectionFactory.create()
    first, second = held(connection=one), held(connection=one, line="Poster")
    assert key_of(first) == key_of(second)
    assert key_of(held()) != key_of(first)  # of another division
    assert key_of(held(connection=one, reason="totals")) != key_of(first)
    assert key_of(held("8001", connection=one)) != key_of(first)


def test_the_named_fields_are_all_that_the_key_needs() -> None:
    made = held()
    document = OrderSync.objects.only(*NEEDED).get()
    with CaptureQueriesContext(connection) as captured:
        assert key_of(document) == key_of(made)
    assert not captured.captured_queries
