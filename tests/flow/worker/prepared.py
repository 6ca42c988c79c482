"""Acme, provisioned once by the product's own commands and then copied for each test."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox
from tests.snapshot import Snapshot

KEYS = ("SECRET_KEY", "SALT_KEY")


@dataclass(frozen=True)
class Prepared:
    """A database and a sandbox that know Acme, the keys of what is encrypted there, and the port of its web process."""

    database: str
    snapshot: Snapshot
    keys: Mapping[str, str]
    port: int

    def on_copies(self, world: Sandbox, database: str) -> Installation:
        """Return an installation on copies of the database and the sandbox."""
        return _PreparedInstallation(world, self.port, _ignore, {**variables(database), **self.keys})


class _PreparedInstallation(Installation):
    """An installation whose database exists already."""

    def __enter__(self) -> "_PreparedInstallation":
        return self


@contextmanager
def fresh(world: Sandbox, database: str) -> Iterator[Installation]:
    """Acme provisioned in an empty database, no process yet."""
    with Installation(world, 0, _ignore, variables(database)) as installation:
        installation.provision(file_of(world))
        yield installation


def prepare(database: str) -> Prepared:
    """Provision Acme in an empty database."""
    with unlimited() as world, fresh(world, database) as installation:
        keys = {name: installation.environment[name] for name in KEYS}
    return Prepared(database, Snapshot.of(world, {}), keys, installation.port)


def unlimited() -> Sandbox:
    """A store and an Exact with no minute's limit."""
    sandbox = Sandbox()
    sandbox.exact.set(minute_limit=100_000, day_limit=1_000_000)
    return sandbox


def file_of(world: Sandbox) -> dict[str, Any]:
    """The provision file of Acme: one store on one division."""
    file = world.provision_file(password="alice-has-a-password")
    file["stores"], file["connections"] = file["stores"][:1], file["connections"][:1]
    file["exact"][0]["divisions"] = [100001]
    return file


def variables(database: str) -> dict[str, str]:
    """The environment of the processes: they do not wait long."""
    return {
        "DATABASE_URL": database,
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
        "CONNECTOR_SETTLE_SECONDS": "1",
        "CONNECTOR_SWEEP_SECONDS": "1",
    }


def _ignore(line: str) -> None:
    """Show no progress."""
