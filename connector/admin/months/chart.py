"""The chart of a month: per day a bar of the store and a bar of Exact, so that a gap is seen before it is read.

It is geometry only: the template and the PDF draw the same bars.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT = 760, 200
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What both sides come to on a day, gross, in one currency."""

    day: date
    store: Decimal
    exact: Decimal

    @property
    def differs(self) -> bool:
        """Whether the two sides differ on this day."""
        return self.store != self.exact


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `y` downwards. Lengths are units of the drawing, `WIDTH` by `HEIGHT`."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class DayBars:
    """A day with its two bars; `middle` is where its label stands."""

    figures: DayFigures
    store: Bar
    exact: Bar
    middle: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of all days, where zero is, and the highest and lowest amounts."""

    days: tuple[DayBars, ...]
    zero: float
    highest: Decimal
    lowest: Decimal


def draw(days: Sequence[DayFigures]) -> Chart:
    """Lay out the bars. A day with more given back than sold has bars below zero."""
    amounts = [amount for each in days for amount in (each.store, each.exact)]
    highest, lowest = max([_ZERO, *amounts]), min([_ZERO, *amounts])
    unit = HEIGHT / float(highest - lowest or 1)
    zero = float(highest) * unit
    step = WIDTH / max(len(days), 1)
    bar = step * 0.4

    def of(amount: Decimal, x: float) -> Bar:
        length = float(amount) * unit
        return Bar(round(x, 2), round(zero - max(length, 0), 2), round(bar, 2), round(abs(length), 2))

    bars = (
        DayBars(
            each,
            of(each.store, place * step + bar * 0.2),
            of(each.exact, place * step + bar * 1.2),
            round((place + 0.5) * step, 2),
        )
        for place, each in enumerate(days)
    )
    return Chart(tuple(bars), round(zero, 2), highest, lowest)
