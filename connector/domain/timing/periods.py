"""The day on which an invoice is booked: in a period that the division has and that is not known to be closed.

Which periods there are can be read from Exact (FinancialPeriods); which are closed cannot: a refusal tells it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both of them in it."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"

    def to_json(self) -> list[str]:
        """Two ISO dates."""
        return [self.start.isoformat(), self.end.isoformat()]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A division's financial periods; none at all means that they are not known. `closed` was told by refusals."""

    periods: tuple[Span, ...] = ()
    closed: tuple[Span, ...] = ()

    @classmethod
    def of(cls, periods: Sequence[Mapping[str, Any]], closed: Sequence[Sequence[str]]) -> Self:
        """From master data, each with `start` and `end` as ISO dates, and from what `Span.to_json` wrote."""
        known = [Span(*map(date.fromisoformat, (row["start"], row["end"]))) for row in periods if row.get("end")]
        return cls(
            tuple(sorted(known, key=lambda span: span.start)),
            tuple(Span(*map(date.fromisoformat, pair)) for pair in closed),
        )

    def is_missing(self, day: date) -> bool:
        """Whether the division has no period for the day, as far as its periods are known."""
        return bool(self.periods) and not any(day in span for span in self.periods)

    def is_closed(self, day: date) -> bool:
        """Whether a refusal told that the day's period is closed."""
        return any(day in span for span in self.closed)

    def span_of(self, day: date) -> Span:
        """The period of the day; its calendar month where the division's periods are not known."""
        known = next((span for span in self.periods if day in span), None)
        if known:
            return known
        next_month = (day.replace(day=1) + 32 * DAY).replace(day=1)
        return Span(day.replace(day=1), next_month - DAY)

    def first_open(self, day: date) -> date | None:
        """The first day from `day` on whose period is there and not known to be closed; None when none is known."""
        for span in self.periods:
            first = max(span.start, day)
            if first in span and not self.is_closed(first):
                return first
        return None


def booking_day(wanted: date, today: date, calendar: Calendar, *, first_open: bool) -> date | Problem:
    """The day to book on, or why there is none.

    With `first_open` a closed period gives way to the first open day, if that has come; a missing one never does.
    """
    for day in (wanted, today):
        if calendar.is_missing(day):
            return problem(Code.PERIOD_MISSING, day=day)
    if not calendar.is_closed(wanted):
        return wanted
    period = calendar.span_of(wanted)
    if not first_open:
        return problem(Code.PERIOD_CLOSED, period=period)
    later = calendar.first_open(wanted)
    return later if later and later <= today else problem(Code.NO_OPEN_PERIOD, period=period)
