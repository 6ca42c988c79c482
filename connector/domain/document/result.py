"""What translating an order gives when it gives no draft: problems, or the details that it needs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from connector.domain.document.codes import Code
from connector.domain.document.states import BlockedReason, SkipReason

Params = Mapping[str, str | int]
_SERIOUSNESS: list[BlockedReason | SkipReason | None] = list(BlockedReason)
_CODES = frozenset(Code)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an order is not posted, or what changed in one that is and what follows.

    `line` is the key of the line with the problem; "" for the whole order. `connector.problems` has the sentence of
    each code. The parameters complete it.
    """

    code: Code
    line: str = ""
    params: Params = field(default_factory=dict)

    @property
    def reason(self) -> BlockedReason | SkipReason | None:
        """The ledger's reason; None when the document goes on by itself."""
        return self.code.reason


class CannotBe(Exception):
    """The domain cannot do what it was asked for. `problem` says why."""

    def __init__(self, code: Code, /, **params: object) -> None:
        self.problem = problem(code, **params)
        super().__init__(f"{code}: {dict(self.problem.params)}")


def problem(code: Code, /, **params: object) -> Problem:
    """Return a problem with its parameters as texts and whole numbers. A parameter `line` is the line's key."""
    kept = {name: value if isinstance(value, int) else str(value) for name, value in params.items()}
    return Problem(code, str(params.get("line", "")), kept)


def to_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Write problems as JSON."""
    return [{"code": str(each.code), "line": each.line, "params": dict(each.params)} for each in problems]


def from_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Read what `to_json` wrote. Codes that do not exist any more are left out."""
    known = (row for row in rows if row["code"] in _CODES)
    return tuple(Problem(Code(row["code"]), row["line"], row["params"]) for row in known)


def as_param(inner: Problem) -> str:
    """Write a problem as the parameter of another one, so that each reader gets both in one language."""
    return json.dumps(to_json((inner,)))


def of_param(text: str) -> tuple[Problem, ...] | None:
    """Read what `as_param` wrote; None for a finished sentence, as earlier releases kept it."""
    return from_json(json.loads(text)) if text.startswith('[{"code": ') else None


@dataclass(frozen=True, slots=True)
class Held:
    """The order cannot be posted: all its problems."""

    problems: tuple[Problem, ...]

    @property
    def reason(self) -> BlockedReason | SkipReason | None:
        """The ledger's reason: that of the most serious problem."""
        return most_serious(self.problems).reason


def most_serious(problems: Sequence[Problem]) -> Problem:
    """Return the problem that the document shows first, by the order of BlockedReason."""
    return min(problems, key=lambda each: _SERIOUSNESS.index(each.reason) if each.reason in _SERIOUSNESS else 0)


class Detail(StrEnum):
    """What is read of an order only when a rule needs it, because it costs more calls."""

    TAXES = "taxes"
    CUSTOMER_GROUP = "customer_group"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Needs:
    """The details that must be read before a line's VAT rate or rule is known."""

    what: frozenset[Detail]
