"""Databases for the product's processes: SQLite files, or databases on the PostgreSQL of this run."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

SERVER = os.environ.get("TEST_DATABASE_URL")


@contextmanager
def template_of(directory: Path) -> Iterator[str]:
    """An empty database that others are copied from."""
    if SERVER:
        with _created("template", like="template1") as database:
            yield database
    else:
        yield f"sqlite:///{directory / 'prepared.sqlite3'}"


@contextmanager
def copy_of(template: str, directory: Path) -> Iterator[str]:
    """A copy of a database that nobody is connected to."""
    if SERVER:
        with _created("worker", like=urlsplit(template).path[1:]) as database:
            yield database
        return
    copied = directory / "worker.sqlite3"
    with closing(sqlite3.connect(urlsplit(template).path)) as source, closing(sqlite3.connect(copied)) as target:
        source.backup(target)
    yield f"sqlite:///{copied}"


def query(database: str, statement: str) -> list[tuple[Any, ...]]:
    """Run a statement in the database directly."""
    if database.startswith("sqlite"):
        with closing(sqlite3.connect(urlsplit(database).path, timeout=30)) as connection, connection:
            return connection.execute(statement).fetchall()
    with psycopg.connect(database, autocommit=True) as server:
        cursor = server.execute(statement)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def _created(purpose: str, like: str) -> Iterator[str]:
    assert SERVER
    name, template = sql.Identifier(f"{purpose}_{os.getpid()}"), sql.Identifier(like)
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
        yield urlunsplit(urlsplit(SERVER)._replace(path=f"/{purpose}_{os.getpid()}"))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
