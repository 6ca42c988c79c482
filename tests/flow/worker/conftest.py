"""The product's processes, on a database of this run that is migrated and provisioned once and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox
from tests.flow.worker.databases import copy_of, template_of
from tests.flow.worker.prepared import Prepared, prepare


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """Acme, provisioned by the product's own commands; no test changes it."""
    with template_of(tmp_path_factory.mktemp("prepared")) as database:
        yield prepare(database)


@pytest.fixture
def database(prepared: Prepared, tmp_path: Path) -> Iterator[str]:
    """A database of its own: a SQLite file, or one on the PostgreSQL of this run."""
    with copy_of(prepared.database, tmp_path) as copied:
        yield copied


@pytest.fixture
def world(prepared: Prepared) -> Iterator[Sandbox]:
    """A store and an Exact with no minute's limit, to which Acme is known."""
    with prepared.snapshot.copy_sandbox(as_new=False) as running:
        yield running


@pytest.fixture
def installation(prepared: Prepared, world: Sandbox, database: str) -> Iterator[Installation]:
    """Acme provisioned, the web process up, no worker yet."""
    with prepared.on_copies(world, database) as running:
        running.start_web()
        yield running
