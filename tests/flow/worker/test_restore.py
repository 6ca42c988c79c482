"""The drill: a dump of yesterday is restored, and what was posted since is posted once, by the commands alone."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError

from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import Event
from tests.flow.worker.databases import SERVER, query
from tests.flow.worker.prepared import file_of
from tests.flow.worker.watching import all_posted, wait_for

pytestmark = pytest.mark.skipif(
    not (SERVER and shutil.which("pg_dump") and shutil.which("psql")), reason="needs PostgreSQL and its pg_dump"
)
BEFORE, SINCE, LATER = (1001, 1002), (1003, 1004, 1005), 1006


def place(installation: Installation, world: Sandbox, *orders: int) -> None:
    """Shoppers order, and the store sends its webhooks."""
    for order_id in orders:
        world.stores.store("nlshop1").change(order_id)
    events = [Event("nlshop1", order_id, "store/order/created") for order_id in orders]
    assert set(world.sender(installation.url).deliver_all(events)) == {200}


@pytest.fixture
def restore(installation: Installation, database: str, tmp_path: Path) -> Callable[[], None]:
    """Dump the database at the first call, and put that dump back at the second, with web and worker stopped."""
    dump = tmp_path / "yesterday.sql"

    def act() -> None:
        if not dump.exists():
            subprocess.run(["pg_dump", "--clean", "--if-exists", "--file", dump, database], check=True)
            return
        for process in installation.processes:
            process.terminate()
            process.wait()
        installation.processes.clear()
        quiet = ["--quiet", "--set", "ON_ERROR_STOP=1", "--output", "/dev/null"]
        subprocess.run(["psql", *quiet, "--file", dump, database], check=True, capture_output=True)

    return act


def test_a_restored_dump_posts_nothing_twice_and_everything_once(
    installation: Installation, world: Sandbox, database: str, restore: Callable[[], None]
) -> None:
    place(installation, world, *BEFORE)
    restore()  # the dump: two orders in the inbox
    world.exact.advance(600)  # the token is replaced once more
    place(installation, world, *SINCE)
    installation._manage("drain", "--until-idle", "--timeout", "120")
    assert all_posted(installation, 5)
    posted = {row["YourRef"]: row["InvoiceID"] for row in world.exact.invoices(100001)}

    restore()
    assert query(database, "SELECT count(*) FROM connector_ordersync") == [(0,)]
    installation._manage("recover", "--begin")
    installation.start_web()
    place(installation, world, LATER)
    with pytest.raises(CommandError, match="must be connected to Exact again"):
        installation._manage("recover")
    installation.provision(file_of(world))  # a new consent
    installation._manage("recover")
    assert {row["YourRef"]: row["InvoiceID"] for row in world.exact.invoices(100001)} == posted  # it only reads
    installation.start_worker()
    wait_for(lambda: all_posted(installation, 6))
    references = sorted(str(row["YourRef"]) for row in world.exact.invoices(100001))
    assert references == [f"NLS-{order_id}" for order_id in (*BEFORE, *SINCE, LATER)]
    ids = query(database, "SELECT exact_id FROM connector_ordersync WHERE order_id < 1006")
    assert {exact_id for (exact_id,) in ids} == set(posted.values())
