"""The order in which an action locks rows, as its statements say."""

import re
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

_WRITES = re.compile(r'^(?:UPDATE|INSERT(?: OR IGNORE)? INTO|DELETE FROM) "connector_(\w+)"')
# What only `forgotten.lock_divisions` reads. Leases and limits are columns of a division too, and locked for a moment.
_DIVISION = re.compile(r'^SELECT "connector_division"."has_forgotten"')


def locked(act: Callable[[], object], *tables: str) -> list[str]:
    """Return those of these tables of which rows are locked, in the order of their first lock."""
    with CaptureQueriesContext(connection) as done:
        act()
    found = [_locked(each["sql"]) for each in done.captured_queries]
    return [name for name in dict.fromkeys(found) if name in tables]


def _locked(sql: str) -> str:
    if _DIVISION.match(sql):
        return "division"
    match = _WRITES.match(sql)
    return match[1] if match and match[1] != "division" else ""
