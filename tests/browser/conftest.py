"""The product as it is deployed, both sandbox services, and Debian's Chromium."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser

from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox
from connector.sandbox.bigcommerce.webhook_sender import Event
from tests.browser import pictures
from tests.browser.chromium import chromium
from tests.browser.person import Person
from tests.flow.worker.databases import query

PATIENCE_SECONDS = 60.0
PASSWORD = "alice-has-a-password"
OWNER = "owner@demo.example"
DIVISION = 100001
CLICKS = "clicks"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many clicks each walk took that counted them."""
    for report in [each for found in terminalreporter.stats.values() for each in found]:
        if getattr(report, "when", "") == "teardown" and CLICKS in (counted := dict(report.user_properties)):
            terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {counted[CLICKS]} clicks")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process. The first process removes the pictures of the run before."""
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0":
        pictures.begin()
    with chromium() as running:
        yield running


class Portal:
    """The installation with its store and its Exact, as the tests see them from outside."""

    def __init__(self, world: Sandbox, installation: Installation, file: dict[str, Any]) -> None:
        self.world = world
        self.installation = installation
        self.file = file
        self.database = installation.environment["DATABASE_URL"]

    def place(self, *order_ids: int) -> None:
        """Deliver orders."""
        events = [Event("nlshop1", order_id, "store/order/created") for order_id in order_ids]
        assert set(self.world.sender(self.installation.url).deliver_all(events)) == {200}

    def row(self, order_id: int) -> dict[str, Any]:
        """Return the invoice of an order in the ledger; {} before its delivery."""
        rows = [
            row for row in self.installation.ledger() if row["order_id"] == str(order_id) and row["kind"] == "invoice"
        ]
        return rows[0] if rows else {}

    def provision(self, file: dict[str, Any]) -> None:
        """Provision the organisation again, as an operator does."""
        self.installation.provision(file)

    @contextmanager
    def provisioned(self, **settings: object) -> Iterator[None]:
        """Change the connection's settings, and restore them after the test."""
        first, *others = self.file["connections"]
        self.provision({**self.file, "connections": [{**first, **settings}, *others]})
        try:
            yield
        finally:
            self.provision(self.file)

    def wait_until(self, order_id: int, state: str, reason: str = "") -> dict[str, Any]:
        """Wait until the order's invoice is in a state."""
        states = f"SELECT state FROM connector_ordersync WHERE order_id = {order_id} AND kind = 'invoice'"
        # The command, which takes a second, is asked last.
        self.wait_for(lambda: (state,) in query(self.database, states) and self.row(order_id).get("state") == state)
        row = self.row(order_id)
        assert not reason or row["reason"] == reason, row
        return row

    def let_an_hour_pass(self) -> None:
        """Forget what Exact refused in the tests before: after four refusals in an hour a refused document waits."""
        statement = "UPDATE connector_breaker SET errors = '[]', refused = '{}'"
        query(self.database, statement)

    def wait_for(self, what: Callable[[], bool]) -> None:
        """Wait for something that a worker does."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not what():
            assert time.monotonic() < give_up, f"It took too long; the ledger: {self.installation.ledger()}"
            time.sleep(0.3)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Web and worker with one store, nlshop1, on division 100001."""
    database = tmp_path_factory.mktemp("portal") / "portal.sqlite3"
    variables = {
        "DATABASE_URL": f"sqlite:///{database}",
        "CONNECTOR_SETTLE_SECONDS": "1",
        "CONNECTOR_SWEEP_SECONDS": "1",
    }
    with Sandbox() as world:
        world.exact.set(minute_limit=100_000, day_limit=1_000_000)
        with Installation(world, 0, lambda line: None, variables) as installation:
            file = json.loads(json.dumps(world.provision_file(password=PASSWORD)))
            file["stores"], file["connections"] = file["stores"][:1], file["connections"][:1]
            file["exact"][0]["divisions"] = [DIVISION]
            installation.provision(file)
            installation.start_web()
            installation.start_worker()
            yield Portal(world, installation, file)


@pytest.fixture
def owner(browser: Browser, portal: Portal, request: pytest.FixtureRequest) -> Iterator[Person]:
    """The owner's browser window, at the home page."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    context.set_default_timeout(30_000)
    person = Person(context.new_page(), portal.installation.url, request.node.name.removeprefix("test_")[:50])
    person.log_in(OWNER, PASSWORD)
    yield person
    person.shoot("at-the-end")
    context.close()
