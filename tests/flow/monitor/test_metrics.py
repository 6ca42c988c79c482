"""The figures of `/metrics`: each by itself, and neither statements nor series that grow with the rows."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connector.flow.clock import database_now
from connector.flow.monitor import tallies
from connector.flow.worker import sweep
from connector.models import (
    Alert,
    Connection,
    Delivery,
    Division,
    ExactGrant,
    OrderSync,
    RefusedDeliveries,
    Store,
    Worker,
)
from tests.acme import Acme
from tests.api.test_metrics import read, settle
from tests.bench.many_rows import Many, make
from tests.factories import ConnectionFactory, DeliveryFactory, OrderSyncFactory, SyncEventFactory

# Statements that PostgreSQL explains.
EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE")
# More would be one for each organisation, or each document.
MOST_STATEMENTS = 26


def explained(sql: str) -> str:
    """How PostgreSQL goes about a statement; nothing for those that begin or end a transaction."""
    if not sql.startswith(EXPLAINED):
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.django_db
class TestFigures:
    """Each figure by itself."""

    def test_documents_by_state_and_those_that_are_held_by_reason(self, client: Client) -> None:
        now = database_now()
        for state in ("pending", "waiting", "waiting", "uncertain"):
            OrderSyncFactory.create(state=state, next_attempt_at=now + timedelta(hours=1))
        for state in ("preparing", "posting", "posting", "awaiting_approval"):
            OrderSyncFactory.create(state=state)
        OrderSyncFactory.create_batch(2, held=True)
        OrderSyncFactory.create(state="blocked", reason="totals")
        OrderSyncFactory.create_batch(3, posted=True)
        found = read(client)
        states = {name.split('"')[1]: number for name, number in found.items() if "connector_documents{" in name}
        assert states == {
            "pending": 1,
            "preparing": 1,
            "awaiting_approval": 1,
            "posting": 2,
            "uncertain": 1,
            "waiting": 2,
            "posted": 3,
            "blocked": 3,
            "skipped": 0,
        }
        assert found['connector_documents_held{reason="mapping"}'] == 2
        assert found['connector_documents_held{reason="totals"}'] == 1

    def test_the_lag_is_that_of_a_document_that_only_waits_for_its_turn(self, client: Client) -> None:
        ago = database_now() - timedelta(hours=1)
        document = OrderSyncFactory.create(state="pending", next_attempt_at=ago)
        assert read(client)["connector_lane_lag_seconds"] == pytest.approx(3600, abs=60)
        later = database_now() + timedelta(hours=1)
        of = document.connection
        for model, pk, kept in (
            (Division, of.division_id, {"closed_until": later}),
            (Store, of.store_id, {"state": "reconnect"}),
            (ExactGrant, of.division.grant_id, {"state": "reconnect"}),
            (Connection, of.pk, {"mode": "off"}),
            (Connection, of.pk, {"schedule": "manual"}),
        ):
            rows = model._default_manager.filter(pk=pk)
            before = rows.values(*kept).get()
            rows.update(**kept)
            assert read(client)["connector_lane_lag_seconds"] == 0, kept
            rows.update(**before)

    def test_one_silent_worker_is_counted_while_others_are_seen(self, client: Client) -> None:
        now = database_now()
        for number, hours in enumerate((0, 0, 1)):
            Worker.objects.create(name=f"host-{number}/1/1", seen_at=now - timedelta(hours=hours))
        found = read(client)
        assert {state: found[f'connector_workers{{state="{state}"}}'] for state in ("seen", "silent")} == {
            "seen": 2,
            "silent": 1,
        }
        assert found["connector_worker_silent_seconds"] < 60

    def test_lanes_sides_and_the_lowest_budget(self, client: Client) -> None:
        later = database_now() + timedelta(hours=1)
        one, other = (each.division for each in ConnectionFactory.create_batch(2))
        Division.objects.filter(pk=one.pk).update(lease_until=later, day_calls_left=500, day_calls_limit=5000)
        Division.objects.filter(pk=one.pk).update(day_ends_at=later, woken_at=later)
        Division.objects.filter(pk=other.pk).update(closed_until=later, minute_calls_left=0, minute_calls_limit=60)
        ExactGrant.objects.filter(pk=other.grant_id).update(state="reconnect", refresh_expires_at=database_now())
        ExactGrant.objects.filter(pk=one.grant_id).update(refresh_expires_at=later)
        found = read(client)
        lanes = {what: found[f'connector_lanes{{what="{what}"}}'] for what in ("all", "working", "called", "closed")}
        assert lanes == {"all": 2, "working": 1, "called": 1, "closed": 1}
        assert found['connector_budget_left_ratio{window="exact_day"}'] == 0.1
        assert found['connector_budget_left_ratio{window="exact_minute"}'] == 1  # that minute is over
        assert found['connector_consents{state="reconnect"}'] == 1
        assert found["connector_token_runway_seconds"] == pytest.approx(3600, abs=60)

    def test_refused_webhooks_lower_the_share(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        settle(client, monkeypatch)
        store = DeliveryFactory.create().store
        DeliveryFactory.create_batch(2, store=store)
        DeliveryFactory.create(store=store, proof="poll")
        hour = database_now().replace(minute=0, second=0, microsecond=0)
        RefusedDeliveries.objects.create(store=store, hour=hour, status=401, count=1)
        RefusedDeliveries.objects.create(store=store, hour=hour - timedelta(hours=5), status=401, count=99)
        found = settle(client, monkeypatch)
        assert found['connector_webhooks_refused{status="401"}'] == 1
        assert found["connector_webhook_success_ratio"] == 0.75

    def test_alerts_whose_mail_has_not_left(self, client: Client) -> None:
        mailed, unmailed, nobody = (ConnectionFactory.create().store.tenant for _ in range(3))
        for tenant, addresses, sent in ((mailed, ["a@x.example"], True), (unmailed, ["b@x.example"], False)):
            type(tenant).objects.filter(pk=tenant.pk).update(alert_emails=addresses)
            Alert.objects.create(tenant=tenant, cause="x", text="x", mailed_at=database_now() if sent else None)
        Alert.objects.create(tenant=nobody, cause="x", text="x")
        found = read(client)
        assert (found["connector_alerts_open"], found["connector_alerts_unmailed"]) == (3, 1)


@pytest.mark.django_db
class TestScale:
    """Neither the statements nor the series grow with the rows."""

    def test_the_number_of_statements_is_bounded(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tallies, "SETTLED", timedelta(0))

        def statements() -> int:
            with CaptureQueriesContext(connection) as made:
                read(client)
            return len(made)

        def more(documents: int) -> None:
            for _ in range(documents):
                document = OrderSyncFactory.create(state="pending", next_attempt_at=database_now())
                SyncEventFactory.create(document=document, data={"upstream": "exact", "status": 200, "failed": False})
                DeliveryFactory.create(store=document.connection.store)
            read(client)

        read(client)
        more(1)
        few = statements()
        more(6)
        assert statements() == few <= MOST_STATEMENTS

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite explains no costs")
    def test_no_figure_and_no_sweep_reads_the_ledger_whole(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where most documents have ended, and some hundreds are due, wait or are held."""
        monkeypatch.setattr(tallies, "SETTLED", timedelta(0))
        make(Many(tenants=10, documents=20_000, due=4, waiting=4, rows=20, deliveries=1))
        read(client)  # begins
        sweep.sweep()  # tells what is held
        with CaptureQueriesContext(connection) as captured:
            read(client)
            sweep.sweep()
        assert len(captured) < 100
        for query in captured.captured_queries:
            plan = explained(query["sql"])
            assert "Seq Scan on connector_ordersync" not in plan, f"{query['sql']}\n{plan}"

    def test_no_series_is_of_one_tenant(self, acme: Acme) -> None:
        before = set(read(acme.client))
        other = OrderSyncFactory.create(held=True)
        Delivery.objects.create(store=other.connection.store, scope="x", proof="secret", signature="absent")
        assert set(read(acme.client)) == before
        series = " ".join(before)
        for name in (
            acme.store.store_hash,
            acme.store.name,
            acme.store.tenant.slug,
            str(acme.connection.division.code),
        ):
            assert name not in series
        assert len(before) < 120
        assert not re.search(r"\d{3}", re.sub(r'status="\d{3}"', "", series))
        assert OrderSync.objects.exists()
