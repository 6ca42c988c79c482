"""The migration that gives differences of before their day, where their document says it."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from connector.models import Discrepancy, OrderSync
from tests.factories import OrderSyncFactory
from tests.flow.reconcile.test_unsettled import compared

migration = import_module("connector.migrations.0069_days_of_differences")
WEEK = date(2026, 1, 28), date(2026, 2, 3)
# Half past eleven in the evening, by UTC: in Amsterdam it is the next day.
ORDER = {"order": {"date_created": "Sat, 31 Jan 2026 23:30:00 +0000"}}
REFUND = {"refund": {"created": "2026-01-29T12:00:00+00:00"}, **ORDER}


@pytest.fixture
def document(db: None) -> OrderSync:
    made: OrderSync = OrderSyncFactory.create(posted=True, exact_id="e-1", order_id=7, order_data=ORDER)
    return made


def day_of(document: OrderSync, /, **about: Any) -> date | None:
    """The day of an old difference about a document, after the migration."""
    named = {
        "kind": "amount",
        "order_id": 7,
        "reference": document.reference,
        "remedy": "correct",
        "document": document,
    }
    row = Discrepancy.objects.create(run=compared(document.connection, *WEEK), **{**named, **about})
    migration.fill_days(apps, SimpleNamespace(connection=connection))
    row.refresh_from_db()
    return row.day


@pytest.mark.parametrize("about", [{}, {"exact_id": "E-1"}])
def test_one_about_a_document_has_the_day_of_its_order(document: OrderSync, about: dict[str, str]) -> None:
    assert day_of(document, **about) == date(2026, 2, 1)


def test_one_about_a_credit_note_has_the_day_of_its_refund(document: OrderSync) -> None:
    note = OrderSyncFactory.create(
        connection=document.connection, kind="credit", sequence=31, posted=True, order_id=7, order_data=REFUND
    )
    assert day_of(note) == date(2026, 1, 29)


@pytest.mark.parametrize(
    "about",
    [
        {"reference": "S-7-C31"},
        {"exact_id": "copy", "kind": "state"},
        {"kind": "duplicate"},
        {"state": "resolved"},
        {"document": None},
    ],
)
def test_what_is_not_certain_stays_of_the_whole_period(document: OrderSync, about: dict[str, Any]) -> None:
    assert day_of(document, **about) is None


@pytest.mark.parametrize("kept", [None, {}, {"order": {"date_created": "soon"}}])
def test_an_order_that_has_expired_says_no_day(document: OrderSync, kept: dict[str, Any] | None) -> None:
    OrderSync.objects.filter(pk=document.pk).update(order_data=kept)
    assert day_of(document) is None
