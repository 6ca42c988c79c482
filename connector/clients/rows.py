"""The rows of a vendor's list: one that cannot be read is named, and the others are read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from connector.clients.strict_json import Unreadable
from connector.clients.wording import Given, complete, marked
from connector.clients.wording import marked as _

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OddRow:
    """A row of a list that cannot be read. `words` say what is wrong with it, marked for the catalogues; `given`
    completes them.

    `name` is its name in the list, "" without one. `what` is a marked word for what it is, "" where the name says it.
    """

    name: str
    words: str
    given: Given = field(default_factory=dict)
    what: str = ""

    def said(self, translate: Callable[[str], str]) -> str:
        """Its name and what is wrong with it, with each marked word translated."""
        return f"{self._named(translate)}: {complete(self.words, self.given, translate)}"

    def __str__(self) -> str:
        return self.said(marked)

    def _named(self, translate: Callable[[str], str]) -> str:
        if not self.what:
            return self.name or translate(_("a record without an id"))
        named = _("%(what)s %(name)s") if self.name else _("%(what)s without an id")
        return translate(named) % {"what": translate(self.what), "name": self.name}


Odd = Callable[[OddRow], None]
"""Gets each row of a list that cannot be read."""


def read_all(
    rows: Iterable[object], read: Callable[[Any], T], odd: Odd | None, name: Callable[[object], str]
) -> list[T]:
    """The rows as they are read, without those that cannot be. Raises Unreadable for one of these without `odd`."""
    if odd is None:
        return [read(an_object(row)) for row in rows]
    return [each for row in rows for each in read_or_tell(row, read, odd, name(row))]


def read_or_tell(row: object, read: Callable[[Any], T], odd: Odd, name: str, what: str = "") -> list[T]:
    """The row as it is read; nothing when it cannot be read, and `odd` then gets its name and why."""
    try:
        return [read(an_object(row))]
    except Unreadable as error:
        odd(OddRow(name, error.words, error.given, what))
        return []


def an_object(row: object) -> Mapping[str, Any]:
    """The row itself. Raises Unreadable when it is no object."""
    if not isinstance(row, Mapping):
        raise Unreadable(_("it is no object"))
    return row
