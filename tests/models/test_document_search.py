"""The ledger's search: by any part of what names a document, by an index on PostgreSQL, and never another tenant's."""

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection as database
from django.test import Client

from connector.models import Connection, OrderSync
from connector.models.document_search import INDEX, with_part
from tests.acme import Acme
from tests.bench.many_rows import Many, make
from tests.factories import OrderSyncFactory

LIST = "/admin/connector/ordersync/"
migration = import_module("connector.migrations.0072_ledger_filters")
on_postgresql = pytest.mark.skipif(database.vendor != "postgresql", reason="SQLite has no such index")


@pytest.fixture
def document(acme: Acme) -> OrderSync:
    """A document that has everything that is searched in, beside one that has nothing of it."""
    OrderSyncFactory.create(connection=acme.connection, order_id=7, customer="Bakker", email="b@shop.example")
    return OrderSyncFactory.create(
        connection=acme.connection,
        order_id=500123,
        customer="Anna de Wit 50%_\\",
        email="a.dewit@people.example",
        exact_number="26700042",
        reference="NL1-98765",
    )


def found(client: Client, term: str) -> list[int]:
    return [row.order_id for row in client.get(LIST, {"q": term}).context["cl"].result_list]


@pytest.mark.parametrize(
    "term",
    [
        *("anna", "de wit", "DE  WIT", "dewit@PEOPLE", "0012", "500123", "7000", "nl1-98", "-98765"),
        *("50%_", "%_\\"),  # no wildcards
    ],
)
def test_any_part_finds_it_alone(document: OrderSync, owner: Client, term: str) -> None:
    assert found(owner, term) == [document.order_id]


@pytest.mark.parametrize("term", ["anna%wit", "an_a", "annaa"])
def test_what_it_does_not_have_finds_nothing(document: OrderSync, owner: Client, term: str) -> None:
    assert found(owner, term) == []


def test_a_character_that_no_text_has_is_no_error(document: OrderSync, owner: Client) -> None:
    assert owner.get(LIST, {"q": "anna\x00"}).status_code == 200


def test_a_short_term_is_the_whole(document: OrderSync, owner: Client) -> None:
    assert found(owner, "7") == [7]
    assert found(owner, "50") == []


def test_two_words_find_what_has_them_one_after_another(document: OrderSync, owner: Client) -> None:
    assert found(owner, "wit anna") == []


@pytest.fixture
def indexed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index as the migration makes it; within a test's transaction it is built at once."""
    monkeypatch.setattr(migration, "INDEX", migration.INDEX.replace("CONCURRENTLY ", ""))
    with database.schema_editor() as editor:
        migration.make_index(apps, editor)


def is_indexed() -> bool:
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = %s", [INDEX])
        return bool(cursor.fetchone()[0])


@on_postgresql
@pytest.mark.usefixtures("indexed")
def test_the_index_answers() -> None:
    connections = make(Many(tenants=2, documents=20_000))
    rows = OrderSync.objects.filter(connection__in=Connection.objects.filter(pk__in=[c.pk for c in connections]))
    plan = with_part(rows, "S1-4321").explain()
    assert f"Bitmap Index Scan on {INDEX}" in plan, plan


@on_postgresql
def test_without_the_right_to_install_the_extension_the_search_goes_on(
    document: OrderSync, owner: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.cursor() as cursor:
        cursor.execute("DROP EXTENSION IF EXISTS pg_trgm CASCADE")
        cursor.execute("CREATE ROLE of_no_right")
        cursor.execute("SET ROLE of_no_right")
    with database.schema_editor() as editor:
        migration.make_index(apps, editor)
    with database.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert "permission denied to create extension" in capsys.readouterr().err
    assert not is_indexed()
    assert found(owner, "anna") == [document.order_id]


def test_another_database_than_postgresql_is_not_asked_for_an_index() -> None:
    editor = SimpleNamespace(connection=SimpleNamespace(vendor="sqlite"))
    migration.make_index(apps, editor)
    migration.drop_index(apps, editor)


def test_the_page_for_operators_has_the_statement_of_the_index() -> None:
    statement = " ".join(migration.INDEX.replace("IF NOT EXISTS ", "").split())
    assert f"{statement};" in " ".join(Path("docs/operating.md").read_text().split())
