"""`/metrics`: who may ask, what it costs, and that its figures are those of the installation, from any process."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from pytest_django.fixtures import Settings

from connector.flow.monitor import tallies
from tests.acme import Acme

TOKEN = {"Authorization": "Bearer token-for-the-monitor"}


def read(client: Client) -> dict[str, float]:
    """The samples by name and labels, as the text has them."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def settle(client: Client, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Read twice, so that what has happened counts as settled."""
    monkeypatch.setattr(tallies, "SETTLED", timedelta(0))
    read(client)
    return read(client)


@pytest.mark.django_db
class TestAccess:
    """The token, or this machine: tests/api/test_access.py has who it is."""

    def test_this_machine_may_ask_while_there_is_no_token(self, client: Client) -> None:
        answer = client.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert "no-store" in answer.headers["Cache-Control"]
        assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403

    def test_with_a_token_only_its_bearer_may(self, client: Client, settings: Settings) -> None:
        settings.METRICS_TOKEN = "token-for-the-monitor"
        assert client.get("/metrics", headers=TOKEN, REMOTE_ADDR="192.0.2.7").status_code == 200
        for wrong in ({}, {"Authorization": "Bearer é"}, {"Authorization": "token-for-the-monitor"}):
            refused = client.get("/metrics", headers=wrong)
            assert refused.status_code == 401
            assert refused.headers["WWW-Authenticate"] == "Bearer"
            assert b"connector_" not in refused.content

    def test_it_is_only_read_and_never_redirected(self, client: Client, settings: Settings) -> None:
        assert client.post("/metrics").status_code == 405
        settings.SECURE_SSL_REDIRECT = True
        assert client.get("/metrics").status_code == 200

    def test_a_database_that_is_away_is_a_503(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def away() -> None:
            raise DatabaseError("password=hunter2 does not open host db.example")

        monkeypatch.setattr("connector.api.metrics.figures", away)
        answer = client.get("/metrics")
        assert answer.status_code == 503
        assert b"hunter2" not in answer.content


def test_the_whole_way_of_an_order_is_counted(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(acme.client, monkeypatch)
    acme.ring(1001)
    waiting = read(acme.client)
    assert waiting["connector_deliveries_unread"] == 1
    acme.drain()
    found = settle(acme.client, monkeypatch)
    assert found["connector_deliveries_unread"] == 0
    assert found['connector_documents{state="posted"}'] == 1
    assert found['connector_deliveries_total{proof="secret"}'] == 1
    assert found['connector_document_moves_total{to="posted"}'] == 1
    assert found['connector_upstream_calls_total{outcome="ok",upstream="bigcommerce"}'] >= 1
    assert found['connector_upstream_calls_total{outcome="ok",upstream="exact"}'] >= 2
    assert found["connector_webhook_success_ratio"] == 1
    assert 0 < found['connector_budget_left_ratio{window="exact_day"}'] < 1
    assert found["connector_token_runway_seconds"] > 0
