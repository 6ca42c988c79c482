"""`manage.py customers pull`, killed by the system in a call of each kind, goes on, and no account is made twice."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter

from connector.management.demo.installation import ROOT, Installation
from connector.sandbox import Sandbox
from connector.sandbox.http.server import FakeService
from tests.flow.worker.databases import query
from tests.flow.worker.watching import wait_for

COMMAND = [sys.executable, "manage.py", "customers", "pull", "--tenant", "demo", "--json"]
DIVISION, ACCOUNTS = 100001, "*/crm/Accounts"
STEP = "SELECT step FROM connector_customerrun"


def test_killed_in_each_step_it_goes_on_and_makes_each_account_once(
    installation: Installation, world: Sandbox, database: str
) -> None:
    shop = world.stores.store("nlshop1")
    shop.customers.clear()
    for number in range(6):
        shop.add_customer(email=f"new{number}@shopper.example", first_name="New", last_name=f"Shopper{number}")
    kills: list[tuple[str, FakeService, str, str]] = [
        ("accounts", world.exact, "GET", "*/sync/CRM/Accounts"),
        ("customers", world.stores, "GET", "*/v3/customers"),
        ("write", world.exact, "POST", ACCOUNTS),
    ]
    for step, side, method, path in kills:
        kill_in_a_call(installation, side, method, path)
        assert query(database, STEP) == [(step,)]
    found = json.loads(
        subprocess.run(
            COMMAND, cwd=ROOT, env=installation.environment, capture_output=True, text=True, check=True
        ).stdout
    )
    codes = Counter(str(row.get("SearchCode")) for row in world.exact.accounts(DIVISION) if row.get("SearchCode"))
    ours = {code: count for code, count in codes.items() if code.startswith("NLS-")}
    assert set(ours.values()) == {1}
    assert len(ours) == 6
    assert (found["linked"] + found["created"], found["ambiguous"]) == (6, 0)
    assert query(database, "SELECT state FROM connector_customerrun") == [("finished",)]


def kill_in_a_call(installation: Installation, side: FakeService, method: str, path: str) -> None:
    """Start the command, and kill it in its first call of this kind. What was asked for is done all the same."""
    side.faults.add("delay", method, path, seconds=20)
    before = side.calls.count(method, path)
    process = subprocess.Popen(COMMAND, cwd=ROOT, env=installation.environment, stdout=subprocess.DEVNULL)
    wait_for(lambda: side.calls.count(method, path) == before + 1)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
