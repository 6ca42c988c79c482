"""The list of months: every month that has something, each with its newest comparison, however old it is."""

from datetime import date
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.models import Connection, ReconciliationRun
from tenants.models import Role
from tests.admin.months.runs import compared
from tests.admin.months.test_page import address, browser_of, text
from tests.factories import ConnectionFactory, OrderSyncFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    connection: Connection = ConnectionFactory.create(start_date=date(2025, 12, 1))
    return connection


@pytest.fixture
def viewer(connection: Connection) -> Client:
    return browser_of(connection, Role.VIEWER)


def listed(connection: Connection, viewer: Client, **query: Any) -> str:
    return text(viewer.get(reverse("admin:connector_connection_months", args=[connection.pk]), query))


def test_the_list_has_the_months_that_a_backfill_filled(connection: Connection, viewer: Client) -> None:
    OrderSyncFactory.create(connection=connection, ordered_on=date(2025, 9, 30))
    page = listed(connection, viewer)
    assert address(connection, "2025-09") in page
    assert address(connection, "2025-08") not in page


def test_an_old_month_keeps_its_newest_comparison_however_many_came_since(
    connection: Connection, viewer: Client
) -> None:
    compared(connection, "121.01")
    of_january = compared(connection)
    facts = {name: getattr(of_january, name) for name in ("tenant", "connection", "division", "zone", "state")}
    week = {"first": date(2026, 2, 1), "last": date(2026, 2, 7)}
    ReconciliationRun.objects.bulk_create(ReconciliationRun(**facts, **week) for _day in range(500))
    with CaptureQueriesContext(database) as few:
        assert "complete</td>" in listed(connection, viewer)
    compared(connection, "121.01")
    with CaptureQueriesContext(database) as many:
        assert "complete</td>" not in listed(connection, viewer)
    assert len(many) == len(few)


def test_months_that_do_not_fit_on_a_page_are_on_the_next(connection: Connection, viewer: Client) -> None:
    Connection.objects.update(start_date=date(2023, 1, 1))
    page = listed(connection, viewer)
    assert "Shown 1 to 24 of" in page
    assert 'href="?p=2"' in page
    assert address(connection, "2023-01") not in page
    assert address(connection, "2023-01") in listed(connection, viewer, p="2")
