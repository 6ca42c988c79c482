"""Chooses the documents of a turn, one after the other."""

from dataclasses import dataclass, field

from connector.flow.clock import database_now
from connector.flow.inbox import intake
from connector.flow.lane import due
from connector.models import Connection

# For so many documents deliveries are taken in, and the lane's connections looked up, at once.
LOOKED_UP_FOR = 10


@dataclass(slots=True)
class Queue:
    """The documents of a lane. Each is read when its turn comes, with all that it depends on.

    So what a person has changed meanwhile is seen at the next document. New deliveries and connections are looked for
    after some documents, after trouble, and when nothing seems to be due.
    """

    division_id: int
    ignore_schedule: bool
    _open: list[Connection] = field(default_factory=list)
    _left: int = 0

    def next(self) -> due.Found | None:
        """Return the next document; None when nothing is due."""
        if self._left > 0 and (found := self._first()) and self._needs_no_look(found):
            self._left -= 1
            return found
        intake.take_in(self.division_id)
        self._open = due.open_connections(self.division_id, database_now())
        self._left = LOOKED_UP_FOR - 1
        return self._first()

    def look_again(self) -> None:
        """Look for deliveries and connections before the next document."""
        self._left = 0

    def _needs_no_look(self, found: due.Found) -> bool:
        # An approved draft is posted without reading the order, unless a delivery came.
        return found.document.approved_at is None and found.is_released_as(self._open)

    def _first(self) -> due.Found | None:
        return due.next_due(self.division_id, database_now(), ignore_schedule=self.ignore_schedule, among=self._open)
