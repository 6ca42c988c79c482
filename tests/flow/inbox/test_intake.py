"""A delivery gives each connection of its store a row, or lets the row be looked at again."""

import pytest

from connector.flow.actions.change_decisions import leave_it
from connector.flow.clock import database_now
from connector.flow.inbox import intake
from connector.models import Connection, OrderSync
from tests.acme import Acme
from tests.factories import OrderSyncFactory


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
