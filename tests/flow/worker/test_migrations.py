"""The tables that migrations make are those that the models say, on which all other tests run."""

from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from environ import Env

from connector.models import document_search
from tests.flow.worker.prepared import Prepared

OURS = ("connector_", "tenants_")
KINDS = ("columns", "primary_key", "unique", "foreign_key", "check", "index", "orders", "type")


def tables_of(database: BaseDatabaseWrapper) -> dict[str, Any]:
    """Each table of ours with its columns, indexes and constraints. Their names are left out: a rename keeps them.

    The index of the search is left out too: a migration makes it only where the database can.
    """
    found = {}
    with database.cursor() as cursor:
        for table in (name for name in database.introspection.table_names(cursor) if name.startswith(OURS)):
            columns = {
                (column.name, column.type_code, column.internal_size, column.null_ok, column.precision, column.scale)
                for column in database.introspection.get_table_description(cursor, table)
            }
            limits = database.introspection.get_constraints(cursor, table)
            limits.pop(document_search.INDEX, None)
            found[table] = columns, sorted(repr([limit.get(kind) for kind in KINDS]) for limit in limits.values())
    return found


@pytest.mark.django_db
def test_migrations_make_what_the_models_say(prepared: Prepared) -> None:
    migrated = ConnectionHandler({"default": Env.db_url_config(prepared.database)})["default"]
    try:
        made = tables_of(migrated)
    finally:
        migrated.close()
    assert made
    assert made == tables_of(connection)
