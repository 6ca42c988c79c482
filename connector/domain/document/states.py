"""The fate of a document: its states, and the only ways from one to another."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

LONGEST_REASON: Final = 500
"""Characters of the reason that a person gives for what they do, wherever it is asked for and kept."""


class State(StrEnum):
    """Where a document stands. In any text, "held" means blocked."""

    PENDING = "pending"
    PREPARING = "preparing"
    AWAITING_APPROVAL = "awaiting_approval"
    POSTING = "posting"
    UNCERTAIN = "uncertain"
    WAITING = "waiting"
    POSTED = "posted"
    BLOCKED = "blocked"
    SKIPPED = "skipped"


class Step(StrEnum):
    """Which half of posting is due."""

    CREATE = "create"
    PRINT = "print"


class BlockedReason(StrEnum):
    """Why a person is needed; of several reasons the document carries the first in this order."""

    MAPPING = "mapping"
    ITEM = "item"
    CUSTOMER = "customer"
    CURRENCY = "currency"
    TOTALS = "totals"
    REJECTED = "rejected"
    PERIOD = "period"
    DUPLICATE = "duplicate"
    DRIFT = "drift"
    EXHAUSTED = "exhausted"
    INTERNAL = "internal"


class SkipReason(StrEnum):
    """Why no document is due."""

    STATUS = "status"
    SHADOW = "shadow"
    BEFORE_START = "before_start"
    MIGRATED = "migrated"
    TEST = "test"
    ZERO = "zero"
    DELETED = "deleted"
    PERSON = "person"
    UNPAID = "unpaid"


S = State
ALLOWED: Mapping[State, frozenset[State]] = {
    S.PENDING: frozenset({S.PREPARING, S.SKIPPED}),
    S.PREPARING: frozenset({S.AWAITING_APPROVAL, S.POSTING, S.WAITING, S.BLOCKED, S.SKIPPED}),
    S.AWAITING_APPROVAL: frozenset({S.PENDING, S.POSTING, S.SKIPPED}),
    S.POSTING: frozenset({S.POSTED, S.WAITING, S.BLOCKED, S.UNCERTAIN}),
    S.UNCERTAIN: frozenset({S.POSTED, S.WAITING, S.BLOCKED}),
    S.WAITING: frozenset({S.PREPARING, S.BLOCKED}),
    S.POSTED: frozenset(),
    S.BLOCKED: frozenset({S.PENDING, S.POSTED, S.SKIPPED}),
    S.SKIPPED: frozenset({S.PENDING, S.POSTED}),
}


class IllegalTransition(Exception):
    """A document was to go from one state to another that does not follow it."""


def check(old: State, new: State) -> None:
    """Raise IllegalTransition unless a document may go from `old` to `new`."""
    if new not in ALLOWED[old]:
        ways = ", ".join(sorted(ALLOWED[old])) or "nowhere"
        raise IllegalTransition(f"A document cannot go from {old} to {new}; from {old} it goes to: {ways}.")
