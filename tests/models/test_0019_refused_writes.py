"""The migration that marks whose last refusal was that of a write."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from connector.models import Breaker
from tests.factories import ConnectionFactory

migration = import_module("connector.migrations.0019_refused_writes")


@pytest.mark.django_db
def test_only_a_refused_write_is_marked() -> None:
    division = ConnectionFactory.create().division
    for cause in ("write 400 Mandatory: Journal", "read 403 ", ""):
        Breaker.objects.create(division=division, endpoint=cause or "none", cause=cause)
    migration.mark_writes(apps, SimpleNamespace(connection=connection))
    assert list(Breaker.objects.filter(was_write=True).values_list("cause", flat=True)) == [
        "write 400 Mandatory: Journal"
    ]
