"""Waiting for what processes do."""

import time
from collections.abc import Callable
from pathlib import Path

from connector.management.demo.installation import Installation
from tests.flow.worker.databases import query

PATIENCE_SECONDS = 180.0


def wait_for(what: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    give_up = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < give_up, "It took too long."
        time.sleep(0.3)


def all_posted(installation: Installation, count: int) -> bool:
    """Whether the ledger holds so many documents, all posted. A command would take a second to say so."""
    states = query(installation.environment["DATABASE_URL"], "SELECT state FROM connector_ordersync")
    return states == [("posted",)] * count


def children(pid: int) -> list[int]:
    """The direct children of a process."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def is_running(pid: int) -> bool:
    """Return whether a process runs. A zombie does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
