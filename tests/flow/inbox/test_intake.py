"""A store with two connections: each order has a row in both, and an invoice in one."""

from connector.models import Connection, OrderSync
from tests.acme import Acme


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
