"""A duty of one store that fails, however, never keeps the next store from its own."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest
from django.db import connection as database
from structlog.testing import capture_logs

from connector.flow.monitor import store_duties
from connector.models import Alert, Store
from connector.problems.alerts import kept_in_words
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db
DUTY = store_duties.DUTIES[1]
NAME = "Anna"


def endless() -> None:
    endless()


def full() -> None:
    raise MemoryError


def odd() -> None:
    raise ValueError(" ".join(["of", NAME]))


@pytest.mark.parametrize("fault", [endless, full, odd], ids=["endless", "full", "odd"])
def test_a_fault_at_one_store_is_logged_and_shown_and_the_next_one_is_looked_after(
    monkeypatch: pytest.MonkeyPatch, fault: Callable[[], None]
) -> None:
    first, second = (ConnectionFactory.create().store for _store in range(2))
    done: list[int] = []

    def act(store: Store) -> None:
        if store.pk == first.pk:
            fault()
        done.append(store.pk)

    monkeypatch.setattr(store_duties, "DUTIES", (replace(DUTY, act=act),))
    with capture_logs() as logs:
        assert store_duties.look_after(Event()) == 1
    assert done == [second.pk]
    (line,) = logs
    assert (line["event"], line["duty"], line["store"]) == ("store_not_looked_after", "poll", first.pk)
    assert NAME not in str(line)
    alert = Alert.objects.get()
    assert (alert.tenant, alert.cause) == (first.tenant, f"store:{first.pk}:poll")
    assert f"A fault of this program: {line['error']}." in kept_in_words(alert)
    assert NAME not in alert.text


def test_a_credential_that_cannot_be_read_is_shown_at_its_store(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (ConnectionFactory.create(store__access_token="token").store for _store in range(2))
    done: list[int] = []

    def act(store: Store) -> None:
        assert store.access_token
        done.append(store.pk)

    monkeypatch.setattr(store_duties, "DUTIES", (replace(DUTY, act=act),))
    with database.cursor() as cursor:
        cursor.execute("UPDATE connector_store SET access_token = 'gAAAA' WHERE id = %s", [first.pk])
    assert store_duties.look_after(Event()) == 1
    assert done == [second.pk]
    assert "cannot be decrypted" in Alert.objects.get().text


def test_a_fault_that_is_over_closes_its_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    ConnectionFactory.create()
    monkeypatch.setattr(store_duties, "DUTIES", (replace(DUTY, act=lambda store: odd()),))
    store_duties.look_after(Event())
    store_duties.begin()
    monkeypatch.setattr(store_duties, "DUTIES", (replace(DUTY, act=lambda store: None),))
    store_duties.look_after(Event())
    assert Alert.objects.get().closed_at is not None
