"""The day of booking: in a period that exists, that Exact did not refuse and that no person closed."""

from datetime import date

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.timing.periods import Calendar, Span, booking_day

MONTHS = [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31")]
JANUARY, FEBRUARY, MARCH = (Span(date.fromisoformat(start), date.fromisoformat(end)) for start, end in MONTHS)
ORDERED, TODAY = date(2026, 1, 5), date(2026, 3, 20)


def year(*closed: Span) -> Calendar:
    """Three months, of which Exact refused some."""
    return Calendar((JANUARY, FEBRUARY, MARCH), closed)


def day(calendar: Calendar, *, first_open: bool = True, wanted: date = ORDERED, today: date = TODAY) -> date | Code:
    found = booking_day(wanted, today, calendar, first_open=first_open)
    return found.code if isinstance(found, Problem) else found


def test_both_ends_of_a_period_belong_to_it() -> None:
    assert JANUARY.start in JANUARY
    assert JANUARY.end in JANUARY
    assert date(2025, 12, 31) not in JANUARY
    assert FEBRUARY.start not in JANUARY


def test_a_day_in_an_open_period_stays() -> None:
    assert day(year()) == ORDERED
    assert day(year(FEBRUARY), first_open=False) == ORDERED


def test_a_day_without_a_period_is_held_and_never_moved() -> None:
    assert day(year(), wanted=date(2025, 12, 31)) == Code.PERIOD_MISSING
    assert day(year(), today=date(2026, 4, 1)) == Code.PERIOD_MISSING


def test_where_no_periods_are_known_none_is_missing() -> None:
    assert day(Calendar()) == ORDERED


def test_a_day_of_a_closed_period_is_held_unless_it_may_be_moved() -> None:
    assert day(year(JANUARY), first_open=False) == Code.PERIOD_CLOSED
    assert day(year(JANUARY)) == FEBRUARY.start
    assert day(year(JANUARY, FEBRUARY)) == MARCH.start


def test_it_is_moved_to_today_at_the_latest() -> None:
    assert day(year(JANUARY, FEBRUARY), today=MARCH.start) == MARCH.start
    assert day(year(JANUARY, FEBRUARY), today=FEBRUARY.end) == Code.NO_OPEN_PERIOD
    assert day(year(JANUARY, FEBRUARY, MARCH)) == Code.NO_OPEN_PERIOD


def test_a_part_of_a_period_that_was_refused_is_closed_and_the_next_one_open() -> None:
    assert year(JANUARY).first_open(date(2026, 2, 10)) == date(2026, 2, 10)
    assert year(FEBRUARY).first_open(date(2026, 2, 10)) == MARCH.start
    assert year().first_open(date(2026, 4, 1)) is None


@pytest.mark.parametrize(
    ("wanted", "month"),
    [
        (date(2026, 2, 28), "2026-02-01 to 2026-02-28"),
        (date(2028, 2, 1), "2028-02-01 to 2028-02-29"),
        (date(2026, 12, 31), "2026-12-01 to 2026-12-31"),
    ],
)
def test_a_period_that_is_not_known_is_the_calendar_month(wanted: date, month: str) -> None:
    assert str(Calendar().span_of(wanted)) == month


def test_a_period_that_is_known_need_not_be_a_month() -> None:
    quarter = Span(JANUARY.start, MARCH.end)
    assert Calendar((quarter,)).span_of(ORDERED) == quarter


def test_periods_are_read_in_the_order_of_their_days() -> None:
    rows = [{"start": start, "end": end} for start, end in reversed(MONTHS)]
    found = Calendar.of([*rows, {"start": "2026-04-01", "end": ""}], [FEBRUARY.to_json()])
    assert found == year(FEBRUARY)


def ended(
    *months: Span, periods: tuple[Span, ...] = (JANUARY, FEBRUARY, MARCH), refused: tuple[Span, ...] = ()
) -> Calendar:
    """The same months, of which a person closed some in the portal."""
    return Calendar(periods, refused, months)


def test_a_day_of_a_month_that_a_person_closed_is_held_unless_it_may_be_moved() -> None:
    held = booking_day(ORDERED, TODAY, ended(JANUARY), first_open=False)
    assert isinstance(held, Problem)
    assert (held.code, held.params["month"]) == (Code.MONTH_CLOSED, "2026-01")
    assert day(ended(JANUARY)) == FEBRUARY.start
    assert day(ended(FEBRUARY)) == ORDERED


def test_the_first_open_day_is_in_neither_kind_of_closed_period() -> None:
    assert day(ended(JANUARY, refused=(FEBRUARY,))) == MARCH.start
    assert day(ended(FEBRUARY, refused=(JANUARY,))) == MARCH.start
    assert day(ended(JANUARY, FEBRUARY, MARCH)) == Code.MONTH_CLOSED
    assert day(ended(FEBRUARY, MARCH, refused=(JANUARY,))) == Code.NO_OPEN_PERIOD


def test_where_no_periods_are_known_the_day_after_a_closed_month_is_open() -> None:
    assert day(ended(JANUARY, periods=())) == FEBRUARY.start
    assert day(ended(JANUARY, FEBRUARY, periods=())) == MARCH.start


def test_a_month_may_end_inside_a_period() -> None:
    quarter = Span(JANUARY.start, MARCH.end)
    assert day(ended(JANUARY, periods=(quarter,))) == FEBRUARY.start
