"""What translating an order can end in, besides a draft."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from connector.domain.document.codes import Code
from connector.domain.document.states import BlockedReason, SkipReason

Params = Mapping[str, str | int]
_SERIOUSNESS = list(BlockedReason)


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps an order from being posted. `line` is the key of the line that it is about, "" the whole order.

    `connector.problems` has the sentence of each code, which the parameters complete.
    """

    code: Code
    line: str = ""
    params: Params = field(default_factory=dict)

    @property
    def reason(self) -> BlockedReason | SkipReason:
        """The ledger's reason."""
        return self.code.reason


class CannotBe(Exception):
    """Something that was asked of the domain cannot be; `problem` says why."""

    def __init__(self, code: Code, /, **params: object) -> None:
        self.problem = problem(code, **params)
        super().__init__(f"{code}: {dict(self.problem.params)}")


def problem(code: Code, /, **params: object) -> Problem:
    """Return a problem with its parameters as texts and whole numbers. A parameter `line` is the line's key."""
    kept = {name: value if isinstance(value, int) else str(value) for name, value in params.items()}
    return Problem(code, str(params.get("line", "")), kept)


@dataclass(frozen=True, slots=True)
class Held:
    """The order cannot be posted as things are: every problem of it at once."""

    problems: tuple[Problem, ...]

    @property
    def reason(self) -> BlockedReason | SkipReason:
        """The ledger's reason: that of the most serious problem."""
        return most_serious(self.problems).reason


def most_serious(problems: tuple[Problem, ...]) -> Problem:
    """Return the problem that the document is told to have: the first by the order of BlockedReason."""
    return min(problems, key=lambda each: _SERIOUSNESS.index(BlockedReason(each.reason)))


class Detail(StrEnum):
    """What is read of an order only when it is needed: each costs further calls."""

    TAXES = "taxes"
    CUSTOMER_GROUP = "customer_group"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Needs:
    """Without these, which have not been read, a line's VAT rate, or which rule applies, cannot be told."""

    what: frozenset[Detail]
