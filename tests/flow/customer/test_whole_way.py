"""A change on one side stands on the other: the vendor reports it, or the schedule finds it."""

from datetime import timedelta

import pytest

from connector.flow.clock import database_now
from connector.flow.customer.both_ways import subscription
from connector.flow.customer.runs import run as customer_run
from connector.flow.customer.runs import schedule
from connector.models import Connection, CustomerRun, Division, ExactDelivery, Store
from tests.acme import Acme
from tests.flow.customer.linked import Linked

NEW = "new@dijk.example"


@pytest.fixture
def pair(acme: Acme) -> Linked:
    """A linked pair that a person has pulled once, with nothing due; Exact sends when it is asked to."""
    acme.sandbox.exact.outbox.by_itself = False
    acme.sandbox.stores.store("nlshop1").customers.clear()
    Connection.objects.update(mode="live")
    pair = Linked(acme)
    acme.settle()
    finish(customer_run.start(acme.connection, None, "pull"))
    return pair


def finish(run: CustomerRun) -> None:
    """Let a worker do the whole run."""
    for _turn in range(9):
        customer_run.go_on(run.pk)
    run.refresh_from_db()
    assert run.state == "finished"


def subscribe(acme: Acme) -> None:
    """Exact has a subscription, whose handshake was answered."""
    division = Division.objects.select_related("grant__tenant").get(pk=acme.connection.division_id)
    subscription.look_after(division)
    assert deliver(acme) == [200]


def deliver(acme: Acme) -> list[int]:
    """Exact sends what waits to `POST /webhooks/exact/<uuid>/`; returns the statuses."""
    return acme.sandbox.exact.deliver(
        lambda url, body: acme.client.post(url.removeprefix("http://testserver"), body, "application/json").status_code
    )


def test_an_e_mail_changed_in_exact_comes_to_the_store_by_exacts_webhook(pair: Linked) -> None:
    subscribe(pair.acme)
    before = pair.writes()
    pair.change_exact(Email=NEW)
    assert deliver(pair.acme) == [200]
    assert pair.acme.drain()
    assert (pair.in_store()["email"], pair.writes() - before) == (NEW, 1)
    # What the store and Exact tell of our own write changes nothing.
    pair.acme.ring_of_customers()
    deliver(pair.acme)
    pair.acme.settle()
    assert pair.writes() - before == 1
    assert not ExactDelivery.objects.filter(processed_at=None).exists()


def test_without_a_webhook_it_comes_by_the_schedule(pair: Linked) -> None:
    pair.change_exact(Email=NEW)
    pair.acme.settle()
    assert pair.in_store()["email"] != NEW
    past = database_now() - timedelta(minutes=pair.acme.connection.customer_minutes)
    Store.objects.update(customers_read_at=past)
    CustomerRun.objects.update(created_at=past)
    assert schedule.begin() == 1
    finish(CustomerRun.objects.get(scheduled=True))
    assert pair.in_store()["email"] == NEW


def test_an_e_mail_changed_in_the_store_comes_to_exact_by_the_stores_hook(pair: Linked) -> None:
    pair.acme.sandbox.stores.store("nlshop1").take_news()
    pair.change_store(email=NEW)
    assert pair.acme.ring_of_customers() == [200]
    assert pair.acme.drain()
    assert pair.account()["Email"] == NEW
