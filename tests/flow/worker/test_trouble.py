"""Trouble with the queue and the workers: work goes on by itself within two minutes, and each order has one invoice."""

import os
import secrets
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import redis

from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import created_and_updated
from tests.flow.worker.databases import query
from tests.flow.worker.watching import all_posted, children, is_running, wait_for

ORDERS = 6


def deliver(installation: Installation, world: Sandbox, count: int = ORDERS) -> list[str]:
    """Deliver some orders, twice each; returns the references that their invoices must have."""
    orders = [record for record in world.orders if record.store_hash == "nlshop1"][:count]
    assert set(world.sender(installation.url).deliver_all(created_and_updated(orders))) == {200}
    return sorted(f"NLS-{record.order_id}" for record in orders)


def restart_web(installation: Installation) -> None:
    """Stop gunicorn, which is the first process, and start it with the present environment."""
    web = installation.processes.pop(0)
    web.terminate()
    web.wait(30)
    installation.start_web()


def references(world: Sandbox) -> list[str]:
    return sorted(str(invoice["YourRef"]) for invoice in world.exact.invoices(100001))


def test_orders_are_found_after_the_queue_was_emptied(
    installation: Installation, world: Sandbox, database: str
) -> None:
    wanted = deliver(installation, world)
    assert query(database, "SELECT count(*) FROM django_q_ormq") == [(1,)]
    installation.start_worker()
    query(database, "DELETE FROM django_q_ormq")
    wait_for(lambda: all_posted(installation, ORDERS))
    assert references(world) == wanted


@pytest.mark.skipif(not os.environ.get("TEST_REDIS_URL"), reason="needs TEST_REDIS_URL")
def test_no_order_is_lost_when_redis_is_emptied_and_away(installation: Installation, world: Sandbox) -> None:
    address = urlsplit(os.environ["TEST_REDIS_URL"])._replace(path="/14").geturl()
    installation.environment |= {"QUEUE_BROKER": "redis", "REDIS_URL": address}
    restart_web(installation)
    wanted = deliver(installation, world)
    redis.Redis.from_url(address).flushdb()
    installation.start_worker()
    wait_for(lambda: all_posted(installation, ORDERS))
    assert references(world) == wanted


def test_a_wake_up_that_comes_twenty_times_is_one(installation: Installation, world: Sandbox, database: str) -> None:
    wanted = deliver(installation, world)
    columns = '"key", payload, "lock"'
    for _ in range(5):
        query(database, f"INSERT INTO django_q_ormq ({columns}) SELECT {columns} FROM django_q_ormq")
    installation.start_worker()
    wait_for(lambda: all_posted(installation, ORDERS))
    assert references(world) == wanted


def test_payloads_signed_with_a_former_secret_key_are_replaced(installation: Installation, world: Sandbox) -> None:
    wanted = deliver(installation, world)
    installation.environment |= {
        "SECRET_KEY": secrets.token_urlsafe(40),
        "SECRET_KEY_FALLBACKS": installation.environment["SECRET_KEY"],
    }
    installation.start_worker()
    wait_for(lambda: all_posted(installation, ORDERS))
    assert references(world) == wanted


def test_a_wedged_cluster_is_started_again(installation: Installation, world: Sandbox) -> None:
    worker = installation.start_worker()
    wait_for(lambda: len(children(worker.pid)) > 0)
    time.sleep(3)
    (cluster,) = children(worker.pid)
    os.killpg(cluster, signal.SIGSTOP)  # it runs and does nothing
    began = time.monotonic()
    wanted = deliver(installation, world)
    wait_for(lambda: all_posted(installation, ORDERS))
    assert time.monotonic() - began < 120
    assert children(worker.pid) != [cluster]
    assert references(world) == wanted


def test_a_supervisor_that_is_killed_takes_its_cluster_along_and_the_next_one_goes_on(
    installation: Installation, world: Sandbox
) -> None:
    worker = installation.start_worker()
    installation.processes.remove(worker)
    wait_for(lambda: len(children(worker.pid)) > 0)
    time.sleep(2)
    cluster = [pid for child in children(worker.pid) for pid in (child, *children(child))]
    worker.kill()
    worker.wait()
    wait_for(lambda: not [pid for pid in cluster if is_running(pid)], seconds=10)
    wanted = deliver(installation, world)
    installation.start_worker()
    wait_for(lambda: all_posted(installation, ORDERS))
    assert references(world) == wanted


def test_orders_without_a_delivery_are_found_when_a_worker_starts(
    installation: Installation, world: Sandbox, database: str
) -> None:
    orders = [record.order_id for record in world.orders if record.store_hash == "nlshop1"][:ORDERS]
    for order_id in orders:
        world.stores.store("nlshop1").change(order_id, staff_notes="paid")
    query(database, "UPDATE connector_store SET polled_at = CURRENT_TIMESTAMP")  # not due for a quarter of an hour
    installation.start_worker()
    wait_for(lambda: all_posted(installation, ORDERS))
    assert references(world) == [f"NLS-{order_id}" for order_id in orders]


def test_two_workers_share_the_work_and_do_nothing_twice(installation: Installation, world: Sandbox) -> None:
    world.exact.faults.add("delay", "POST", "*salesinvoice*", times=-1, seconds=0.1)
    installation.start_worker()
    installation.start_worker()
    with ThreadPoolExecutor(2) as pool:
        wanted, _ = pool.map(lambda _: deliver(installation, world, 12), range(2))
    wait_for(lambda: all_posted(installation, 12))
    assert references(world) == wanted


def test_a_worker_that_sleeps_past_its_lease_writes_nothing_when_it_wakes(
    installation: Installation, world: Sandbox, database: str
) -> None:
    world.exact.faults.add("delay", "POST", "*salesinvoice/SalesInvoices", times=1, seconds=3)
    sleeper = installation.start_worker()
    wanted = deliver(installation, world)
    wait_for(lambda: world.exact.calls.count(glob="*salesinvoice/SalesInvoices*") > 0)
    asleep = [sleeper.pid, *children(sleeper.pid)]
    for pid in asleep:
        os.killpg(os.getpgid(pid), signal.SIGSTOP)
    query(database, "UPDATE connector_division SET lease_until = NULL, woken_at = NULL")  # a minute later
    installation.start_worker()
    wait_for(lambda: all_posted(installation, ORDERS))
    for pid in asleep:
        os.killpg(os.getpgid(pid), signal.SIGCONT)
    time.sleep(3)
    assert all_posted(installation, ORDERS)
    assert references(world) == wanted
