"""Fault points: each is reached while an order is posted, strikes once, and is refused in production."""

import pytest

from connector.flow import fault_points
from connector.flow.fault_points import POINTS
from connector.models import Connection, SyncEvent
from connector.sandbox.bigcommerce.webhook_sender import REFUNDED
from tests.acme import STORE
from tests.faults.setup.simulation import Killed, Simulation


@pytest.mark.parametrize("point", POINTS)
def test_each_is_on_the_way_of_an_order(point: str, simulation: Simulation) -> None:
    simulation.clock.advance(600)
    fault_points.arm(f"{point}:kill")
    try:
        simulation.deliver(1001)
    except Killed:
        assert point == "delivery_stored"
    else:
        with pytest.raises(Killed):
            simulation.acme.drain()
    assert not fault_points._armed


def test_raised_it_is_a_fault_of_ours_and_the_order_gets_its_next_step(simulation: Simulation) -> None:
    simulation.deliver(1001)
    simulation.work("fetched:raise")
    assert simulation.acme.document(1001).state == "waiting"
    assert SyncEvent.objects.filter(text__contains="inside the connector (Struck)").exists()
    simulation.until_quiet()
    assert simulation.breaches() == []


def test_an_invoice_that_exact_shows_late_is_not_taken_for_deleted(simulation: Simulation) -> None:
    simulation.sandbox.exact.faults.add("read_lag", "POST", "*salesinvoice/SalesInvoices", seconds=150)
    simulation.deliver(1001)
    simulation.while_asleep = simulation.others_finish
    simulation.work("printed_before_record:hang")
    simulation.until_quiet()
    assert simulation.acme.document(1001).state == "posted"
    assert simulation.breaches() == []


def test_an_invoice_that_exact_shows_late_holds_up_its_credit_note_and_nothing_more(simulation: Simulation) -> None:
    Connection.objects.update(refunds="credit")
    simulation.deliver(1001)
    simulation.until_quiet()  # so that the lines of the next, of the same codes, are taken on trust
    simulation.sandbox.exact.faults.add("read_lag", "POST", "*salesinvoice/SalesInvoices", seconds=150)
    simulation.deliver(1012)
    simulation.work()
    assert simulation.acme.document(1012).state == "posted"
    simulation.sandbox.stores.store(STORE).refund(1012)
    simulation.deliver(1012, scope=REFUNDED)
    simulation.work()
    (credit,) = simulation.acme.credits(1012)
    assert (credit.state, credit.exact_id) == ("waiting", "")
    simulation.until_quiet()
    assert simulation.acme.credits(1012)[0].state == "posted"
    assert simulation.breaches() == []
