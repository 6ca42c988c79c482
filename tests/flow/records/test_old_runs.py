"""A daily comparison goes on its day, unless something rests on it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from connector.flow.clock import database_now
from connector.flow.records.retention import prune
from connector.models import ClosedMonth, Connection, Discrepancy, ReconciliationRun
from tests.factories import ConnectionFactory, UserFactory

DAY = timedelta(days=1)


def daily(connection: Connection, at: datetime, **changes: Any) -> ReconciliationRun:
    """A comparison of a week that the worker made by itself."""
    facts = {"first": date(2026, 1, 1), "last": date(2026, 1, 7), "zone": "Europe/Amsterdam", "state": "finished"}
    run = ReconciliationRun.objects.create(
        tenant=connection.store.tenant,
        connection=connection,
        division=connection.division,
        **{**facts, **changes},
    )
    ReconciliationRun.objects.filter(pk=run.pk).update(created_at=at)
    return run


def differs(run: ReconciliationRun, state: str, **changes: Any) -> Discrepancy:
    row = Discrepancy.objects.create(run=run, kind="amount", remedy="correct", state=state, reason="why", **changes)
    Discrepancy.objects.filter(pk=row.pk).update(created_at=run.created_at)
    return row


@pytest.fixture
def connection(db: None) -> Connection:
    return ConnectionFactory.create()


@pytest.fixture
def run(connection: Connection) -> ReconciliationRun:
    """One that is past its day."""
    made = daily(connection, database_now() - 500 * DAY)
    made.refresh_from_db()
    return made


def goes(connection: Connection) -> int:
    return prune(connection.store.tenant, database_now()).runs


def test_it_goes_with_what_it_found_that_was_settled(connection: Connection, run: ReconciliationRun) -> None:
    differs(run, "resolved")
    daily(connection, database_now() - 500 * DAY, state="failed")
    daily(connection, database_now() - 100 * DAY)
    assert goes(connection) == 2
    assert (ReconciliationRun.objects.count(), Discrepancy.objects.count()) == (1, 0)


@pytest.mark.parametrize("state", ["open", "accepted"])
def test_it_stays_while_a_difference_of_it_counts(connection: Connection, run: ReconciliationRun, state: str) -> None:
    differs(run, state)
    assert goes(connection) == 0


def test_it_stays_while_what_an_earlier_one_found_is_open(connection: Connection, run: ReconciliationRun) -> None:
    """It may be what settles it, together with later ones."""
    earlier = daily(connection, run.created_at - DAY)
    earlier.refresh_from_db()
    row = differs(earlier, "open")
    assert goes(connection) == 0
    Discrepancy.objects.filter(pk=row.pk).update(state="resolved")
    assert goes(connection) == 2


def test_what_a_closed_month_rests_on_stays(connection: Connection, run: ReconciliationRun) -> None:
    closed = {"month": date(2026, 1, 1), "closed_at": database_now(), "last_document": 0}
    ClosedMonth.objects.create(connection=connection, run=run, **closed)
    assert goes(connection) == 0


@pytest.mark.parametrize("change", ["actor", "by_worker", "last", "state"])
def test_what_a_person_asked_for_and_what_is_of_a_month_stays(
    connection: Connection, run: ReconciliationRun, change: str
) -> None:
    to = {"actor": UserFactory.create(), "by_worker": True, "last": date(2026, 1, 28), "state": "stopped"}[change]
    ReconciliationRun.objects.update(**{change: to})
    assert goes(connection) == 0


def test_the_last_that_watched_for_changes_stays(connection: Connection, run: ReconciliationRun) -> None:
    """As of a connection that was switched off for long: the next watch begins there."""
    for hour in ("09", "10"):
        daily(connection, run.created_at, figures={"modified": f"2026-01-08T{hour}:00:00"})
    assert goes(connection) == 2
    assert ReconciliationRun.objects.get().figures["modified"].startswith("2026-01-08T10")
