"""A step of the sweep that fails keeps no other from its turn, and no organisation the next one."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from structlog.testing import capture_logs

from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.consent import keep_alive
from connector.flow.monitor import unfinished
from connector.flow.worker import supervisor, sweep
from connector.models import Alert, ExactGrant, OrderSync
from tenants.models import Tenant
from tests.factories import ExactGrantFactory, OrderSyncFactory

pytestmark = pytest.mark.django_db
RAISE = alerts.raise_alert


def odd() -> None:
    raise ValueError


def raise_for_none_of(struck: Tenant) -> Any:
    def raise_alert(tenant: Tenant, *given: Any, **more: Any) -> None:
        if tenant == struck:
            odd()
        RAISE(tenant, *given, **more)

    return raise_alert


def test_a_step_that_fails_keeps_no_other_from_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(sweep, "STEPS", (odd, lambda: done.append("next")))
    with capture_logs() as logs:
        sweep.sweep()
    assert done == ["next"]
    assert [(line["event"], line["step"]) for line in logs] == [("sweep_step_failed", f"{odd.__module__}.odd")]


def test_a_task_of_the_worker_that_fails_does_not_end_it() -> None:
    with capture_logs() as logs:
        supervisor._at_the_database(odd)
    assert [(line["event"], line["task"]) for line in logs] == [("worker_task_failed", f"{__name__}.odd")]


def test_an_organisation_that_gets_no_alert_keeps_no_other_from_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (OrderSyncFactory.create(state="preparing") for _document in range(2))
    OrderSync.objects.update(created_at=database_now() - timedelta(hours=25))
    cache.clear()
    monkeypatch.setattr(alerts, "raise_alert", raise_for_none_of(first.connection.store.tenant))
    with capture_logs() as logs:
        unfinished.look_after()
    assert Alert.objects.get().tenant == second.connection.store.tenant
    assert [line["event"] for line in logs] == ["documents_not_reported"]


def test_a_consent_that_cannot_be_warned_of_keeps_no_other_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = database_now()
    first, second = (ExactGrantFactory.create() for _grant in range(2))
    ExactGrant.objects.update(refresh_expires_at=now + timedelta(days=2), kept_alive_at=now)
    monkeypatch.setattr(alerts, "raise_alert", raise_for_none_of(first.tenant))
    with capture_logs() as logs:
        keep_alive.look_after()
    assert Alert.objects.get().tenant == second.tenant
    assert [line["event"] for line in logs] == ["consent_not_warned_of"]
