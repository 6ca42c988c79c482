"""A number that Exact gives only at printing is read later, many at a time."""

from datetime import timedelta
from uuid import uuid4

import pytest

from connector.flow.clock import database_now
from connector.flow.invoice import numbers
from connector.flow.pipeline import run_lane
from connector.flow.worker import sweep
from connector.models import Division, OrderSync
from tests.acme import Acme
from tests.factories import OrderSyncFactory


def printed_long_ago(acme: Acme) -> None:
    printed(acme)
    assert {document.exact_number for document in OrderSync.objects.all()} == {""}
    ago(minutes=11)
    Division.objects.update(woken_at=None)  # a worker has taken the wake-ups of the deliveries


def printed(acme: Acme) -> None:
    acme.connection.journal = "71"  # numbers at printing
    acme.connection.save()
    acme.ring(1001)
    acme.ring(1017)
    acme.drain()


def ago(**time: int) -> None:
    """Say that the documents were printed so long ago."""
    OrderSync.objects.update(posted_at=database_now() - timedelta(**time))


def calls_of_a_turn(acme: Acme) -> int:
    before = acme.exact_calls()
    run_lane.drain_lane(acme.connection.division_id)
    return acme.exact_calls() - before


def test_missing_numbers_are_read_in_one_call(acme: Acme) -> None:
    printed_long_ago(acme)
    before = acme.exact_calls()
    assert sweep.sweep() == 1
    run_lane.drain_lane(acme.connection.division_id)
    assert acme.exact_calls() - before == 1
    for order_id in (1001, 1017):
        assert acme.document(order_id).exact_number == str(acme.invoice(order_id)["InvoiceNumber"])
    assert sweep.sweep() == 0


def test_a_failed_look_is_not_repeated_at_once(acme: Acme) -> None:
    printed_long_ago(acme)
    acme.sandbox.exact.faults.add("503_html", "GET", "*SalesInvoices*")
    run_lane.drain_lane(acme.connection.division_id)
    before = acme.exact_calls()
    run_lane.drain_lane(acme.connection.division_id)
    assert acme.exact_calls() == before
    Division.objects.update(numbers_read_at=database_now() - timedelta(minutes=11))
    run_lane.drain_lane(acme.connection.division_id)
    assert acme.document(1001).exact_number


def test_a_number_is_read_within_two_minutes_of_printing(acme: Acme) -> None:
    """The sweep looks once a minute, and what was printed in the last minute waits for company."""
    printed(acme)
    ago(seconds=50)
    assert (numbers.lanes(database_now()), calls_of_a_turn(acme)) == ([], 0)
    ago(seconds=61)
    assert numbers.lanes(database_now()) == [acme.connection.division_id]
    assert calls_of_a_turn(acme) == 1
    assert acme.document(1001).exact_number


def test_twenty_are_read_at_once_in_one_call(acme: Acme) -> None:
    printed(acme)
    for order_id in range(1, numbers.MANY - 1):
        OrderSyncFactory.create(connection=acme.connection, order_id=order_id, posted=True, exact_id=str(uuid4()))
    OrderSync.objects.update(posted_at=database_now())
    assert calls_of_a_turn(acme) == 1
    assert acme.document(1017).exact_number


def test_what_had_no_number_is_asked_for_again_where_a_call_has_room_or_after_ten_minutes(acme: Acme) -> None:
    printed(acme)
    ago(minutes=3)
    Division.objects.update(numbers_read_at=database_now() - timedelta(minutes=2))
    assert calls_of_a_turn(acme) == 0
    OrderSync.objects.filter(order_id=1017).update(posted_at=database_now() - timedelta(seconds=61))
    assert calls_of_a_turn(acme) == 1
    assert acme.document(1001).exact_number


def test_a_lane_that_always_has_work_reads_numbers_too(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    acme.connection.journal = "71"
    acme.connection.save()
    monkeypatch.setattr(numbers, "MANY", 1)
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).exact_number
