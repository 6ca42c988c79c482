"""A lane that is worked on keeps its lease, also while only a store is called."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.outbound.clients import LaneClients
from connector.flow.pipeline.lane import RENEW_EVERY, Lane
from connector.models import Division
from tests.acme import Acme


@pytest.fixture
def lane(acme: Acme) -> Lane:
    """A lane whose lease ends in a second."""
    division = acme.connection.division
    lease = leases.acquire(Division, division.pk, seconds=1)
    assert lease is not None
    return Lane(division, lease, LaneClients(division, lease))


def lasts() -> timedelta:
    until = Division.objects.get().lease_until
    assert until is not None
    return until - database_now()


def test_the_lease_is_prolonged_every_ten_seconds(
    lane: Lane, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        lane.renew()
    lane.renewed -= RENEW_EVERY
    lane.renew()
    assert lasts() > timedelta(seconds=leases.LEASE_SECONDS - 5)
    with django_assert_num_queries(0):
        lane.renew()


def test_it_ends_when_another_worker_has_the_lane(lane: Lane) -> None:
    Division.objects.update(lease_token=lane.lease.token + 1)
    lane.renewed -= RENEW_EVERY
    with pytest.raises(leases.LeaseLost):
        lane.renew()
