"""When the disk is full the webhook says 503, and BigCommerce sends again; as soon as there is room it says 200."""

from collections.abc import Iterator

import pytest
from django.db import connection

from connector.models import Delivery
from tests.acme import Acme


@pytest.fixture
def full_disk(transactional_db: None, acme: Acme) -> Iterator[None]:
    """SQLite may not take another page; what room is left is filled."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite can be told how large it may grow")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count")
        (before,) = cursor.fetchone()
        cursor.execute("PRAGMA max_page_count = 1")  # no less than there are
        yield
        cursor.execute(f"PRAGMA max_page_count = {before}")


def test_503_only_while_the_row_cannot_be_stored(acme: Acme, full_disk: None) -> None:
    statuses = [acme.ring(order_id) for order_id in range(100_000, 100_200)]
    refused = statuses.count(503)
    assert refused > 0
    assert set(statuses) <= {200, 503}
    assert Delivery.objects.count() == len(statuses) - refused
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000")
    assert acme.ring(1001) == 200
    acme.drain(1)
    assert acme.document(1001).state == "posted"
