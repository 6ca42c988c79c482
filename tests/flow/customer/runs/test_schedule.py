"""The sweep begins the pulls that are due, of connections that a person has pulled once."""

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from connector.flow.clock import database_now
from connector.flow.customer.runs import run as customer_run
from connector.flow.customer.runs import schedule
from connector.models import Connection, CustomerRun
from tests.factories import CustomerRunFactory

pytestmark = pytest.mark.usefixtures("one_reading")


def pulled(**settings: object) -> Connection:
    """A connection that a person pulled two hours ago; both sides were read then."""
    then = database_now() - timedelta(hours=2)
    given = {f"connection__{name}": value for name, value in settings.items()}
    run = CustomerRunFactory.create(state="finished", due_at=None, connection__store__customers_read_at=then, **given)
    CustomerRun.objects.filter(pk=run.pk).update(created_at=then)
    connection: Connection = run.connection
    return connection


def begun() -> list[Connection]:
    schedule.begin()
    return [run.connection for run in CustomerRun.objects.filter(scheduled=True, state="running").order_by("pk")]


def test_a_pull_is_begun_when_the_last_read_is_long_enough_ago() -> None:
    connection = pulled()
    pulled(customer_minutes=180)
    assert begun() == [connection]
    run = CustomerRun.objects.get(scheduled=True)
    assert (run.what, run.actor) == ("pull", None)
    assert schedule.begin() == 0


@pytest.mark.parametrize(
    "settings",
    [
        {"customer_minutes": 0},
        {"mode": "shadow"},
        {"mode": "off"},
        {"customer_direction": "none"},
        {"store__state": "reconnect"},
        {"division__grant__state": "reconnect"},
        {"store__tenant__suspended": True},
    ],
)
def test_none_is_begun_where_nothing_may_be_done(settings: dict[str, object]) -> None:
    pulled(**settings)
    assert begun() == []


def test_none_is_begun_before_a_person_has_pulled() -> None:
    pulled()
    CustomerRun.objects.update(scheduled=True)
    assert begun() == []
    CustomerRun.objects.update(scheduled=False, state="failed")
    assert begun() == []


def test_one_that_failed_is_not_begun_again_at_once() -> None:
    connection = pulled()
    CustomerRunFactory.create(connection=connection, scheduled=True, state="failed", due_at=None)
    assert begun() == []


def test_one_that_goes_on_or_is_paused_has_no_second() -> None:
    CustomerRunFactory.create(connection=pulled(), state="paused", due_at=None)
    assert begun() == []


def test_a_connection_that_fails_keeps_no_other_from_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = pulled(), pulled()
    start = customer_run.start

    def fails(connection: Connection, *given: object, **more: object) -> CustomerRun:
        if connection == first:
            raise ValueError
        return start(connection, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(customer_run, "start", fails)
    with capture_logs() as logs:
        assert begun() == [second]
    assert [line["event"] for line in logs] == ["customers_not_begun"]


def test_many_that_are_not_due_cost_one_statement() -> None:
    for _connection in range(5):
        pulled(customer_minutes=600)
    with CaptureQueriesContext(database) as captured:
        schedule.begin()
    assert len(captured) == 1


def test_a_report_is_no_first_pull() -> None:
    pulled()
    CustomerRun.objects.update(what="report")
    assert begun() == []
