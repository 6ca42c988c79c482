"""PostgreSQL stops at once in the middle of everything, and comes back: a server of our own, made for this test."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import created_and_updated
from tests.flow.worker.databases import query
from tests.flow.worker.prepared import fresh, unlimited
from tests.flow.worker.watching import all_posted, wait_for

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
ORDERS = 15
# Each has a minute of its own: the web processes, the worker, and the worker's cluster with all of its processes.
LOGS = 3

pytestmark = pytest.mark.skipif(
    not BINARIES or os.geteuid() != 0 or not shutil.which("runuser"),
    reason="needs PostgreSQL's own programs, and root to run them as postgres",
)


class Server:
    """One PostgreSQL on a port of its own, in a directory that goes away with it."""

    def __init__(self) -> None:
        self.home = Path(mkdtemp(prefix="postgres-", dir="/tmp"))
        shutil.chown(self.home, "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._run("initdb", "-A", "trust", "-U", "postgres", "-D", f"{self.home}/data", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.home}"
        self._run("pg_ctl", "-D", f"{self.home}/data", "-w", "-l", f"{self.home}/log", "-o", options, "start")

    def crash(self) -> None:
        """Stop at once. What was not committed is lost."""
        self._run("pg_ctl", "-D", f"{self.home}/data", "-m", "immediate", "stop")

    def remove(self) -> None:
        self.crash()
        shutil.rmtree(self.home)

    def _run(self, program: str, *arguments: str) -> None:
        command = ["runuser", "-u", "postgres", "--", str(BINARIES[-1].with_name(program)), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.remove()


@pytest.fixture
def world() -> Iterator[Sandbox]:
    """Both fakes, to which Acme is not known yet."""
    with unlimited() as running:
        yield running


@pytest.fixture
def installation(server: Server, world: Sandbox) -> Iterator[Installation]:
    """The processes work on this server."""
    with fresh(world, f"postgres://postgres@127.0.0.1:{server.port}/postgres") as running:
        running.start_web()
        yield running


def let_leases_end(installation: Installation) -> None:
    """The minute passes for which a turn that could not say that it ended keeps its lane."""
    query(installation.environment["DATABASE_URL"], "UPDATE connector_division SET lease_until = clock_timestamp()")


def test_the_database_restarts_in_mid_flight_and_the_work_goes_on(
    installation: Installation, world: Sandbox, server: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    orders = [record for record in world.orders if record.store_hash == "nlshop1"][:ORDERS]
    assert set(world.sender(installation.url).deliver_all(created_and_updated(orders[:10]))) == {200}
    world.exact.faults.add("delay", "POST", "*salesinvoice*", times=-1, seconds=0.2)
    installation.start_worker()
    wait_for(lambda: len(world.exact.invoices(100001)) > 2)
    server.crash()
    late = created_and_updated(orders[10:])
    assert set(world.sender(installation.url).deliver_all(late)) == {503}
    began = time.monotonic()
    server.start()
    assert set(world.sender(installation.url).deliver_all(late)) == {200}
    let_leases_end(installation)
    wait_for(lambda: all_posted(installation, ORDERS), seconds=150)
    assert time.monotonic() - began < 120
    assert installation.alive()
    references = sorted(str(invoice["YourRef"]) for invoice in world.exact.invoices(100001))
    assert references == sorted(f"NLS-{record.order_id}" for record in orders)
    log = capfd.readouterr().err
    assert 1 <= log.count("OperationalError") <= LOGS, log
    assert "Traceback" not in log
    assert "sudden death" not in log  # django-q2's word for a process that an error has ended
