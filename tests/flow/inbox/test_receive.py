"""When the disk is full the webhook says 503, and BigCommerce sends again; as soon as there is room it says 200.

On SQLite the database may not grow. On PostgreSQL the inbox is moved to a small disk of its own, which is filled: a
tablespace on a file system in memory. That takes the right to mount and the server on this machine; so the same error
(class 53100, disk full) is also raised by a trigger, which any server can do.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

import pytest
from django.db import connection

from connector.clients.bigcommerce.webhook import By
from connector.domain.choices import WebhookAuth
from connector.flow.inbox.receive import PROOFS
from connector.models import Delivery
from tests.acme import Acme

SERVER_FILES = Path("/usr/lib/postgresql")
TABLE = Delivery._meta.db_table
FILLED = "filled"


class Disk(Protocol):
    """The disk of the inbox. It is full until a test makes room."""

    def make_room(self) -> None:
        """Let it grow again."""


class Pages:
    """SQLite may not take another page; what room is left is filled."""

    def __init__(self) -> None:
        execute("PRAGMA max_page_count = 1")  # no less than there are

    def make_room(self) -> None:
        execute("PRAGMA max_page_count = 1000000")


class Trigger:
    """PostgreSQL says that the disk is full at every second delivery."""

    def __init__(self) -> None:
        execute(
            "CREATE SEQUENCE full_turns; CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF nextval('full_turns') % 2 = 0 THEN RAISE 'could not extend file' USING ERRCODE = '53100'; END IF; "
            "RETURN NEW; END $$; "
            f"CREATE TRIGGER disk_full BEFORE INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION disk_full()"
        )

    def make_room(self) -> None:
        execute("DROP FUNCTION IF EXISTS disk_full CASCADE; DROP SEQUENCE IF EXISTS full_turns")


class Tablespace:
    """The inbox and its indexes on a disk of one megabyte, which something else fills up."""

    def __init__(self, disk: Path) -> None:
        self.filler = disk / FILLED
        relations = execute(
            "SELECT 'TABLE', %s::text UNION SELECT 'INDEX', indexname::text FROM pg_indexes WHERE tablename = %s",
            (TABLE, TABLE),
        )
        for what, name in relations:
            execute(f'ALTER {what} "{name}" SET TABLESPACE {disk.name}')
        with self.filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))

    def make_room(self) -> None:
        self.filler.unlink(missing_ok=True)


def execute(statement: str, values: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Run one statement, outside of any transaction."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def small_disk() -> Iterator[Path]:
    """A tablespace on a mounted megabyte; what lay on it is moved away in the end."""
    if os.geteuid() != 0 or not shutil.which("mount") or not SERVER_FILES.exists():
        pytest.skip("needs the server on this machine, and root to mount a disk for it")
    disk = Path(mkdtemp(prefix="disk_", dir="/tmp"))
    options = f"size=1m,mode=700,uid={pwd.getpwnam('postgres').pw_uid}"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], check=False).returncode:
        disk.rmdir()
        pytest.skip("this machine lets nobody mount a disk")
    try:
        execute(f"CREATE TABLESPACE {disk.name} LOCATION '{disk}'")
        try:
            yield disk
        finally:
            execute(f"ALTER TABLE ALL IN TABLESPACE {disk.name} SET TABLESPACE pg_default")
            execute(f"ALTER INDEX ALL IN TABLESPACE {disk.name} SET TABLESPACE pg_default")
            execute(f"DROP TABLESPACE {disk.name}")
    finally:
        subprocess.run(["umount", disk], check=True)
        disk.rmdir()


@contextmanager
def sqlite() -> Iterator[Disk]:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has a limit of pages")
    yield Pages()


@contextmanager
def tablespace() -> Iterator[Disk]:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has tablespaces")
    with small_disk() as disk:
        yield Tablespace(disk)


@contextmanager
def trigger() -> Iterator[Disk]:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has such errors to raise")
    yield Trigger()


@pytest.fixture(params=[sqlite, tablespace, trigger])
def full_disk(request: pytest.FixtureRequest, transactional_db: None, acme: Acme) -> Iterator[Disk]:
    """There is room for some deliveries, and then there is none."""
    with request.param() as disk:
        yield disk
        disk.make_room()


def test_503_only_while_the_row_cannot_be_stored(acme: Acme, full_disk: Disk) -> None:
    orders = range(100_000, 100_200)
    statuses = {order_id: acme.ring(order_id) for order_id in orders}
    refused = [order_id for order_id, status in statuses.items() if status == 503]
    assert refused
    assert set(statuses.values()) <= {200, 503}
    assert Delivery.objects.count() == len(statuses) - len(refused)
    full_disk.make_room()
    assert {acme.ring(order_id) for order_id in [*refused, 1001]} == {200}
    assert set(Delivery.objects.values_list("order_id", flat=True)) == {*orders, 1001}
    acme.drain(1)
    assert acme.document(1001).state == "posted"


def test_each_choice_of_a_store_names_its_proofs() -> None:
    assert {choice: set(proofs) for choice, proofs in PROOFS.items()} == {
        WebhookAuth.EITHER: {By.HEADER, By.SIGNATURE},
        WebhookAuth.SIGNATURE: {By.SIGNATURE},
        WebhookAuth.SECRET: {By.HEADER},
    }
