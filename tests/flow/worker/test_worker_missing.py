"""When no worker is seen, those who run the installation are mailed once; and once when a worker is back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from connector.flow.clock import database_now
from connector.flow.worker import heartbeat, worker_missing
from connector.models import Worker
from tenants.models import User
from tests.factories import TenantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sue() -> User:
    """A person who runs the platform."""
    return User.objects.create_superuser("sue@platform.example")


def fall_silent() -> None:
    """A worker was seen last an hour ago."""
    heartbeat.beat()
    Worker.objects.update(seen_at=database_now() - timedelta(hours=1))


def subjects() -> list[str]:
    """The subjects of the mails since the last time."""
    found = [str(message.subject) for message in mail.outbox]
    mail.outbox.clear()
    return found


@pytest.mark.parametrize("address", ["/readyz", "/metrics"])
def test_a_missing_worker_is_mailed_once_and_so_is_its_return(sue: User, client: Client, address: str) -> None:
    fall_silent()
    for _ in range(3):
        client.get(address)
    assert [message.to for message in mail.outbox] == [["sue@platform.example"]]
    assert subjects() == ["ml-connector: The worker is silent"]
    assert client.get("/readyz").status_code == 503
    heartbeat.beat()
    worker_missing.look()
    worker_missing.look()
    assert subjects() == ["ml-connector: The worker is back"]
    assert client.get("/readyz").status_code == 200
    fall_silent()
    client.get(address)
    assert subjects() == ["ml-connector: The worker is silent"]


def test_nobody_is_mailed_while_a_worker_lives_or_none_was_ever_seen(sue: User, client: Client) -> None:
    client.get("/readyz")
    heartbeat.beat()
    client.get("/readyz")
    worker_missing.look()
    assert subjects() == []


def test_a_mail_that_does_not_leave_is_sent_later(sue: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def refuse(self: object, messages: object) -> int:
        tried.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    fall_silent()
    client.get("/readyz")
    assert client.get("/readyz").status_code == 503
    assert tried == [1]
    monkeypatch.undo()
    cache.delete(worker_missing.PAUSED)
    client.get("/readyz")
    assert subjects() == ["ml-connector: The worker is silent"]


def test_without_anybody_who_runs_the_platform_the_organisations_are_mailed() -> None:
    User.objects.create_superuser("gone@platform.example", is_active=False)
    TenantFactory.create(alert_emails=["a@acme.example", "b@acme.example"])
    TenantFactory.create(alert_emails=["a@acme.example"])
    TenantFactory.create()
    assert worker_missing.addresses() == ["a@acme.example", "b@acme.example"]


def test_one_silent_worker_of_three_is_mailed_once_by_those_that_work(sue: User) -> None:
    heartbeat.beat()
    Worker.objects.create(name="second/1/1", seen_at=database_now())
    Worker.objects.create(name="third/1/1", seen_at=database_now() - timedelta(hours=1))
    for _ in range(3):
        worker_missing.look()
    (message,) = mail.outbox
    assert "third/1/1" in message.body
    assert "second/1/1" not in message.body
    assert subjects() == ["ml-connector: A worker is silent"]
    Worker.objects.filter(name="third/1/1").update(seen_at=database_now())
    for _ in range(2):
        worker_missing.look()
    assert subjects() == ["ml-connector: No worker is silent"]


def test_the_last_that_falls_silent_is_mailed_too(sue: User, client: Client) -> None:
    heartbeat.beat()
    Worker.objects.create(name="second/1/1", seen_at=database_now() - timedelta(hours=1))
    client.get("/metrics")
    Worker.objects.update(seen_at=database_now() - timedelta(hours=1))
    client.get("/metrics")
    assert subjects() == ["ml-connector: A worker is silent", "ml-connector: The worker is silent"]
