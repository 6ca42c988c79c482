"""`manage.py reconcile`, killed by the system in each of its phases, goes on, finds the same and counts it once."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from connector.management.demo.installation import ROOT, Installation
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import Event
from connector.sandbox.http.server import FakeService
from tests.flow.worker.databases import query
from tests.flow.worker.watching import wait_for

COMMAND = [sys.executable, "manage.py", "reconcile", "--tenant", "demo", "--json"]
IN_SHELL = [sys.executable, "manage.py", "shell", "-v", "0", "-c"]
# The duty of each day, as a worker does it for a store. It watches for what was changed since it watched last.
DAILY = [
    *IN_SHELL,
    "from connector.flow.monitor.books import compare_daily; from connector.models import Store; "
    "compare_daily(Store.objects.get(store_hash='nlshop1'))",
]
# The same of all days, for the first time.
FIRST = [
    *IN_SHELL,
    "from connector.flow.reconcile.run import period_of, reconcile; from connector.models import Connection; "
    "connection = Connection.objects.get(store__store_hash='nlshop1'); "
    "reconcile(connection, period_of(connection, None, None), drift_since='')",
]
SOLD, DIVISION = range(1001, 1007), 100001
INVOICES = "salesinvoice/SalesInvoices"
PHASE = "SELECT cursor FROM connector_reconciliationrun"


def test_killed_in_each_phase_it_goes_on_and_finds_the_same(
    installation: Installation, world: Sandbox, database: str
) -> None:
    sell_and_spoil(installation, world)
    kills: list[tuple[str, FakeService, str, int]] = [
        ("orders", world.stores, "*/v2/orders", 1),
        ("refunds", world.stores, "*/refunds", 1),
        ("documents", world.exact, f"*{INVOICES}", 1),
        ("unseen", world.exact, f"*{INVOICES}", 2),  # by its id, what the first call did not have
    ]
    for phase, side, path, call in kills:
        kill_in_a_call(installation, side, path, call)
        ((cursor,),) = query(database, PHASE)
        assert (cursor if isinstance(cursor, dict) else json.loads(cursor))["phase"] == phase
    gone, changed = SOLD[:2]
    found = compare(installation)
    assert [(row["kind"], row["order_id"]) for row in found["discrepancies"]] == [
        ("deleted", str(gone)),
        ("amount", str(changed)),
    ]
    assert (found["orders"], found["documents"]) == (len(SOLD), len(SOLD) - 1)
    assert found["runs"][0]["buckets"] == {"posted": {"": len(SOLD)}}
    assert query(database, "SELECT state FROM connector_reconciliationrun") == [("finished",)]


def test_killed_while_it_reads_what_was_changed_it_goes_on_and_finds_that(
    installation: Installation, world: Sandbox, database: str
) -> None:
    number = SOLD[2]
    invoice = sell(installation, world)[number]
    query(database, "UPDATE connector_store SET created_at = '2026-01-01 00:00:00+00:00'")  # else it is left alone
    do(installation, FIRST)  # the next one watches for what is changed from here on
    world.exact.advance(60)
    world.exact.change(DIVISION, INVOICES, invoice["InvoiceID"], AmountFC=invoice["AmountFC"] + 1)
    kill_in_a_call(installation, world.exact, f"*{INVOICES}", 2, command=DAILY)  # behind the documents of the days
    ((cursor,),) = query(database, f"{PHASE} WHERE state = 'running'")
    assert (cursor if isinstance(cursor, dict) else json.loads(cursor))["phase"] == "changed"
    do(installation, DAILY)
    found = query(database, "SELECT kind, order_id FROM connector_discrepancy")
    assert found == [("amount", number)]
    runs = "SELECT state, complete FROM connector_reconciliationrun ORDER BY id"
    assert [(state, bool(complete)) for state, complete in query(database, runs)] == [
        ("finished", True),
        ("finished", False),
    ]


def sell(installation: Installation, world: Sandbox) -> dict[int, dict[str, Any]]:
    """Post six orders; returns their invoices by the order's number."""
    shop, exact = world.stores.store("nlshop1"), world.exact
    for order_id in [number for number in shop.orders if number not in SOLD]:
        shop.delete(order_id)
    shop.refunds.clear()
    events = [Event("nlshop1", order_id, "store/order/created") for order_id in SOLD]
    assert set(world.sender(installation.url).deliver_all(events)) == {200}
    installation._manage("drain", "--until-idle", "--timeout", "120")
    by_order = {int(str(row["YourRef"]).partition("-")[2]): row for row in exact.invoices(DIVISION)}
    assert set(by_order) == set(SOLD)
    return by_order


def sell_and_spoil(installation: Installation, world: Sandbox) -> None:
    """Post six orders; then one invoice is deleted in Exact, and one is changed."""
    by_order, exact = sell(installation, world), world.exact
    exact.remove(DIVISION, INVOICES, by_order[SOLD[0]]["InvoiceID"])
    changed = by_order[SOLD[1]]
    exact.change(DIVISION, INVOICES, changed["InvoiceID"], AmountFC=changed["AmountFC"] + 1)


def kill_in_a_call(
    installation: Installation, side: FakeService, path: str, call: int, command: Sequence[str] = COMMAND
) -> None:
    """Start a command, and kill it in its so many-th call with this path."""
    side.faults.add("delay", "GET", path, skip=call - 1, seconds=20)
    before = side.calls.count("GET", path)
    process = subprocess.Popen(command, cwd=ROOT, env=installation.environment, stdout=subprocess.DEVNULL)
    wait_for(lambda: side.calls.count("GET", path) == before + call)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def do(installation: Installation, command: Sequence[str]) -> None:
    """Run a command that must not fail."""
    subprocess.run(command, cwd=ROOT, env=installation.environment, check=True)


def compare(installation: Installation) -> dict[str, Any]:
    """What the command prints when nobody kills it. It fails, because something differs."""
    result = subprocess.run(
        COMMAND, cwd=ROOT, env=installation.environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1, result.stderr
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed
