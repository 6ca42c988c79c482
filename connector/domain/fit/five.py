"""The few orders that differ most from each other, so that looking at them shows most of what the rules do."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from connector.domain.fit.outcome import Outcome, Verdict
from connector.domain.money import ZERO

FEW = 5


def most_different(outcomes: Iterable[Outcome], number: int = FEW) -> tuple[str, ...]:
    """Return the ids of at most `number` orders that would be posted, the one that shows most first.

    Each next one shows the most that those before it do not: countries, rates, codes, kinds of line, currencies, ways
    to pay. Of equal ones the rarer shows more, and then the larger amount.
    """
    left = [each for each in outcomes if each.verdict is Verdict.FIT]
    often = Counter(trait for each in left for trait in each.traits)
    shown, chosen = set[str](), list[str]()
    while left and len(chosen) < number:
        best = max(left, key=lambda each: _shows(each, shown, often))
        left.remove(best)
        shown |= best.traits
        chosen.append(best.order_id)
    return tuple(chosen)


def _shows(outcome: Outcome, shown: set[str], often: Counter[str]) -> tuple[Decimal, ...]:
    rarity = sum((Decimal(1) / often[trait] for trait in sorted(outcome.traits)), ZERO)
    return Decimal(len(outcome.traits - shown)), rarity, outcome.total, -Decimal(outcome.order_id)
