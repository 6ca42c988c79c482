"""What translating an order can end in, besides a draft."""

from dataclasses import dataclass
from enum import StrEnum

from connector.domain.document.states import BlockedReason

_SERIOUSNESS = list(BlockedReason)


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps an order from being posted, as a sentence for a person; `line_key` "" = the whole order."""

    reason: BlockedReason
    line_key: str
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """The order cannot be posted as things are: every problem of it at once."""

    problems: tuple[Problem, ...]

    @property
    def reason(self) -> BlockedReason:
        """The document's reason: the first of its problems' by the order of BlockedReason."""
        return min((problem.reason for problem in self.problems), key=_SERIOUSNESS.index)


class Detail(StrEnum):
    """What is read of an order only when it is needed: each costs further calls."""

    TAXES = "taxes"
    CUSTOMER_GROUP = "customer_group"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Needs:
    """Without these, which have not been read, a line's VAT rate, or which rule applies, cannot be told."""

    what: frozenset[Detail]
