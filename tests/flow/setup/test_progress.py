"""How far an organisation is with getting started. Only its rows decide."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.flow.clock import database_now
from connector.flow.setup import progress, rule_versions
from connector.flow.setup.progress import STEPS, StepState
from connector.models import Connection, FitRun, OrderSync
from tenants.models import Tenant
from tests.factories import (
    ConnectionFactory,
    DeliveryFactory,
    DivisionFactory,
    ExactGrantFactory,
    OrderSyncFactory,
    StoreFactory,
    TenantFactory,
)

RULES = {"rules": [{"priority": 1, "when": {}, "then": {"gl_account": "8000"}}], "vat": [], "payment_conditions": []}

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> Tenant:
    return TenantFactory.create()


def done(tenant: Tenant) -> list[str]:
    """Return the steps that are done."""
    return [step for step, state in progress.read(tenant).states.items() if state == StepState.DONE]


def consented(tenant: Tenant, **columns: Any) -> Any:
    """Return a consent that works."""
    now = database_now()
    columns = {"consented_at": now, "refresh_expires_at": now + timedelta(days=30), **columns}
    return ExactGrantFactory.create(tenant=tenant, **columns)


def connected(tenant: Tenant, **columns: Any) -> Connection:
    """Return a connection of two working sides."""
    store = StoreFactory.create(tenant=tenant)
    division = DivisionFactory.create(grant=consented(tenant), master_data_at=database_now())
    return ConnectionFactory.create(store=store, division=division, **{"mode": "shadow", **columns})


def test_nothing_is_done_at_first(tenant: Tenant) -> None:
    found = progress.read(tenant)
    assert tuple(found.states) == STEPS
    assert set(found.states.values()) == {StepState.TODO}
    assert found.due == "store"


def test_each_row_does_its_step(tenant: Tenant) -> None:
    store = StoreFactory.create(tenant=tenant)
    assert done(tenant) == ["store"]
    grant = consented(tenant)
    assert done(tenant) == ["store", "exact"]
    division = DivisionFactory.create(grant=grant, master_data_at=database_now())
    assert done(tenant) == ["store", "exact", "division"]
    connection = ConnectionFactory.create(store=store, division=division, mode="shadow")
    rule_versions.save_version(connection, RULES, author=None, note="")
    assert done(tenant) == ["store", "exact", "division", "mapping"]


def test_the_steps_after_the_mapping_follow_the_last_try_and_the_chosen_document(tenant: Tenant) -> None:
    connection = connected(tenant)
    rule_versions.save_version(connection, RULES, author=None, note="")
    kept = {"tenant": tenant, "connection": connection, "days": 30, "most": 500}
    FitRun.objects.create(**kept, rules=RULES, state="done")  # of draft rules: no step
    assert progress.read(tenant).due == "fit"
    run = FitRun.objects.create(**kept, due_at=database_now())
    for state, shown in (("running", "running"), ("trouble", "trouble"), ("stopped", "todo"), ("done", "done")):
        FitRun.objects.filter(pk=run.pk).update(state=state, due_at=database_now() if state == "running" else None)
        assert progress.read(tenant).states["fit"] == shown
    assert progress.read(tenant).due == "look"
    FitRun.objects.filter(pk=run.pk).update(looked_at=database_now())
    assert progress.read(tenant).due == "first"
    chosen = OrderSyncFactory.create(connection=connection, chosen_at=database_now())
    assert progress.read(tenant).states["first"] == "running"
    for fields, shown in (
        ({"state": "blocked", "reason": "mapping"}, "trouble"),
        ({"state": "posted", "reason": "", "exact_id": "there"}, "todo"),
        ({"chosen_at": None}, "done"),
    ):
        OrderSync.objects.filter(pk=chosen.pk).update(**fields)
        assert progress.read(tenant).states["first"] == shown
    assert progress.read(tenant).due == "live"


def test_a_connection_without_a_rule_in_force_is_not_mapped(tenant: Tenant) -> None:
    connection = connected(tenant)
    rule_versions.save_version(connection, RULES, author=None, note="")
    assert "mapping" in done(tenant)
    rule_versions.save_version(connection, rule_versions.NONE, author=None, note="")
    assert "mapping" not in done(tenant)


def test_a_step_is_due_when_those_before_it_are_done(tenant: Tenant) -> None:
    StoreFactory.create(tenant=tenant)
    found = progress.read(tenant)
    assert found.due == "exact"
    assert [step for step in STEPS if found.is_due(step)] == ["store", "exact"]


def test_a_side_that_no_longer_works_is_in_trouble(tenant: Tenant) -> None:
    StoreFactory.create(tenant=tenant, state="reconnect")
    consented(tenant, state="reconnect")
    states = progress.read(tenant).states
    assert (states["store"], states["exact"]) == (StepState.TROUBLE, StepState.TROUBLE)


def test_a_consent_that_was_never_given_is_to_do(tenant: Tenant) -> None:
    ExactGrantFactory.create(tenant=tenant, state="reconnect")
    assert progress.read(tenant).states["exact"] == StepState.TODO


def test_a_consent_that_works_counts_before_one_that_does_not(tenant: Tenant) -> None:
    ExactGrantFactory.create(tenant=tenant, state="reconnect")
    works = consented(tenant)
    assert progress.read(tenant).grant == works


def test_the_first_invoice_was_posted(tenant: Tenant) -> None:
    connection = connected(tenant)
    OrderSyncFactory.create(connection=connection)
    assert "first" not in done(tenant)
    OrderSyncFactory.create(connection=connection, posted=True)
    assert {"fit", "look", "first"} <= set(done(tenant))


def test_it_is_live_with_the_first_real_delivery(tenant: Tenant) -> None:
    connection = connected(tenant)
    DeliveryFactory.create(store=connection.store, proof="poll")
    assert progress.read(tenant).states["live"] == StepState.TODO
    Connection.objects.update(mode="live")
    assert progress.read(tenant).states["live"] == StepState.RUNNING
    DeliveryFactory.create(store=connection.store)
    assert progress.read(tenant).states["live"] == StepState.DONE
    Connection.objects.update(mode="off", paused_mode="live")
    assert progress.read(tenant).states["live"] == StepState.DONE


def test_the_connection_that_posts_counts_first(tenant: Tenant) -> None:
    connected(tenant)
    live = connected(tenant, mode="live")
    found = progress.read(tenant)
    assert (found.connection, found.store, found.division) == (live, live.store, live.division)


def test_another_organisations_rows_count_for_nothing(tenant: Tenant) -> None:
    connected(TenantFactory.create(), mode="live")
    assert done(tenant) == []


def test_it_takes_four_statements_and_loads_no_credentials(tenant: Tenant) -> None:
    for _ in range(3):
        connected(tenant)
    with CaptureQueriesContext(database) as captured:
        found = progress.read(tenant)
    assert len(captured) == 4
    assert found.store
    assert found.grant
    assert {"access_token", "client_secret"} <= found.store.get_deferred_fields() & found.grant.get_deferred_fields()
