"""The hooks are checked every hour. A wrong hook is repaired, or an alert is made."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from connector.clients.errors import ClientError
from connector.flow.actions.connections import rotate_hook_secret
from connector.flow.actions.transaction import NotPossible
from connector.flow.clock import database_now
from connector.flow.inbox import webhooks
from connector.flow.monitor import store_duties
from connector.flow.pipeline import run_lane
from connector.models import Alert, Delivery, Division, OrderSync, Store, SyncEvent
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import body_of
from tests.acme import STORE, Acme

Hook = dict[str, Any]
HOOKS, POLL = store_duties.DUTIES[:2]


def look_after() -> None:
    store_duties.look_after(Event())


def an_hour_later() -> None:
    Store.objects.update(hooks_tried_at=database_now() - timedelta(hours=1))


def known(acme: Acme) -> list[Hook]:
    return list(acme.sandbox.stores.store(STORE).hooks.values())


def in_order(acme: Acme) -> bool:
    acme.store.refresh_from_db()
    found = {
        hook["scope"]: (hook["destination"], hook["is_active"], hook["headers"]["X-Connector-Secret"])
        for hook in known(acme)
    }
    wanted = (webhooks.address(acme.store), True, acme.store.hook_secret)
    return found == dict.fromkeys(webhooks.SCOPES, wanted) and len(known(acme)) == len(webhooks.SCOPES)


WRONG: dict[str, Callable[[Acme], object]] = {
    "is missing": lambda acme: acme.sandbox.stores.store(STORE).hooks.pop(known(acme)[0]["id"]),
    "is switched off": lambda acme: known(acme)[0].update(is_active=False),
    "delivers to another address": lambda acme: known(acme)[0].update(
        destination=known(acme)[0]["destination"].replace("testserver", "former.example")
    ),
    "does not have this store's secret": lambda acme: known(acme)[0].update(headers={"X-Connector-Secret": "old"}),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_hooks_are_repaired_within_the_hour_reported_and_the_store_is_polled(acme: Acme, what: str) -> None:
    look_after()
    WRONG[what](acme)
    acme.sandbox.stores.store(STORE).change(1001, status_id=10)  # there was no delivery
    look_after()
    assert not in_order(acme)
    an_hour_later()
    look_after()
    assert in_order(acme)
    assert what in SyncEvent.objects.get(kind="action").text
    acme.drain()
    assert acme.document(1001).state == "posted"


def test_a_second_hook_at_a_former_address_goes(acme: Acme) -> None:
    store = acme.sandbox.stores.store(STORE)
    store.hooks[99] = {**known(acme)[0], "id": 99, "destination": known(acme)[0]["destination"].replace("test", "b")}
    store.hooks[98] = {**known(acme)[0], "id": 98, "destination": "https://another-app.example/hook/"}
    look_after()
    assert 99 not in store.hooks
    assert 98 in store.hooks


def test_hooks_that_cannot_be_repaired_make_one_alert_which_closes_later(acme: Acme) -> None:
    acme.sandbox.stores.store(STORE).hooks.clear()
    acme.sandbox.stores.faults.add("403:scope", "POST", "*hooks*", times=2)
    look_after()
    for _ in range(2):
        an_hour_later()
        look_after()
    (alert,) = Alert.objects.all()
    assert "could not be repaired" in alert.text
    assert alert.closed_at is not None
    assert in_order(acme)


def test_a_store_that_is_away_for_a_moment_makes_no_alert(acme: Acme) -> None:
    acme.sandbox.stores.faults.add("503_html", times=1)
    look_after()
    assert not Alert.objects.exists()
    tried = Store.objects.get().hooks_tried_at
    assert tried is not None
    assert tried + store_duties.HOUR - database_now() <= store_duties.RETRY_AFTER


def test_a_store_that_is_away_for_hours_makes_an_alert(acme: Acme) -> None:
    look_after()
    Store.objects.update(hooks_checked_at=database_now() - timedelta(hours=4), hooks_tried_at=None)
    acme.sandbox.stores.faults.add("503_html", times=-1)
    look_after()
    assert Alert.objects.filter(closed_at=None, cause__endswith=":hooks").exists()


def test_a_dead_token_puts_the_store_into_reconnect(acme: Acme) -> None:
    acme.sandbox.stores.faults.add("401", times=1)
    look_after()
    assert Store.objects.get().state == "reconnect"
    before = acme.store_calls()
    an_hour_later()
    look_after()
    assert acme.store_calls() == before


def test_of_two_workers_one_does_it(acme: Acme) -> None:
    assert store_duties.perform(HOOKS, acme.store.pk) is True
    assert store_duties.perform(HOOKS, acme.store.pk) is False


def test_a_connection_that_is_off_makes_no_call(acme: Acme) -> None:
    acme.connection.mode = "off"
    acme.connection.save()
    before = acme.store_calls()
    look_after()
    assert acme.store_calls() == before


class TestTheSecret:
    """It is replaced while deliveries are on their way."""

    def test_deliveries_with_either_are_taken_until_none_with_the_old_one_can_come(self, acme: Acme) -> None:
        old = acme.store.hook_secret
        rotate_hook_secret(acme.store, None, "it leaked")
        assert in_order(acme)
        assert acme.store.hook_secret != old
        assert acme.ring(1001) == 200
        acme.store.hook_secret = old
        assert acme.ring(1002) == 200
        acme.store.refresh_from_db()
        until = acme.store.hook_secret_previous_until
        assert until is not None
        assert until - database_now() <= webhooks.REPEATS
        Store.objects.update(hook_secret_previous_until=database_now() - timedelta(milliseconds=2))
        acme.store.hook_secret = old
        assert acme.ring(1012) == 401

    def test_hooks_that_do_not_take_it_at_once_do_at_the_next_check(self, acme: Acme) -> None:
        old = acme.store.hook_secret
        acme.sandbox.stores.faults.add("503_html", "PUT", "*hooks*")
        with pytest.raises(NotPossible, match="Both are good"):
            rotate_hook_secret(acme.store, None, "it leaked")
        acme.store.hook_secret = old
        assert acme.ring(1001) == 200
        an_hour_later()
        look_after()
        assert in_order(acme)


@pytest.mark.parametrize("trouble", ["store", "grant", "off"])
def test_authentic_deliveries_are_taken_whatever_else_is_broken(acme: Acme, trouble: str, client: Client) -> None:
    if trouble == "store":
        Store.objects.update(state="reconnect")
    elif trouble == "grant":
        acme.connection.division.grant.state = "reconnect"
        acme.connection.division.grant.save()
    else:
        acme.connection.mode = "off"
        acme.connection.save()
    for order_id in (1001, 1001, 1002):
        assert acme.ring(order_id) == 200
    acme.drain()
    assert OrderSync.objects.filter(state="pending").count() == 2


def test_a_store_that_floods_is_heard_and_keeps_no_other_tenant_waiting(acme: Acme, sandbox: Sandbox) -> None:
    file = sandbox.provision_file(password="somebody-has-a-password")
    file["tenant"] = {**file["tenant"], "slug": "rival", "name": "Rival"}
    file["users"] = []
    file["stores"] = [one for one in file["stores"] if one["store_hash"] == "frshop1"]
    file["connections"] = [one for one in file["connections"] if one["store"] == "frshop1"]
    file["exact"][0] |= {"name": "rival", "divisions": [200002]}
    acme.provision(file)
    assert {acme.ring(order_id) for order_id in range(100_000, 100_300)} == {200}
    rival = Store.objects.get(store_hash="frshop1")
    order_id = min(sandbox.stores.store("frshop1").orders)
    body = body_of("frshop1", "1000001", order_id, "store/order/created", at=1_700_000_000)
    secret = {"X-Connector-Secret": rival.hook_secret}
    address = reverse("bigcommerce-webhook", args=[rival.webhook_uuid])
    assert acme.client.post(address, body, content_type="application/json", headers=secret).status_code == 200
    run_lane.drain_lane(Division.objects.get(code=200002).pk)
    assert OrderSync.objects.get().state == "posted"
    assert Delivery.objects.filter(processed_at=None).count() == 300


def test_a_hook_that_cannot_be_read_is_named_and_the_others_are_repaired(acme: Acme) -> None:
    """It may be ours, and BigCommerce refuses a second one at the same address."""
    odd, wrong = known(acme)[:2]
    number, odd["id"], wrong["is_active"] = odd["id"], "one", False
    webhooks.repair(acme.store)
    assert acme.sandbox.stores.store(STORE).hooks[wrong["id"]]["is_active"]
    assert len(known(acme)) == len(webhooks.SCOPES)
    assert "webhooks cannot be read, so they were left out: row one" in Alert.objects.get(closed_at=None).text
    acme.sandbox.stores.store(STORE).hooks.pop(number)
    webhooks.repair(acme.store)
    assert not Alert.objects.filter(closed_at=None).exists()
    assert in_order(acme)


def refuse_customers(acme: Acme, kind: str = "403:scope", times: int = -1) -> None:
    acme.sandbox.stores.faults.add(kind, "POST", "*hooks*", times=times, body="store/customer")


def scopes(acme: Acme) -> set[str]:
    return {hook["scope"] for hook in known(acme)}


@pytest.mark.parametrize("kind", ["403:scope", "400:Nee"])
def test_refused_hooks_of_customers_make_one_alert_and_those_of_orders_stay(acme: Acme, kind: str) -> None:
    acme.sandbox.stores.store(STORE).hooks.clear()
    refuse_customers(acme, kind)
    for _time in range(2):
        an_hour_later()
        look_after()
    assert scopes(acme) == set(webhooks.OF_ORDERS)
    (alert,) = Alert.objects.filter(closed_at=None)
    assert "that report customers" in alert.text
    acme.sandbox.stores.faults.clear()
    an_hour_later()
    look_after()
    assert in_order(acme)
    assert not Alert.objects.filter(closed_at=None).exists()


def test_while_customers_are_refused_the_former_secret_is_taken_as_long_as_before(acme: Acme) -> None:
    rotate = acme.sandbox.stores.faults.add("403:scope", "PUT", "*hooks*", times=-1)
    rotate.skip = len(webhooks.OF_ORDERS)
    rotate_hook_secret(acme.store, None, "it leaked")
    until = Store.objects.get().hook_secret_previous_until
    assert until is not None
    assert until - database_now() > webhooks.REPEATS


def test_a_store_that_goes_away_between_keeps_the_hooks_of_orders(acme: Acme) -> None:
    acme.sandbox.stores.store(STORE).hooks.clear()
    refuse_customers(acme, "503_html")
    with pytest.raises(ClientError):
        webhooks.repair(acme.store)
    assert scopes(acme) == set(webhooks.OF_ORDERS)


def test_no_hook_is_left_at_a_store_that_is_not_saved(acme: Acme) -> None:
    acme.sandbox.stores.store(STORE).hooks.clear()
    refuse_customers(acme, "503_html")
    unsaved = Store(store_hash=STORE, access_token=acme.store.access_token, hook_secret=acme.store.hook_secret)
    with pytest.raises(ClientError):
        webhooks.repair(unsaved)
    assert known(acme) == []
