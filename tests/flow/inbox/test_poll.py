"""The poll finds changes without a delivery since the first connection, with few calls and each change once."""

from datetime import date, timedelta
from email.utils import format_datetime
from threading import Event
from typing import Any

import pytest

from connector.flow.clock import database_now
from connector.flow.inbox import poll
from connector.flow.monitor import store_duties
from connector.models import Alert, Delivery, Division, OrderSync, Store
from connector.sandbox.bigcommerce import v2
from tests.acme import DIVISION, STORE, Acme


def store() -> Store:
    return Store.objects.select_related("tenant").get()


def change(acme: Acme, *order_ids: int, **fields: Any) -> None:
    """The merchant changes orders, and nothing is delivered."""
    for order_id in order_ids:
        acme.sandbox.stores.store(STORE).change(order_id, **(fields or {"staff_notes": "x"}))


def lists(acme: Acme) -> int:
    return acme.store_calls("*/v2/orders")


def test_an_order_without_a_delivery_becomes_an_invoice(acme: Acme) -> None:
    poll.poll(store())
    change(acme, 1001, 1002)
    assert poll.poll(store()) == 2
    acme.drain()
    assert {row.state for row in OrderSync.objects.all()} == {"posted"}
    assert OrderSync.objects.count() == 2


def test_it_begins_at_the_moment_of_connection_and_never_at_the_start_date(acme: Acme) -> None:
    acme.connection.start_date = date(2020, 1, 1)
    acme.connection.save()
    assert poll.poll(store()) == 0
    assert not Delivery.objects.exists()
    began = store().polled_from
    assert began is not None
    assert abs(began - acme.connection.created_at) < timedelta(seconds=3)


def test_its_marks_are_of_the_stores_own_clock(acme: Acme) -> None:
    acme.sandbox.stores.advance(-600)
    change(acme, 1001)
    assert poll.poll(store()) == 1
    acme.drain()
    assert poll.poll(store()) == 0


def test_a_quiet_store_costs_one_call(acme: Acme) -> None:
    poll.poll(store())
    before = acme.store_calls()
    poll.poll(store())
    assert acme.store_calls() - before == 1


def test_an_order_that_was_delivered_and_read_is_left_alone(acme: Acme) -> None:
    poll.poll(store())
    change(acme, 1001)
    acme.ring(1001)
    acme.drain()
    assert poll.poll(store()) == 0
    assert Delivery.objects.count() == 1


def test_what_is_still_to_be_read_is_left_alone(acme: Acme) -> None:
    poll.poll(store())
    change(acme, 1001)
    acme.ring(1001)
    Division.objects.update(closed_until=database_now() + timedelta(minutes=1))
    acme.drain()
    assert (acme.document(1001).state, poll.poll(store())) == ("pending", 0)


def test_a_change_after_posting_without_a_delivery_is_found(acme: Acme) -> None:
    change(acme, 1001)
    poll.poll(store())
    acme.drain()
    later = format_datetime(acme.sandbox.stores.now().replace(microsecond=0) + timedelta(seconds=5))
    change(acme, 1001, total_inc_tax="1.0000", date_modified=later)
    assert poll.poll(store()) == 1
    acme.drain()
    assert acme.document(1001).change_pending is True
    assert poll.poll(store()) == 1  # the change is newer than the order that was posted
    assert Delivery.objects.filter(proof="poll").count() == 2  # yet is put into the inbox once


def test_the_overlap_catches_what_showed_late(acme: Acme) -> None:
    change(acme, 1001)
    poll.poll(store())
    past = acme.sandbox.stores.now().replace(microsecond=0) - timedelta(seconds=1)
    change(acme, 1002, date_modified=format_datetime(past))
    Store.objects.update(polled_from=past - timedelta(minutes=1))
    poll.poll(store())
    assert set(Delivery.objects.values_list("order_id", flat=True)) == {1001, 1002}


def test_every_page_is_read_also_when_hundreds_changed_in_the_same_second(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.clients.bigcommerce.client._PAGE", 4)
    monkeypatch.setattr("connector.clients.bigcommerce.answers.SMALLEST_FULL_PAGE", 4)
    poll.poll(store())
    orders = sorted(acme.sandbox.stores.store(STORE).orders)[:19]
    now = acme.sandbox.stores.now().replace(microsecond=0)
    for place, order_id in enumerate(orders):
        change(acme, order_id, date_modified=format_datetime(now + timedelta(seconds=1 if place < 11 else place)))
    before = lists(acme)
    poll.poll(store())
    assert sorted(Delivery.objects.values_list("order_id", flat=True), key=str) == sorted(orders, key=str)
    assert lists(acme) - before < 12


def test_the_mark_stays_where_it_was_when_the_list_breaks_off(acme: Acme) -> None:
    poll.poll(store())
    change(acme, 1001)
    poll.poll(store())
    mark = store().polled_until
    acme.sandbox.stores.advance(60)
    change(acme, 1002)
    acme.sandbox.stores.faults.add("truncated", "GET", "*/v2/orders")
    assert store_duties.perform(store_duties.DUTIES[1], acme.store.pk) is False
    assert store().polled_until == mark
    Store.objects.update(polled_at=None)
    assert store_duties.perform(store_duties.DUTIES[1], acme.store.pk) is True
    assert Delivery.objects.filter(order_id=1002).exists()


def test_it_is_due_every_quarter_of_an_hour_and_at_start_up(acme: Acme) -> None:
    duty = store_duties.DUTIES[1]
    store_duties.look_after(Event())
    assert not store_duties.due(duty, database_now()).exists()
    assert store_duties.due(duty, database_now() + timedelta(minutes=15)).exists()
    store_duties.begin()
    assert store_duties.due(duty, database_now()).exists()


def test_after_an_outage_of_days_nothing_is_missing(acme: Acme) -> None:
    poll.poll(store())
    acme.sandbox.stores.advance(3 * 86_400)
    orders = [n for n, r in acme.sandbox.stores.store(STORE).orders.items() if r.kind == "plain"][:3] or [1001]
    change(acme, *orders)
    store_duties.begin()
    store_duties.look_after(Event())
    acme.drain()
    assert {acme.document(n).state for n in orders} == {"posted"}
    assert len(acme.sandbox.exact.invoices(DIVISION)) == len(orders)


def test_a_row_that_cannot_be_read_is_named_and_the_others_come_in(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    poll.poll(store())
    rows: list[Any] = [
        {"id": 1001, "date_modified": format_datetime(database_now())},
        {"id": 1002, "date_modified": ""},
        {"id": 1003, "date_modified": None},
        {"id": None, "date_modified": format_datetime(database_now())},
        None,
        {"id": 1004, "date_modified": format_datetime(database_now())},
    ]
    monkeypatch.setattr(v2, "_list", lambda store, query, stale: v2._rows(rows, query))
    assert poll.poll(store()) == 4
    assert set(Delivery.objects.values_list("order_id", flat=True)) == {1001, 1002, 1003, 1004}
    alert = Alert.objects.get(closed_at=None)
    for part in (
        "4 rows",
        "order 1002: date_modified is ''",
        "order 1003: date_modified is ''",
        "without an id: id is ''",
    ):
        assert part in alert.text, alert.text
    poll.poll(store())
    assert Delivery.objects.filter(order_id=1002).count() == 1
    monkeypatch.undo()
    poll.poll(store())
    assert not Alert.objects.filter(closed_at=None).exists()
