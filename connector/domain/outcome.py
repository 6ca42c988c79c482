"""What translating an order can end in, besides a draft."""

from dataclasses import dataclass

from connector.domain.states import BlockedReason

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


@dataclass(frozen=True, slots=True)
class NeedsTaxes:
    """Some lines' VAT rate can only be told with the order's tax table, which has not been read."""

    line_keys: tuple[str, ...]
