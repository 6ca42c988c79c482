"""Acme's processes: set up by the product's own commands, once, and opened again on copies."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from connector.management.demo.stage import Stage
from connector.sandbox import Sandbox
from tests.snapshot import Snapshot

KEYS = ("SECRET_KEY", "SALT_KEY")


@dataclass(frozen=True)
class Office:
    """A database and a sandbox that know Acme, the keys of what is encrypted there, and the port of its web process."""

    database: str
    snapshot: Snapshot
    keys: Mapping[str, str]
    port: int

    def reopened(self, world: Sandbox, database: str) -> Stage:
        """The stage on copies of both."""
        return _Prepared(world, self.port, _silently, {**variables(database), **self.keys})


class _Prepared(Stage):
    """A stage whose database is there."""

    def __enter__(self) -> "_Prepared":
        return self


@contextmanager
def fresh(world: Sandbox, database: str) -> Iterator[Stage]:
    """Acme provisioned in an empty database, no process yet."""
    with Stage(world, 0, _silently, variables(database)) as stage:
        stage.provision(file_of(world))
        yield stage


def in_an_empty(database: str) -> Office:
    """Provision Acme in an empty database."""
    with unlimited() as world, fresh(world, database) as stage:
        keys = {name: stage.environment[name] for name in KEYS}
    return Office(database, Snapshot.of(world, {}), keys, stage.port)


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


def _silently(line: str) -> None:
    """Nobody reads along."""
