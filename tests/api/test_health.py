"""Health checks: alive, ready, and details only for requests with the right to see them."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from connector.flow.clock import database_now
from connector.flow.worker import heartbeat
from connector.models import Worker
from tests.factories import OrderSyncFactory


def test_the_process_is_alive(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_it_is_ready_when_the_database_answers_and_no_work_is_old(db: None, client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": True, "broker": True, "workers": True, "silent": []}


def test_it_is_not_ready_while_due_work_grows_old(db: None, client: Client) -> None:
    long_ago = database_now() - timedelta(hours=1)
    OrderSyncFactory.create(state="pending", next_attempt_at=long_ago)
    assert client.get("/readyz").status_code == 503


def test_a_silent_worker_is_named_while_another_does_the_work(db: None, client: Client) -> None:
    heartbeat.beat()
    Worker.objects.create(name="another/1/2", seen_at=database_now() - timedelta(hours=1))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["silent"]) == (200, ["another/1/2"])


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"X-Forwarded-For": "127.0.0.1"}])
def test_others_see_only_whether_it_is_ready(
    db: None, client: Client, settings: Settings, header: dict[str, str]
) -> None:
    settings.METRICS_TOKEN = "token-for-the-monitor"
    assert client.get("/readyz", headers=header).json() == {"status": "ok"}
    allowed = client.get("/readyz", headers={"Authorization": "Bearer token-for-the-monitor"})
    assert allowed.json()["database"] is True


def test_health_checks_are_never_redirected_to_https(db: None, client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/").status_code == 301
