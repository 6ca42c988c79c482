"""What other rules would move: the money of each code before and after, and the orders that become held or free."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from connector.domain.fit.add_up import Amounts, amount
from connector.domain.fit.outcome import MOVED, Outcome, Share, Verdict
from connector.domain.money import ZERO

_NOTHING = Share(ZERO, ZERO)
Pair = tuple[Outcome, Outcome]
"""What an order becomes by the rules in force, and by the other ones."""


@dataclass(slots=True)
class Move:
    """What moves to or from a code. `documents` counts those whose money under the code differs.

    `before` and `after` are net amounts by currency, of orders that would be posted either way.
    """

    documents: int = 0
    before: Amounts = field(default_factory=lambda: defaultdict(lambda: ZERO))
    after: Amounts = field(default_factory=lambda: defaultdict(lambda: ZERO))


@dataclass(frozen=True, slots=True)
class Moves:
    """`changed` counts the orders that would be posted either way, in another form. The other two are ids of orders."""

    changed: int
    becomes_held: tuple[str, ...]
    becomes_free: tuple[str, ...]
    by_code: dict[str, dict[str, Move]]

    def to_json(self) -> dict[str, Any]:
        """Return the moves as a JSON object, with amounts as text by currency."""
        return {
            "changed": self.changed,
            "becomes_held": list(self.becomes_held),
            "becomes_free": list(self.becomes_free),
            **{f"by_{kind}": {code: _json(move) for code, move in self.by_code[kind].items()} for kind in MOVED},
        }


def moves(pairs: Iterable[Pair]) -> Moves:
    """Compare what each order becomes by the rules in force and by other ones."""
    found = list(pairs)
    both = [(old, new) for old, new in found if old.verdict is new.verdict is Verdict.FIT]
    return Moves(
        changed=sum(old.shares != new.shares for old, new in both),
        becomes_held=tuple(_which(found, Verdict.FIT, Verdict.HELD)),
        becomes_free=tuple(_which(found, Verdict.HELD, Verdict.FIT)),
        by_code={kind: _by_code(kind, both) for kind in MOVED},
    )


def _which(pairs: Iterable[Pair], before: Verdict, after: Verdict) -> Iterable[str]:
    return (new.order_id for old, new in pairs if (old.verdict, new.verdict) == (before, after))


def _by_code(kind: str, pairs: Iterable[Pair]) -> dict[str, Move]:
    """Return what moves, by code. A code of which nothing moves is left out."""
    found = defaultdict[str, Move](Move)
    for old, new in pairs:
        before, after = old.shares.get(kind, {}), new.shares.get(kind, {})
        for code in before.keys() | after.keys():
            then, now = before.get(code, _NOTHING), after.get(code, _NOTHING)
            found[code].documents += then != now
            found[code].before[old.currency] += then.net
            found[code].after[new.currency] += now.net
    return {code: move for code, move in sorted(found.items()) if move.documents}


def _json(move: Move) -> dict[str, Any]:
    def written(amounts: Amounts) -> dict[str, str]:
        return {currency: amount(value, currency) for currency, value in sorted(amounts.items())}

    return {"documents": move.documents, "before": written(move.before), "after": written(move.after)}
