"""The product as it is deployed: gunicorn and a worker, killed and started again, on the database of this run."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from connector.management.demo.stage import Stage
from connector.sandbox import Sandbox
from connector.sandbox.sender import Event, created_and_updated

PATIENCE_SECONDS = 90.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A database of its own: a SQLite file, or one on the PostgreSQL of this run."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{tmp_path / 'worker.sqlite3'}"
        return
    name = f"worker_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def world() -> Iterator[Sandbox]:
    """A store and an Exact with no minute's limit."""
    with Sandbox() as running:
        running.exact.set(minute_limit=100_000, day_limit=1_000_000)
        yield running


@pytest.fixture
def stage(world: Sandbox, database: str) -> Iterator[Stage]:
    """Acme provisioned, the web process up, no worker yet."""
    variables = {
        "DATABASE_URL": database,
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
        "CONNECTOR_SETTLE_SECONDS": "1",
        "CONNECTOR_SWEEP_SECONDS": "1",
    }
    with Stage(world, 0, lambda line: None, variables) as running:
        file = world.provision_file(password="alice-has-a-password")
        file["stores"], file["connections"] = file["stores"][:1], file["connections"][:1]
        file["exact"][0]["divisions"] = [100001]
        running.provision(file)
        running.start_web()
        yield running


def wait_for(what: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < give_up, "It took too long."
        time.sleep(0.3)


def all_posted(stage: Stage, count: int) -> bool:
    rows = stage.ledger()
    return len(rows) == count and {row["state"] for row in rows} == {"posted"}


def test_fifty_copies_of_one_delivery_at_once_become_one_printed_invoice(stage: Stage, world: Sandbox) -> None:
    stage.start_worker()
    copies = [Event("nlshop1", 1001, "store/order/created")] * 50
    with ThreadPoolExecutor(10) as pool:
        statuses = [
            s for part in pool.map(lambda one: world.sender(stage.url).deliver_all([one]), copies) for s in part
        ]
    assert statuses == [200] * 50
    wait_for(lambda: all_posted(stage, 1))
    (invoice,) = world.exact.invoices(100001)
    assert invoice["Status"] == 50
    assert {line["CostCenter"] for line in invoice["SalesInvoiceLines"]} <= {"EU-WEST", "ONLINE"}


def test_a_worker_killed_again_and_again_leaves_each_order_with_one_invoice(stage: Stage, world: Sandbox) -> None:
    orders = [record for record in world.orders if record.store_hash == "nlshop1"][:15]
    assert set(world.sender(stage.url).deliver_all(created_and_updated(orders))) == {200}
    world.exact.faults.add("delay", "POST", "*salesinvoice*", times=-1, seconds=0.1)  # more moments to die in
    for moment in (2.2, 2.6, 3.0, 3.5):
        worker = stage.start_worker()
        time.sleep(moment)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        stage.processes.remove(worker)
    stage.start_worker()
    wait_for(lambda: all_posted(stage, len(orders)))
    references = sorted(str(invoice["YourRef"]) for invoice in world.exact.invoices(100001))
    assert references == sorted(f"NLS-{record.order_id}" for record in orders)


def test_sigterm_to_the_whole_process_group_stops_the_worker_and_all_of_its_cluster(stage: Stage) -> None:
    worker = stage.start_worker()
    stage.processes.remove(worker)
    wait_for(lambda: len(children(worker.pid)) > 0)
    time.sleep(2)
    cluster = children(worker.pid)
    os.killpg(os.getpgid(worker.pid), signal.SIGTERM)
    assert worker.wait(60) == 0
    assert not [pid for pid in cluster if Path(f"/proc/{pid}").exists()]


def test_a_cluster_that_dies_is_started_again(stage: Stage, world: Sandbox) -> None:
    worker = stage.start_worker()
    wait_for(lambda: len(children(worker.pid)) > 0)
    for pid in children(worker.pid):
        os.kill(pid, signal.SIGKILL)
    assert world.sender(stage.url).deliver_all([Event("nlshop1", 1001, "store/order/created")]) == [200]
    wait_for(lambda: all_posted(stage, 1))


def children(pid: int) -> list[int]:
    """The direct children of a process."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []
