"""The migration that has each division's accounts read in full once more."""

from importlib import import_module

import pytest
from django.apps import apps

from connector.flow.clock import database_now
from tests.factories import DivisionFactory

migration = import_module("connector.migrations.0057_accounts_read_again")


@pytest.mark.django_db
def test_the_next_look_reads_all_accounts() -> None:
    division = DivisionFactory.create(accounts_timestamp=123, accounts_read_at=database_now())
    migration.read_again(apps, None)
    division.refresh_from_db()
    assert (division.accounts_timestamp, division.accounts_read_at) == (0, None)
