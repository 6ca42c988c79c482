"""The first page: what needs a person, with few queries."""

import re

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.models import (
    MasterData,
)
from tenants.models import User
from tests.acme import Acme

HOME = reverse("admin:index")


def shown(client: Client) -> str:
    answer = client.get(HOME)
    assert answer.status_code == 200
    return str(answer.content.decode())


GROWING = ("connector_ordersync", "connector_delivery", "connector_syncevent")


class TestItsCost:
    """The page takes few queries, always the same number, and reads growing tables only by an index."""

    @pytest.mark.usefixtures("one_reading")
    def test_its_queries_do_not_grow_with_the_ledger(self, acme: Acme, owner: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(database) as captured:
                owner.get(HOME)
            return len(captured)

        acme.ring(1001)
        acme.drain()
        queries()  # the session's first request notes that it is in use
        few = queries()
        for order_id in (1012, 1017, 1018, 1019):
            acme.ring(order_id)
        acme.drain()
        assert queries() <= few <= 25

    @pytest.mark.skipif(database.vendor != "sqlite", reason="Reads SQLite's plans.")
    def test_no_query_reads_a_growing_table_whole_or_sorts_it(self, acme: Acme, owner: Client) -> None:
        MasterData.objects.filter(kind="vat_code", code="2").delete()
        acme.ring(1001)
        acme.drain()
        with CaptureQueriesContext(database) as captured:
            owner.get(HOME)
        asked = [query["sql"] for query in captured if any(f'"{table}"' in query["sql"] for table in GROWING)]
        assert len(asked) > 10
        for sql in asked:
            with database.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                plan = [row[3] for row in cursor.fetchall()]
            assert not [step for step in plan if step.startswith("SCAN") and step != "SCAN subquery"], (sql, plan)
            # Stores and connections are sorted by name; they are few.
            sorts = sum("TEMP B-TREE FOR ORDER BY" in step for step in plan)
            assert sorts <= sql.count('ORDER BY "connector_store"."name"'), (sql, plan)

    def test_every_list_of_documents_is_bounded(self, acme: Acme, owner: Client) -> None:
        acme.ring(1001)
        with CaptureQueriesContext(database) as captured:
            owner.get(HOME)
        lists = [q["sql"] for q in captured if re.search(r'FROM "connector_ordersync" (WHERE|INNER)', q["sql"])]
        assert lists
        assert all("LIMIT" in sql for sql in lists), lists


def test_nobody_sees_another_organisations_numbers(acme: Acme) -> None:
    stranger = User.objects.create_user("charlie@elsewhere.example", "charlie-has-a-password")
    acme.client.force_login(stranger)
    page = acme.client.get(reverse("admin:index"))
    assert acme.store.name not in page.content.decode()
