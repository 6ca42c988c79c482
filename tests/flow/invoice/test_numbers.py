"""A number that Exact gives only at printing is read later, many at a time."""

from datetime import timedelta

from connector.flow.clock import database_now
from connector.flow.pipeline import run_lane
from connector.flow.worker import sweep
from connector.models import Division, OrderSync
from tests.acme import Acme


def printed_long_ago(acme: Acme) -> None:
    acme.connection.journal = "71"  # numbers at printing
    acme.connection.save()
    acme.ring(1001)
    acme.ring(1017)
    acme.drain()
    assert {document.exact_number for document in OrderSync.objects.all()} == {""}
    OrderSync.objects.update(posted_at=database_now() - timedelta(minutes=11))
    Division.objects.update(woken_at=None)  # a worker has taken the wake-ups of the deliveries


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
