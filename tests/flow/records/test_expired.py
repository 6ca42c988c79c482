"""What has expired is said by the chain itself, before anything is deleted."""

from datetime import UTC, datetime

import pytest

from connector.flow.records import expired
from connector.flow.records.expired import Expired
from connector.flow.records.walk import walk
from connector.models import Chain, SyncEvent
from tests.factories import ConnectionFactory

MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_nothing_has_expired_at_first() -> None:
    assert expired.read(ConnectionFactory.create()) == Expired()


def test_what_was_recorded_last_holds() -> None:
    connection = ConnectionFactory.create()
    first = Expired().later_of({"calls": MARCH})
    expired.record(connection, first)
    assert expired.read(connection) == first == Expired(calls="2026-03-01T00:00:00.000000Z")
    expired.record(connection, first.later_of({"calls": APRIL, "copies": MARCH}))
    assert expired.read(connection).calls > first.calls
    assert (Chain.objects.get().number, Chain.objects.get().expiry_number) == (2, 2)
    assert not list(walk(connection))


def test_a_moment_never_goes_back() -> None:
    assert Expired().later_of({"calls": APRIL}).later_of({"calls": MARCH}) == Expired().later_of({"calls": APRIL})


def test_who_forges_what_has_expired_is_found() -> None:
    connection = ConnectionFactory.create()
    expired.record(connection, Expired().later_of({"calls": MARCH}))
    SyncEvent.objects.update(data={"calls": "2027-01-01T00:00:00.000000Z"})
    assert [fault.text for fault in walk(connection)] == ["the entry is not as it was written"]
