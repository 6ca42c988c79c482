"""The product as it is deployed: gunicorn and a worker, killed and started again, on the database of this run."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector.flow.worker import supervisor
from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import Event, created_and_updated
from tests.flow.worker.databases import query
from tests.flow.worker.watching import all_posted, children, is_running, wait_for

BEGUN = "SELECT state FROM connector_ordersync WHERE attempts > 0"


def test_fifty_copies_of_one_delivery_at_once_become_one_printed_invoice(
    installation: Installation, world: Sandbox
) -> None:
    installation.start_worker()
    copies = [Event("nlshop1", 1001, "store/order/created")] * 50
    with ThreadPoolExecutor(10) as pool:
        statuses = [
            s for part in pool.map(lambda one: world.sender(installation.url).deliver_all([one]), copies) for s in part
        ]
    assert statuses == [200] * 50
    wait_for(lambda: all_posted(installation, 1))
    assert [row["state"] for row in installation.ledger()] == ["posted"]
    (invoice,) = world.exact.invoices(100001)
    assert invoice["Status"] == 50
    assert {line["CostCenter"] for line in invoice["SalesInvoiceLines"]} <= {"EU-WEST", "ONLINE"}


def test_a_worker_killed_again_and_again_leaves_each_order_with_one_invoice(
    installation: Installation, world: Sandbox
) -> None:
    orders = [record for record in world.orders if record.store_hash == "nlshop1"][:15]
    assert set(world.sender(installation.url).deliver_all(created_and_updated(orders))) == {200}
    world.exact.faults.add("delay", "POST", "*salesinvoice*", times=-1, seconds=0.1)  # more moments to die in
    for moment in (2.2, 2.6, 3.0, 3.5):
        worker = installation.start_worker()
        time.sleep(moment)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        installation.processes.remove(worker)
    installation.start_worker()
    wait_for(lambda: all_posted(installation, len(orders)))
    references = sorted(str(invoice["YourRef"]) for invoice in world.exact.invoices(100001))
    assert references == sorted(f"NLS-{record.order_id}" for record in orders)


def descendants(pid: int) -> list[int]:
    """All processes below a process."""
    return [each for child in children(pid) for each in (child, *descendants(child))]


@pytest.mark.parametrize("whom", ["the worker", "all processes, as systemd does", "the process group"])
def test_after_a_sigterm_no_document_begins_and_every_process_ends(
    installation: Installation, world: Sandbox, database: str, whom: str
) -> None:
    world.exact.faults.add("delay", "POST", "*salesinvoice/SalesInvoices", times=-1, seconds=0.3)
    orders = [record for record in world.orders if record.store_hash == "nlshop1"][:15]
    assert set(world.sender(installation.url).deliver_all(created_and_updated(orders))) == {200}
    worker = installation.start_worker()
    installation.processes.remove(worker)
    wait_for(lambda: world.exact.calls.count("POST", "*salesinvoice/SalesInvoices*") > 1)
    everyone = [worker.pid, *descendants(worker.pid)]
    begun = len(query(database, BEGUN))
    if whom == "the process group":
        os.killpg(os.getpgid(worker.pid), signal.SIGTERM)
    for pid in everyone[: 1 if whom == "the worker" else None]:
        os.kill(pid, signal.SIGTERM)
    assert worker.wait(60) == 0
    assert not [pid for pid in everyone if is_running(pid)]
    states = [state for (state,) in query(database, BEGUN)]
    assert len(states) <= begun + 1  # one may have begun while they were counted
    assert set(states) <= {"posted", "waiting"}  # none was broken off
    assert query(database, "SELECT count(*) FROM django_q_ormq") == [(1,)]  # the lane stands in the queue


def test_a_signal_is_taken_while_another_one_holds_the_lock_of_the_stop() -> None:
    supervising = supervisor.Supervisor(lambda line: None)
    with vars(supervising.stopping)["_cond"]:
        handled = threading.Thread(target=supervising.take_signal, args=(signal.SIGTERM, None), daemon=True)
        handled.start()
        handled.join(5)
        assert not handled.is_alive()
    assert supervising._is_asked_to_stop(0.0)
    assert supervising.stopping.is_set()


def test_a_cluster_that_dies_is_started_again(installation: Installation, world: Sandbox) -> None:
    worker = installation.start_worker()
    wait_for(lambda: len(children(worker.pid)) > 0)
    for pid in children(worker.pid):
        os.kill(pid, signal.SIGKILL)
    assert world.sender(installation.url).deliver_all([Event("nlshop1", 1001, "store/order/created")]) == [200]
    wait_for(lambda: all_posted(installation, 1))


def test_the_thread_that_looks_after_the_stores_is_replaced_when_it_died(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor.Supervisor, "_look_after_stores", lambda self: None)
    supervising = supervisor.Supervisor(lambda line: None)
    supervising._keep_store_thread()
    first = supervising.store_thread
    assert first is not None
    first.join(5)
    supervising._keep_store_thread()
    assert supervising.store_thread is not first
