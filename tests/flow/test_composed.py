"""A statement that was composed once gives what its query gives, with the parameters of each run."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from connector.flow.clock import database_now
from connector.flow.composed import composed
from connector.models import Connection, OrderSync
from tests.factories import ConnectionFactory, OrderSyncFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@composed
def rows_by(connection_id: int, moment: datetime, states: tuple[str, ...]) -> QuerySet[OrderSync]:
    rows = OrderSync.objects.filter(connection=connection_id, next_attempt_at__lte=moment, state__in=states)
    return rows.select_related("connection__store__tenant").order_by("order_id")


@composed
def numbers_by(moment: datetime) -> QuerySet[OrderSync, tuple[int, datetime]]:
    return OrderSync.objects.filter(next_attempt_at__lte=moment).order_by("pk").values_list("order_id", "created_at")


@composed
def those_with_rows(connection_id: int) -> QuerySet[Any]:
    rows = OrderSync.objects.filter(connection=OuterRef("pk"))
    return Connection.objects.filter(pk=connection_id).annotate(has_rows=Exists(rows))


@composed
def all_of_an_hour(moment: datetime) -> QuerySet[OrderSync]:
    return OrderSync.objects.filter(next_attempt_at__lte=datetime.fromisoformat("2026-01-01T00:00:00Z"))


def test_each_run_has_parameters_of_its_own() -> None:
    now = database_now()
    first = OrderSyncFactory.create(state="pending", next_attempt_at=now)
    second = OrderSyncFactory.create(state="pending", next_attempt_at=now + HOUR)
    pending = ("pending",)
    assert rows_by(first.connection_id, now, pending) == [first]
    assert rows_by(first.connection_id, now - HOUR, pending) == []
    assert rows_by(second.connection_id, now, pending) == []
    assert rows_by(second.connection_id, now + HOUR, pending) == [second]


def test_a_value_that_is_no_parameter_has_a_form_of_its_own() -> None:
    now = database_now()
    row = OrderSyncFactory.create(state="pending", next_attempt_at=now)
    assert rows_by(row.connection_id, now, ("pending", "waiting")) == [row]
    assert rows_by(row.connection_id, now, ("waiting",)) == []


def test_it_gives_objects_with_what_they_refer_to_and_with_what_was_added(
    django_assert_num_queries: Any,
) -> None:
    row = OrderSyncFactory.create(state="pending", next_attempt_at=database_now())
    with django_assert_num_queries(1):
        (found,) = rows_by(row.connection_id, database_now(), ("pending",))
        assert found.connection.store.tenant == row.connection.store.tenant
    assert found.next_attempt_at == row.next_attempt_at
    (connection,) = those_with_rows(row.connection_id)
    assert connection.has_rows is True
    (other,) = those_with_rows(ConnectionFactory.create().pk)
    assert other.has_rows is False


def test_it_gives_values() -> None:
    row = OrderSyncFactory.create(state="pending", next_attempt_at=database_now())
    assert numbers_by(database_now()) == [(row.order_id, row.created_at)]


def test_it_is_composed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers_by(database_now())
    monkeypatch.setattr(SQLCompiler, "as_sql", None)
    assert numbers_by(database_now()) == []


def test_a_parameter_that_the_statement_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="1901"):
        all_of_an_hour(database_now())
