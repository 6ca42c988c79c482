"""What an entry of the chain says of lines from which personal data was taken, and how such lines are held against it.

The entry has, by number and place, the hash of each line as it is since. So a line that was changed once more is still
seen. Of a delivery it has the name before and the name since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from connector.domain.document import chain

KIND: Final = "forgotten"
"""The kind of such an entry."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What such entries say. `lines`: hash by number and place. `deliveries`: name since, by name before."""

    lines: Mapping[tuple[int, int], str] = field(default_factory=dict)
    deliveries: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Mapping[str, Any]]) -> Self:
        """Read the data of the entries, the oldest first."""
        lines, deliveries = dict[tuple[int, int], str](), dict[str, str]()
        for data in entries:
            lines |= {(number, place): digest for number, place, digest in data.get("lines", [])}
            deliveries |= dict(data.get("deliveries", []))
        return cls(lines, deliveries)

    def to_json(self) -> dict[str, Any]:
        """Return the data of an entry."""
        lines = [[number, place, digest] for (number, place), digest in sorted(self.lines.items())]
        return {"lines": lines, "deliveries": sorted(map(list, self.deliveries.items()))}

    def has(self, number: int, place: int, content: Mapping[str, Any]) -> bool:
        """Whether a line, or an entry at place 0, is as it was left when personal data was taken from it."""
        return self.lines.get((number, place)) == chain.digest(content)

    def is_named(self, number: int, place: int) -> bool:
        """Whether personal data was taken from a line, so that its bodies may be gone."""
        return (number, place) in self.lines

    def since(self, delivery: str) -> str:
        """Return the name that a delivery has since; the same when nothing was taken from it."""
        return self.deliveries.get(delivery, delivery)
