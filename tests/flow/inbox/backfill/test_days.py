"""The days of a backfill are the store's, and its connection is the one that posts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from connector.flow.inbox.backfill.days import Refused, connection_of, days_of, moments_of
from connector.models import Connection
from tests.acme import DIVISION, STORE, Acme
from tests.factories import ConnectionFactory, DivisionFactory, StoreFactory

pytestmark = pytest.mark.django_db


def test_the_connection_that_posts_is_taken_else_the_only_one_that_is_on(acme: Acme) -> None:
    assert connection_of("demo", STORE) == acme.connection
    grant = acme.connection.division.grant
    shadows = [
        ConnectionFactory.create(store=acme.store, division=DivisionFactory.create(grant=grant), mode="shadow")
        for _each in range(2)
    ]
    assert connection_of("demo", STORE) == acme.connection
    Connection.objects.filter(pk=acme.connection.pk).update(mode="off")
    with pytest.raises(Refused, match=f"--division, one of {shadows[0].division.code}, {shadows[1].division.code}"):
        connection_of("demo", STORE)
    assert connection_of("demo", STORE, shadows[1].division.code) == shadows[1]
    with pytest.raises(Refused, match="is switched off"):
        connection_of("demo", STORE, DIVISION)


def test_it_ends_today_where_no_last_day_is_given(acme: Acme) -> None:
    first, last = days_of(acme.store, date(2026, 1, 1), None)
    assert first == date(2026, 1, 1)
    with pytest.raises(Refused, match="in the future"):
        days_of(acme.store, last + timedelta(days=1), None)
    assert days_of(acme.store, last, last) == (last, last)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_has_the_hours_that_it_has_in_the_stores_zone(day: date, hours: int) -> None:
    begins, ends = moments_of(StoreFactory.build(tenant=None, timezone="Europe/Amsterdam"), day, day)
    assert ends - begins == timedelta(hours=hours)
    assert begins == datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1 if hours == 23 else 2)


def test_a_midnight_that_the_clocks_leave_out_is_the_days_first_moment() -> None:
    store = StoreFactory.build(tenant=None, timezone="America/Santiago")
    begins, ends = moments_of(store, date(2026, 9, 6), date(2026, 9, 6))
    assert ends - begins == timedelta(hours=23)
