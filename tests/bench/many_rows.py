"""Makes organisations with many documents, on PostgreSQL: a million rows in a minute or two.

Into the empty, migrated database of DATABASE_URL: `python -m tests.bench.many_rows 1000 1000000`.
"""

import os
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

import django
from django.db import connection as database
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

from connector.models import Connection, Delivery, Division, ExactGrant, OrderSync, Store, SyncEvent
from tenants.models import Tenant

LANES_OF_A_TENANT = 2
FIRST_DUE_ORDER = 100_000_000


@dataclass(frozen=True, slots=True)
class Many:
    """How much there is. Each organisation has two lanes, with a store for each. All lanes have as many documents.

    Of a hundred documents 96 are posted, 2 are held and 2 skipped. Beside these, `due` lanes have `rows` documents
    each that are due, and the next `waiting` lanes as many that wait for a person: their schedule is manual. `events`
    is the length of each document's history, and `deliveries` the number of its deliveries, which were all read.
    """

    tenants: int
    documents: int
    due: int = 0
    waiting: int = 0
    rows: int = 1
    events: int = 0
    deliveries: int = 0


def make(many: Many) -> list[Connection]:
    """Make the rows, and have the database count them for its planner. Returns the connections in order."""
    connections = _connections(many.tenants)
    _documents(connections, many.documents)
    _unfinished(connections[: many.due], many.rows)
    held_back = connections[many.due :][: many.waiting]
    _unfinished(held_back, many.rows)
    Connection.objects.filter(pk__in=[connection.pk for connection in held_back]).update(schedule="manual")
    for number in range(many.events):
        text = f"'Step {number}'"
        _insert(SyncEvent, _DOCUMENTS, tenant="store.tenant_id", document="document.id", kind="'transition'", text=text)
    for _ in range(many.deliveries):
        _insert(
            Delivery,
            _DOCUMENTS,
            store="store.id",
            scope="'store/order/created'",
            order_id="document.order_id",
            proof="'secret'",
            signature="'absent'",
            processed_at="now()",
        )
    with database.cursor() as cursor:
        cursor.execute("ANALYZE" if database.in_atomic_block else "VACUUM ANALYZE")
    return connections


def _connections(tenants: int) -> list[Connection]:
    owners = Tenant.objects.bulk_create(Tenant(slug=f"t{n}", name=f"Tenant {n}") for n in range(tenants))
    grants = ExactGrant.objects.bulk_create(
        ExactGrant(tenant=owner, name="Exact", region="nl", client_id="id") for owner in owners
    )
    lanes = [(n, n // LANES_OF_A_TENANT) for n in range(tenants * LANES_OF_A_TENANT)]
    divisions = Division.objects.bulk_create(
        Division(grant=grants[owner], region="nl", code=100_000 + n) for n, owner in lanes
    )
    stores = Store.objects.bulk_create(
        Store(tenant=owners[owner], name="Shop", store_hash=f"shop{n}", prefix=f"S{n}", hook_secret="")
        for n, owner in lanes
    )
    return Connection.objects.bulk_create(
        Connection(store=store, division=division, mode="live", journal="70", start_date=date(2026, 1, 1))
        for store, division in zip(stores, divisions, strict=True)
    )


_DOCUMENTS = """
    connector_ordersync AS document
    JOIN connector_connection AS connection ON connection.id = document.connection_id
    JOIN connector_store AS store ON store.id = connection.store_id
"""


def _series(connections: list[Connection], rows: int) -> str:
    """The rows n of a series, dealt to the connections: `place` is the row's number among those of its lane."""
    pairs = ", ".join(f"({n}, {one.pk}, {one.division_id})" for n, one in enumerate(connections))
    lanes = len(connections)
    return f"""
        generate_series(0, {rows - 1}) AS n
        JOIN (VALUES {pairs}) AS lane (number, connection, division) ON lane.number = mod(n, {lanes}),
        LATERAL (SELECT n / {lanes} AS place, mod(n / {lanes}, 100) AS share) AS part
    """


def _documents(connections: list[Connection], rows: int) -> None:
    posted = "CASE WHEN share < 96 THEN {0} ELSE '' END".format
    age = "now() - mod(n, 86400) * interval '30 seconds'"
    _insert(
        OrderSync,
        _series(connections, rows),
        connection="connection",
        division="division",
        order_id="1000 + place",
        state="CASE WHEN share < 96 THEN 'posted' WHEN share < 98 THEN 'blocked' ELSE 'skipped' END",
        reason="CASE WHEN share < 96 THEN '' WHEN share < 98 THEN 'mapping' ELSE 'status' END",
        exact_id=posted("'exact-' || n"),
        exact_number=posted("(26700000 + n)::text"),
        reference="'S' || lane.number || '-' || place",
        total="mod(n, 500)",
        currency="'EUR'",
        email="'customer-' || mod(n, 50000) || '@people.example'",
        posted_at=f"CASE WHEN share < 96 THEN {age} END",
        created_at=age,
        updated_at=age,
    )


def _unfinished(connections: list[Connection], rows: int) -> None:
    if connections:
        _insert(
            OrderSync,
            _series(connections, rows * len(connections)),
            connection="connection",
            division="division",
            order_id=f"{FIRST_DUE_ORDER} + place",
            state="'pending'",
            next_attempt_at="now() - (1 + mod(n, 600)) * interval '1 second'",
        )


def _insert(model: type[Model], source: str, **given: str) -> None:
    """Insert the rows of a source. `given` has an expression for each field that differs from its default."""
    columns: dict[str, str] = {}
    values: list[Any] = []
    for field in model._meta.concrete_fields:
        column, default = str(field.column), field.get_default()
        if field.name in given:
            columns[column] = f"({given[field.name]})"
        elif getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            columns[column] = "now()"
        elif not field.primary_key and not isinstance(default, DatabaseDefault):
            columns[column] = "%s"
            values.append(field.get_db_prep_save(default, database))
    into = ", ".join(f'"{column}"' for column in columns)
    with database.cursor() as cursor:
        statement = f'INSERT INTO "{model._meta.db_table}" ({into}) SELECT {", ".join(columns.values())} FROM {source}'
        cursor.execute(statement, values)


if __name__ == "__main__":
    tenants, documents, due, waiting, rows = [*map(int, sys.argv[1:]), *(0, 0, 1)[len(sys.argv) - 3 :]]
    made = make(Many(tenants, documents, due=due, waiting=waiting, rows=rows))
    sys.stdout.write(f"{len(made)} lanes, {OrderSync.objects.count()} documents\n")
