"""A delivery gives each connection of its store a row, or lets the row be looked at again."""

import re

import pytest
from django.db import OperationalError
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.flow.actions.change_decisions import leave_it
from connector.flow.clock import database_now
from connector.flow.customer.copies import store_copy
from connector.flow.inbox import intake
from connector.flow.outbound.clients import store_client
from connector.flow.pipeline import run_lane
from connector.models import Connection, Delivery, OrderSync, StoreCustomer
from tests.acme import STORE, Acme
from tests.factories import DeliveryFactory, OrderSyncFactory


def test_an_order_that_was_posted_to_one_division_is_held_in_another(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    file = {**acme.file, "exact": [{**acme.file["exact"][0], "divisions": [100001, 200002]}]}
    (old,) = acme.file["connections"]
    new = {"store": "nlshop1", "division": 200002, "mode": "live", "journal": "70", "start_date": "2026-01-01"}
    acme.provision({**file, "connections": [{**old, "mode": "off"}, new]})
    acme.ring(1001, "store/order/updated")
    acme.drain()
    second = OrderSync.objects.get(order_id=1001, division__code=200002)
    assert (second.state, second.reason) == ("blocked", "duplicate")
    assert "100001" in second.message
    assert acme.sandbox.exact.invoices(200002) == []


def test_a_shadow_connection_shows_what_the_live_one_posts(acme: Acme) -> None:
    file = {**acme.file, "exact": [{**acme.file["exact"][0], "divisions": [100001, 200002]}]}
    (live,) = acme.file["connections"]
    shadow = {"store": "nlshop1", "division": 200002, "mode": "shadow", "journal": "70", "start_date": "2026-01-01"}
    acme.provision({**file, "connections": [live, shadow]})
    acme.ring(1001)
    acme.drain()
    assert Connection.objects.count() == 2
    assert OrderSync.objects.get(division__code=100001).state == "posted"
    assert OrderSync.objects.get(division__code=200002).state in {"skipped", "blocked"}
    assert acme.sandbox.exact.invoices(200002) == []


@pytest.mark.parametrize(("state", "attempts"), [("posted", 0), ("uncertain", 7)])
def test_a_delivery_lets_the_looks_begin_again_and_not_the_attempts_to_post(
    acme: Acme, state: str, attempts: int
) -> None:
    next_step = {"next_attempt_at": database_now()} if state == "uncertain" else {"exact_id": "an-id"}
    OrderSyncFactory.create(connection=acme.connection, order_id=1001, state=state, attempts=7, **next_step)
    acme.ring(1001)
    intake.take_in(acme.connection.division_id)
    document = acme.document(1001)
    assert document.recheck_at is not None
    assert document.attempts == attempts


def test_a_decision_lets_the_looks_begin_again(db: None) -> None:
    made = OrderSyncFactory.create(posted=True, attempts=7, change_pending=True)
    leave_it(made, None, "as agreed")
    assert OrderSync.objects.get().attempts == 0


def test_a_customer_that_was_reported_is_due_and_nothing_else_is_known_of_it(acme: Acme) -> None:
    store = acme.sandbox.stores.store(STORE)
    jo = store.add_customer(email="jo@shopper.example", addresses=[{"city": "Delft"}])["id"]
    assert acme.ring_of_customers() == [200, 200]
    assert set(Delivery.objects.values_list("order_id", "customer_id")) == {(None, jo)}
    assert intake.take_in(acme.connection.division_id) == 0
    assert intake.take_in_customers(acme.connection.division_id) == 2
    row = StoreCustomer.objects.get()
    assert (row.customer_key, row.email, row.read_at) == (str(jo), "", None)
    assert row.due_at is not None
    assert not Delivery.objects.filter(processed_at=None).exists()
    assert not OrderSync.objects.exists()


def test_a_known_customer_becomes_due_and_keeps_what_is_known(acme: Acme) -> None:
    store = acme.sandbox.stores.store(STORE)
    jo = store.add_customer(email="jo@shopper.example")["id"]
    store.delete_customer(jo)
    StoreCustomer.objects.create(store=acme.store, customer_key=str(jo), email="jo@shopper.example", vat_number="NL1")
    acme.ring_of_customers()
    with CaptureQueriesContext(database) as captured:
        intake.take_in_customers(acme.connection.division_id)
    row = StoreCustomer.objects.get()
    assert (row.email, row.vat_number) == ("jo@shopper.example", "NL1")
    assert row.due_at is not None
    assert row.deleted_at is None  # only the store says so
    assert len([query for query in captured if "connector_storecustomer" in query["sql"]]) == 1
    store_copy.read_with_ids(acme.store, store_client(acme.store), [str(jo)])
    gone = StoreCustomer.objects.get()
    assert gone.deleted_at is not None
    assert gone.due_at is None


def test_where_customers_are_not_carried_over_nobody_becomes_due(acme: Acme) -> None:
    Connection.objects.update(customer_direction="none")
    acme.sandbox.stores.store(STORE).add_customer(email="jo@shopper.example")
    assert acme.ring_of_customers() == [200]
    assert intake.take_in_customers(acme.connection.division_id) == 1
    assert not StoreCustomer.objects.exists()


def test_a_fault_of_the_customers_leaves_the_orders_taken_in_and_posted(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deadlock(customers: object, now: object) -> None:
        raise OperationalError

    acme.sandbox.stores.store(STORE).add_customer(email="jo@shopper.example")
    acme.ring_of_customers()
    acme.ring(1001)
    with monkeypatch.context() as patched:
        patched.setattr(intake, "_customers_are_due", deadlock)
        assert run_lane.drain_lane(acme.connection.division_id) == 1
        with pytest.raises(OperationalError):
            run_lane.drain_lane(acme.connection.division_id)
    assert acme.document(1001).state == "posted"
    assert Delivery.objects.get(processed_at=None).customer_id is not None
    run_lane.drain_lane(acme.connection.division_id)
    assert not Delivery.objects.filter(processed_at=None).exists()


def test_customers_are_locked_in_the_order_in_which_a_read_of_them_locks_them(acme: Acme) -> None:
    for number in (900009, 9000010, 90000100):
        DeliveryFactory.create(store=acme.store, order_id=None, customer_id=number)
    with CaptureQueriesContext(database) as captured:
        intake.take_in_customers(acme.connection.division_id)
    (insert,) = [each["sql"] for each in captured if each["sql"].startswith('INSERT INTO "connector_storecustomer"')]
    assert re.findall(r"90+(?:9|100?)\b", insert) == ["9000010", "90000100", "900009"]
