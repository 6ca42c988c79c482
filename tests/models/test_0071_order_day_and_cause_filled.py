"""The migration that gives older documents the day of their order and their cause."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection as database

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.document.states import State
from connector.flow.ledger.transitions import move
from connector.models import Connection, OrderSync
from tests.factories import ConnectionFactory, OrderSyncFactory

migration = import_module("connector.migrations.0071_order_day_and_cause_filled")
PLACED = {"order": {"date_created": "Sun, 31 Aug 2025 23:30:00 +0000"}}  # in Amsterdam it is the next day


@pytest.fixture
def connection(db: None) -> Connection:
    return ConnectionFactory.create(store__timezone="Europe/Amsterdam")


def filled(document: OrderSync) -> OrderSync:
    migration.fill(apps, SimpleNamespace(connection=database))
    document.refresh_from_db()
    return document


@pytest.mark.parametrize(
    ("kept", "day"),
    [
        ({"order_data": PLACED}, date(2025, 9, 1)),
        ({"draft": {"order_date": "2025-09-01"}}, date(2025, 9, 1)),  # the copy of the order has expired
        ({"draft": {"order_date": "2025-09-02"}, "order_data": PLACED}, date(2025, 9, 2)),
        ({"ordered_on": date(2025, 1, 1), "order_data": PLACED}, date(2025, 1, 1)),
        ({}, None),
        ({"draft": {}, "order_data": {"order": {"date_created": "odd"}}}, None),
        ({"order_data": {"refund": {}}}, None),
    ],
)
def test_the_day_is_the_drafts_or_the_orders(connection: Connection, kept: dict[str, Any], day: date | None) -> None:
    assert filled(OrderSyncFactory.create(connection=connection, **kept)).ordered_on == day


def test_more_rows_than_a_batch(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "BATCH", 2)
    OrderSyncFactory.create(connection=connection)
    rows = OrderSyncFactory.create_batch(5, connection=connection, order_data=PLACED)
    held = OrderSyncFactory.create_batch(5, connection=connection, held=True)
    filled(rows[-1])
    assert OrderSync.objects.filter(ordered_on=date(2025, 9, 1)).count() == 5
    assert OrderSync.objects.exclude(cause="").count() == len(held)


def test_a_held_document_gets_the_cause_that_it_would_be_held_by_now(connection: Connection) -> None:
    problems = (Problem(Code.JOURNAL_MISSING, "", {"journal": "70"}),)
    document = OrderSyncFactory.create(connection=connection)
    move(document, State.BLOCKED, problems)
    kept = document.cause
    assert len(kept) == 32
    OrderSync.objects.update(cause="")
    assert filled(document).cause == kept


def test_a_document_that_nothing_holds_has_none(connection: Connection) -> None:
    assert filled(OrderSyncFactory.create(connection=connection, code="vat_code_missing")).cause == ""
