"""What the worker's processes cost while nothing is to do."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.bench.crowd.processes import ROOT, Processes
from tests.bench.statements import Counted
from tests.bench.table import Table

SERVER = os.environ.get("TEST_DATABASE_URL", "")
WARM_UP_SECONDS, MINUTE = 15.0, 60.0


@pytest.fixture
def counted() -> Iterator[Counted]:
    """A database of its own, and the statements that are sent to it."""
    name = f"bench_{os.getpid()}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            with Counted(SERVER, name) as counted:
                yield counted
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.skipif(not SERVER, reason="counts the statements that PostgreSQL gets")
def test_an_idle_worker(counted: Counted, table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start a worker for nobody, and count for a minute what its processes ask the database."""
    variables = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SALT_KEY": secrets.token_urlsafe(20),
        "DEBUG": "false",
        "DATABASE_URL": counted.url,
        "REDIS_URL": "",
        "EMAIL_URL": "memorymail://",
        "PUBLIC_URL": "http://127.0.0.1:9",
        "ALLOW_INSECURE_UPSTREAMS": "true",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    with Processes(tmp_path / "worker.log") as processes:
        worker = processes.worker()
        time.sleep(WARM_UP_SECONDS)
        before = counted.statements
        time.sleep(MINUTE)
        table.add("Statements a minute of an idle worker", counted.statements - before, goal=200)
        assert worker.poll() is None
