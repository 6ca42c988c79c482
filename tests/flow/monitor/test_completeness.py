"""checkledger: every order that changed since the connection has a row, and every row a next step or an end."""

import json
from datetime import timedelta
from io import StringIO
from threading import Event
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connector.flow.clock import database_now
from connector.flow.monitor import store_duties
from connector.models import Alert, Delivery, Division, OrderSync, Store
from tests.acme import STORE, Acme

LEDGER = store_duties.DUTIES[2]


def checked(acme: Acme) -> tuple[bool, dict[str, Any]]:
    """The exit code's meaning, and what was printed."""
    out = StringIO()
    try:
        call_command("checkledger", "--tenant", acme.store.tenant.slug, "--json", stdout=out, stderr=StringIO())
    except CommandError:
        return False, json.loads(out.getvalue())
    return True, json.loads(out.getvalue())


def change(acme: Acme, *order_ids: int) -> None:
    for order_id in order_ids:
        acme.sandbox.stores.store(STORE).change(order_id, staff_notes="x")


def test_a_ledger_with_every_order_in_its_end_is_complete(acme: Acme) -> None:
    change(acme, 1001, 1002)
    acme.ring(1001)
    acme.ring(1002)
    acme.drain()
    nothing: list[object] = []
    assert checked(acme) == (
        True,
        {"orders": 2, "documents": 2, "complete": True, "missing": nothing, "stuck": nothing, "unread": nothing},
    )


def test_orders_from_before_the_connection_are_not_missed(acme: Acme) -> None:
    assert checked(acme)[1]["orders"] == 0


def test_an_order_without_a_row_is_named(acme: Acme) -> None:
    change(acme, 1001, 1002)
    acme.ring(1001)
    acme.drain()
    well, report = checked(acme)
    assert not well
    (missing,) = report["missing"]
    assert (missing["order_id"], missing["store"], missing["division"]) == ("1002", STORE, "100001")
    assert (report["orders"], report["documents"], report["complete"]) == (2, 1, False)


@pytest.mark.parametrize(("state", "facts"), [("preparing", {}), ("pending", {"next_attempt_at": 0})])
def test_a_row_that_stands_still_is_named(acme: Acme, state: str, facts: dict[str, object]) -> None:
    acme.ring(1001)
    acme.drain()
    long_ago = database_now() - timedelta(hours=1)
    due = long_ago if facts else None
    OrderSync.objects.update(state=state, exact_id="", updated_at=long_ago, next_attempt_at=due)
    well, report = checked(acme)
    assert not well
    assert [(row["order_id"], row["state"]) for row in report["stuck"]] == [("1001", state)]


def test_a_row_that_waits_for_a_closed_lane_has_its_next_step(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    long_ago = database_now() - timedelta(hours=1)
    OrderSync.objects.update(state="pending", exact_id="", updated_at=long_ago, next_attempt_at=long_ago)
    Division.objects.update(closed_until=database_now() + timedelta(hours=1))
    assert checked(acme)[0]


def test_an_unread_delivery_is_named(acme: Acme) -> None:
    acme.ring(1001)
    Delivery.objects.update(received_at=database_now() - timedelta(hours=1))
    assert checked(acme)[1]["stuck"] == [{"order_id": "1001", "store": STORE, "state": "unread", "text": "not read"}]


def test_a_store_that_does_not_answer_is_not_complete(acme: Acme) -> None:
    acme.sandbox.stores.faults.add("503_html", times=-1)
    well, report = checked(acme)
    assert not well
    assert report["unread"][0]["store"] == STORE


def test_once_a_day_the_worker_checks_takes_in_what_is_missing_and_tells(acme: Acme) -> None:
    store_duties.look_after(Event())
    change(acme, 1001)
    Delivery.objects.create(store=acme.store, webhook_id="poll:1001:1", scope="poll", proof="poll", order_id=1001)
    Delivery.objects.update(processed_at=database_now())  # it came, and its row got lost
    Store.objects.update(ledger_checked_at=None)
    assert store_duties.perform(LEDGER, acme.store.pk)
    alert = Alert.objects.get(closed_at=None)
    assert "1 orders had no row" in alert.text
    acme.drain()
    assert acme.document(1001).state == "posted"
    Store.objects.update(ledger_checked_at=database_now() - timedelta(days=1))
    assert store_duties.perform(LEDGER, acme.store.pk)
    assert not Alert.objects.filter(closed_at=None).exists()
