"""The rows of a vendor's list: one that cannot be read is named, and the others are read."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from connector.clients.strict_json import Unreadable
from connector.clients.wording import marked as _

T = TypeVar("T")


class OddRow(str):
    """A row of a list that cannot be read, in words: its name in the list, and what is wrong with it."""

    name: str

    def __new__(cls, name: str, why: str) -> "OddRow":
        row = super().__new__(cls, f"{name}: {why}")
        row.name = name
        return row


Odd = Callable[[OddRow], None]
"""Gets each row of a list that cannot be read."""


def read_all(
    rows: Iterable[object], read: Callable[[Any], T], odd: Odd | None, name: Callable[[object], str]
) -> list[T]:
    """The rows as they are read, without those that cannot be. Raises Unreadable for one of these without `odd`."""
    if odd is None:
        return [read(an_object(row)) for row in rows]
    return [each for row in rows for each in read_or_tell(row, read, odd, name(row))]


def read_or_tell(row: object, read: Callable[[Any], T], odd: Odd, name: str) -> list[T]:
    """The row as it is read; nothing when it cannot be read, and `odd` then gets its name and why."""
    try:
        return [read(an_object(row))]
    except Unreadable as error:
        odd(OddRow(name, str(error)))
        return []


def an_object(row: object) -> Mapping[str, Any]:
    """The row itself. Raises Unreadable when it is no object."""
    if not isinstance(row, Mapping):
        raise Unreadable(_("it is no object"))
    return row
