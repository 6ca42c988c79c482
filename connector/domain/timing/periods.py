"""The day on which an invoice is booked. Its period must exist, and must not be closed.

Exact lists the periods (FinancialPeriods), but not which of them are closed. A refusal shows that. A person closes
months of a connection in the portal; nothing is booked in those either, whatever Exact would take.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `start` to `end`, both included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"

    def to_json(self) -> list[str]:
        """Return both days as ISO dates."""
        return [self.start.isoformat(), self.end.isoformat()]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A division's financial periods; empty when they are not known. `closed` are those that Exact refused, `ended`
    the months that a person closed in the portal."""

    periods: tuple[Span, ...] = ()
    closed: tuple[Span, ...] = ()
    ended: tuple[Span, ...] = ()

    @classmethod
    def of(cls, periods: Sequence[Mapping[str, Any]], closed: Sequence[Sequence[str]]) -> Self:
        """Read periods of the master data (`start` and `end` are ISO dates), and closed ones from `Span.to_json`."""
        known = [Span(*map(date.fromisoformat, (row["start"], row["end"]))) for row in periods if row.get("end")]
        return cls(tuple(sorted(known, key=lambda span: span.start))).with_closed(closed)

    def with_closed(self, closed: Sequence[Sequence[str]]) -> Self:
        """Return the same periods with these as the closed ones; each is a pair from `Span.to_json`."""
        return replace(self, closed=tuple(Span(*map(date.fromisoformat, pair)) for pair in closed))

    def with_ended(self, months: Sequence[str]) -> Self:
        """Return the same periods with these months as ended ones; each is the ISO date of its first day."""
        return replace(self, ended=tuple(month_of(date.fromisoformat(month)) for month in months))

    def is_missing(self, day: date) -> bool:
        """Whether the division has no period for the day; false when its periods are not known."""
        return bool(self.periods) and not any(day in span for span in self.periods)

    def is_closed(self, day: date) -> bool:
        """Whether Exact refused the day's period as closed, or a person closed its month."""
        return any(day in span for span in (*self.closed, *self.ended))

    def ended_month(self, day: date) -> Span | None:
        """Return the month of the day when a person closed it."""
        return next((span for span in self.ended if day in span), None)

    def span_of(self, day: date) -> Span:
        """Return the period of the day; its calendar month when the division's periods are not known."""
        known = next((span for span in self.periods if day in span), None)
        return known or month_of(day)

    def first_open(self, day: date) -> date | None:
        """Return the first day from `day` on in a period that is not closed; None when none is known."""
        firsts = (*(span.start for span in self.periods), *(span.end + DAY for span in self.ended))
        days = sorted(max(first, day) for first in firsts)
        return next((each for each in days if not (self.is_closed(each) or self.is_missing(each))), None)


def month_of(day: date) -> Span:
    """Return the calendar month of a day."""
    return Span(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def booking_day(wanted: date, today: date, calendar: Calendar, *, first_open: bool) -> date | Problem:
    """Return the day to book on, or the problem that there is none.

    With `first_open` an invoice of a closed period is booked on the first open day, when that is not in the future.
    An invoice without a period is never moved.
    """
    for day in (wanted, today):
        if calendar.is_missing(day):
            return problem(Code.PERIOD_MISSING, day=day)
    if not calendar.is_closed(wanted):
        return wanted
    later = calendar.first_open(wanted) if first_open else None
    if later and later <= today:
        return later
    if month := calendar.ended_month(wanted):
        return problem(Code.MONTH_CLOSED, month=f"{month.start:%Y-%m}")
    return problem(Code.NO_OPEN_PERIOD if first_open else Code.PERIOD_CLOSED, period=calendar.span_of(wanted))
