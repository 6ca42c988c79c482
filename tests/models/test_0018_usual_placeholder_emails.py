"""The migration that completes the list of e-mail addresses that are nobody's."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection as database

from connector.domain.customer.customer import PLACEHOLDER_EMAILS
from connector.models import Connection
from tests.factories import ConnectionFactory

migration = import_module("connector.migrations.0018_usual_placeholder_emails")


@pytest.mark.django_db
def test_a_list_that_nobody_changed_is_completed_and_one_that_somebody_changed_stays() -> None:
    usual = ConnectionFactory.create(placeholder_emails=migration.BEFORE)
    own = [ConnectionFactory.create(placeholder_emails=each) for each in ([], ["balie@"], migration.BEFORE[1:])]
    for _ in range(2):  # what was interrupted is run again
        migration.take_new_list(apps, SimpleNamespace(connection=database))
    kept = dict(Connection.objects.values_list("pk", "placeholder_emails"))
    assert kept[usual.pk] == [*PLACEHOLDER_EMAILS]
    assert [kept[each.pk] for each in own] == [[], ["balie@"], migration.BEFORE[1:]]


def test_the_new_list_has_all_of_the_one_before() -> None:
    assert set(migration.BEFORE) < set(migration.NOW)
