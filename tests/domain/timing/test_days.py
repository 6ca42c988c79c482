"""A period of business days: half-open in UTC, also where a clock is changed, and nothing of the future."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.timing.days import DAY, Days, runs_of
from connector.domain.wording import BadSetting

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
AMSTERDAM = "Europe/Amsterdam"
ZONES = [AMSTERDAM, "America/New_York", "Pacific/Auckland", "America/Sao_Paulo", "UTC", "Asia/Kolkata"]


def of(first: str = "", last: str = "", zone: str = AMSTERDAM) -> Days:
    days = [date.fromisoformat(each) if each else None for each in (first, last)]
    return Days.of(*days, zone=zone, start=date(2026, 1, 1), now=NOW)


def test_a_month_begins_and_ends_at_the_stores_midnight() -> None:
    month = Days.month(date(2026, 11, 17), AMSTERDAM)
    assert (month.first, month.last) == (date(2026, 11, 1), date(2026, 11, 30))
    assert (month.since, month.until) == (
        datetime(2026, 10, 31, 23, 0, tzinfo=UTC),
        datetime(2026, 11, 30, 23, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)])
def test_a_day_on_which_the_clock_is_changed_is_as_long_as_it_is(day: str, hours: int) -> None:
    days = of(day, day)
    assert days.until - days.since == timedelta(hours=hours)


def test_it_is_the_stores_day_that_counts() -> None:
    days = of("2026-11-01", "2026-11-01", "America/New_York")
    assert datetime(2026, 11, 1, 3, 59, tzinfo=UTC) not in days
    assert datetime(2026, 11, 1, 4, 0, tzinfo=UTC) in days
    assert datetime(2026, 11, 2, 5, 0, tzinfo=UTC) not in days  # the clock went back in between


def test_without_days_it_goes_from_the_start_to_today() -> None:
    assert (of().first, of().last) == (date(2026, 1, 1), date(2026, 11, 30))


def test_tomorrow_may_be_today_somewhere_else() -> None:
    assert of("2026-11-01", "2026-12-01").last == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-12-01", "", "begins on 2026-12-01, which is in the future"),
        ("2026-11-01", "2026-12-02", "ends on 2026-12-02, which is in the future"),
        ("0001-01-01", "", "begins on 0001-01-01, before there were any books"),
        ("2026-11-02", "2026-11-01", "ends on 2026-11-01, before it begins on 2026-11-02"),
    ],
)
def test_a_period_that_makes_no_sense_is_said_in_a_sentence(first: str, last: str, words: str) -> None:
    with pytest.raises(BadSetting, match=words):
        of(first, last)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 400), st.sampled_from(ZONES))
def test_each_moment_belongs_to_exactly_one_day(first: date, length: int, zone: str) -> None:
    days = Days(first, first + length * DAY, zone)
    each = [Days(day, day, zone) for day in days]
    assert each[0].since == days.since
    assert each[-1].until == days.until
    assert all(before.until == after.since for before, after in pairwise(each))
    assert all(day.day_of(day.since) == day.first for day in each if _has_midnight(day.first, zone))


def _has_midnight(day: date, zone: str) -> bool:
    there = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return there.astimezone(UTC).astimezone(ZoneInfo(zone)).hour == 0


def test_days_that_follow_each_other_are_one_run() -> None:
    day = date(2026, 11, 1)
    assert runs_of([day, day + DAY, day + 4 * DAY, day]) == [(day, day + 2 * DAY), (day + 4 * DAY, day + 5 * DAY)]
    assert runs_of([]) == []


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2026, 2, 11), date(9999, 12, 31)])
def test_each_month_that_a_calendar_holds_has_its_last_day(day: date) -> None:
    month = Days.month(day, "UTC")
    assert (month.first.day, month.first.month, month.last.month) == (1, day.month, day.month)
    assert month.last.day == {1: 31, 2: 28, 12: 31}[day.month]


def test_a_start_date_of_before_all_books_begins_with_them() -> None:
    days = Days.of(None, None, zone="UTC", start=date(1, 1, 1), now=datetime(2026, 1, 2, tzinfo=UTC))
    assert days.first == date(2000, 1, 1)
