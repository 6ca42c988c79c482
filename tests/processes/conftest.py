"""The product's processes, on the database of this run."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from connector.management.demo.stage import Stage
from connector.sandbox import Sandbox


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
