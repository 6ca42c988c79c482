"""The states of a document, and the allowed transitions between them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

LONGEST_REASON: Final = 500
"""The most characters of a person's reason for an action."""


class State(StrEnum):
    """The state of a document. Texts say "held" for blocked."""

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
    """Which half of posting is next."""

    CREATE = "create"
    PRINT = "print"


class BlockedReason(StrEnum):
    """Why a person is needed. A document with several reasons has the first one in this order."""

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
    S.POSTED: frozenset({S.SKIPPED}),  # a person takes it out of Exact while it is open
    S.BLOCKED: frozenset({S.PENDING, S.POSTED, S.SKIPPED}),
    S.SKIPPED: frozenset({S.PENDING, S.POSTED}),
}


class IllegalTransition(Exception):
    """The table of states has no such transition."""


def check(old: State, new: State) -> None:
    """Raise IllegalTransition unless a document may go from `old` to `new`."""
    if new not in ALLOWED[old]:
        ways = ", ".join(sorted(ALLOWED[old]))
        raise IllegalTransition(f"A document cannot go from {old} to {new}; from {old} it goes to: {ways}.")
