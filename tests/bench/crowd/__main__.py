"""`make crowd`: many organisations' orders through two web servers and three workers, one of them killed now and then.

Exit code 0 when every order is exactly one invoice with its total.
"""

import argparse
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.core.management import call_command
from django.utils.module_loading import import_string
from psycopg import sql

from tests.bench.crowd.world import World

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"


def main() -> int:
    """Run the crowd; returns 0 when nothing is missing, doubled or different."""
    asked = _arguments()
    world = World(asked.organisations)
    with _database(os.environ.get("TEST_DATABASE_URL") or SERVER) as database, world.sandbox:
        _prepare(world, database)
        log = Path(tempfile.gettempdir()) / f"crowd-{os.getpid()}.log"
        # Its module needs Django, which reads the environment that was just written.
        run = import_string("tests.bench.crowd.run.Run")(world, log, asked.kill_seconds)
        return int(run.play(max(1, asked.orders // asked.organisations)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make crowd", description=__doc__)
    parser.add_argument("-n", "--orders", type=int, default=10_000, help="how many orders in all")
    parser.add_argument("--organisations", type=int, default=200, help="how many organisations they belong to")
    parser.add_argument("--kill-seconds", type=float, default=7.0, help="seconds from one killed worker to the next")
    return parser.parse_args()


@contextmanager
def _database(server: str) -> Iterator[str]:
    """Make a database, and drop it at the end."""
    name = f"crowd_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _prepare(world: World, database: str) -> None:
    """Write the environment of the installation, and make its tables."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        SECRET_KEY=secrets.token_urlsafe(40),
        SALT_KEY=secrets.token_urlsafe(20),
        DEBUG="false",
        DATABASE_URL=database,
        REDIS_URL="",
        EMAIL_URL="memorymail://",
        LOG_FORMAT="json",
        PUBLIC_URL="http://127.0.0.1:9",
        ALLOWED_HOSTS="127.0.0.1",
        ALLOW_INSECURE_UPSTREAMS="true",
        BIGCOMMERCE_API_URL=world.sandbox.store_url,
        EXACT_ONLINE_URL=world.sandbox.exact_url,
        CONNECTOR_SWEEP_SECONDS="5",
        CONNECTOR_SETTLE_SECONDS="2",
        WORKERS="2",
    )
    django.setup()
    started = time.monotonic()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    sys.stdout.write(f"The tables are made: {time.monotonic() - started:.0f} s\n")


if __name__ == "__main__":
    sys.exit(main())
