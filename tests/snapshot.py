"""A world kept as it is at one moment, of which every test gets a copy: a sandbox, and the rows of the database.

To provision over HTTP takes a third of a second, to copy what came of it a few milliseconds. A copy is as old as
the moment at which it is made: tokens and timestamps are moved along.
"""

import pickle
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Event, Lock, RLock
from typing import Any, Self

from django.conf import settings
from django.db import connection, transaction

from connector.flow.setup.provision.ask_vendors import VendorAnswers
from connector.sandbox import Sandbox
from connector.sandbox.exact.service import FakeExact
from tests.packed import move_along, pack

# What cannot be copied is made again, by the function of this name.
MAKE = {"lock": Lock, "rlock": RLock, "event": Event}
NAMES = {type(make()): name for name, make in MAKE.items()}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*\+00:00")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table as the database hands them out."""

    name: str
    columns: list[str]
    rows: list[tuple[Any, ...]]

    def write(self, later: timedelta) -> None:
        """Insert the rows, every moment in them so much later."""
        quote = connection.ops.quote_name
        columns = ", ".join(quote(name) for name in self.columns)
        row = f"({', '.join(['%s'] * len(self.columns))})"
        values = [_moved(value, later) for row in self.rows for value in row]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {quote(self.name)} ({columns}) VALUES {', '.join([row] * len(self.rows))}", values
            )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A stopped sandbox, the provision file that was made of it, the rows that were written, and what the vendors
    answered meanwhile. Without `moves` a copy's moments stay as they were."""

    sandbox: bytes
    file: dict[str, Any]
    tables: list[Table] = field(default_factory=list)
    answers: VendorAnswers = field(default_factory=VendorAnswers)
    moves: bool = True
    taken: datetime = field(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def of(
        cls,
        sandbox: Sandbox,
        file: dict[str, Any],
        tables: Iterable[Table] = (),
        answers: VendorAnswers | None = None,
        *,
        moves: bool = True,
    ) -> Self:
        """Keep this moment. The sandbox must be stopped."""
        pickled = BytesIO()
        _Pickler(pickled).dump(sandbox)
        return cls(pickled.getvalue(), file, list(tables), answers or VendorAnswers(), moves)

    def copy_sandbox(self, *, as_new: bool = True) -> Sandbox:
        """Make a sandbox in the kept state, not started; its tokens and timestamps are new, or as old as they are."""
        sandbox = _Unpickler(BytesIO(self.sandbox)).load()
        assert isinstance(sandbox, Sandbox)
        if as_new:
            _move_along(sandbox.exact, self._later())
        return sandbox

    def write_rows(self) -> None:
        """Insert the kept rows under their own keys."""
        with transaction.atomic():
            for table in self.tables:
                table.write(self._later())

    @property
    def age(self) -> timedelta:
        """How long ago it was taken, in whole seconds."""
        return timedelta(seconds=int((datetime.now(UTC) - self.taken).total_seconds()))

    def _later(self) -> timedelta:
        return self.age if self.moves else timedelta()


def read_tables() -> list[Table]:
    """Return all tables of the database that have rows, but for the cache, whose entries belong to one test."""
    with connection.cursor() as cursor:
        names = {*connection.introspection.table_names(cursor)} - {settings.CACHES["default"]["LOCATION"]}
        return [table for name in sorted(names) if (table := _read(cursor, name)).rows]


def _read(cursor: Any, name: str) -> Table:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
    return Table(name, [column[0] for column in cursor.description], cursor.fetchall())


def _moved(value: Any, later: timedelta) -> Any:
    """A moment, or a text such as JSON with moments in it."""
    if isinstance(value, datetime):
        return value + later
    if isinstance(value, str) and "+00:00" in value:  # most values have none, and the search costs more
        return MOMENT.sub(lambda found: (datetime.fromisoformat(found[0]) + later).isoformat(), value)
    return value


def _move_along(exact: FakeExact, later: timedelta) -> None:
    """Let tokens have been issued, and rows been entered, so much later."""
    for grant in {id(grant): grant for grant in exact.oauth.grants.values()}.values():
        grant.refresh_issued += later
        grant.access_issued += later
    exact.oauth.access = {token: (grant, end + later) for token, (grant, end) in exact.oauth.access.items()}
    for division in exact.divisions.values():
        move_along(division, later)


class _Pickler(pickle.Pickler):
    def persistent_id(self, thing: Any) -> tuple[str, int] | None:
        name = NAMES.get(type(thing))
        return None if name is None else (name, id(thing))

    def reducer_override(self, thing: Any) -> Any:
        return pack(thing) or NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: BytesIO) -> None:
        super().__init__(file)
        self._made: dict[tuple[str, int], Any] = {}

    def persistent_load(self, key: Any) -> Any:
        if key not in self._made:
            self._made[key] = MAKE[key[0]]()
        return self._made[key]
