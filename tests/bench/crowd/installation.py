"""An installation for real processes: a database of its own on PostgreSQL, and the environment that leads there."""

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.core.management import call_command
from psycopg import sql

from tests.bench.crowd.world import World

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"


@contextmanager
def database() -> Iterator[str]:
    """Make a database on the server of TEST_DATABASE_URL, and drop it at the end."""
    server, name = os.environ.get("TEST_DATABASE_URL") or SERVER, f"crowd_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def prepare(world: World, database_url: str, **variables: str) -> None:
    """Write the environment of the installation, and make its tables. `variables` are settings of this run."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(40),
        "SALT_KEY": secrets.token_urlsafe(20),
        "DEBUG": "false",
        "DATABASE_URL": database_url,
        "REDIS_URL": "",
        "EMAIL_URL": "memorymail://",
        "LOG_FORMAT": "json",
        "PUBLIC_URL": "http://127.0.0.1:9",
        "ALLOWED_HOSTS": "127.0.0.1",
        "ALLOW_INSECURE_UPSTREAMS": "true",
        "BIGCOMMERCE_API_URL": world.sandbox.store_url,
        "EXACT_ONLINE_URL": world.sandbox.exact_url,
        "CONNECTOR_SWEEP_SECONDS": "5",
        "CONNECTOR_SETTLE_SECONDS": "2",
        "WORKERS": "2",
    }
    os.environ.update({**settings, **variables})
    django.setup()
    started = time.monotonic()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    sys.stderr.write(f"The tables are made: {time.monotonic() - started:.0f} s\n")
