"""A window of calls: our count and the vendor's answers, of which the lower one decides."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from connector.domain.timing import call_window
from connector.domain.timing.call_window import Window

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_the_lower_count_of_an_answer_is_taken_because_other_apps_call_too() -> None:
    assert Window(60, 50, NOON).corrected(60, 20, NOON) == Window(60, 20, NOON)


def test_an_answer_that_misses_our_latest_calls_returns_no_calls() -> None:
    assert Window(60, 50, NOON).corrected(60, 55, NOON + timedelta(seconds=1)).left == 50


def test_an_answer_of_a_new_window_counts_as_it_is() -> None:
    assert Window(60, 3, NOON).corrected(60, 59, NOON + MINUTE) == Window(60, 59, NOON + MINUTE)


def test_another_limit_than_we_assumed_counts_as_it_is() -> None:
    assert Window(60, 59, NOON).corrected(300, 299, NOON) == Window(300, 299, NOON)


def test_an_answer_without_limits_changes_nothing() -> None:
    assert Window(60, 41, NOON).corrected(None, None, None) == Window(60, 41, NOON)


def test_a_window_that_has_ended_is_followed_by_a_full_one_with_the_known_limit() -> None:
    assert call_window.current(Window(300, 0, NOON), NOON, 60, NOON + MINUTE) == Window(300, 300, NOON + MINUTE)
    assert call_window.current(Window(300, 7, NOON), NOON - MINUTE, 60, NOON) == Window(300, 7, NOON)
    assert call_window.current(None, NOON, 60, NOON + MINUTE) == Window(60, 60, NOON + MINUTE)


def test_a_tenth_of_sixty_calls_is_kept_so_fifty_four_are_made() -> None:
    window, made = Window(60, 60, NOON), 0
    while window.allows(Decimal("0.1")):
        window, made = window.after_a_call(), made + 1
    assert made == 54


@pytest.mark.parametrize(("times", "seconds"), [(1, 10), (2, 20), (4, 80), (9, 2560), (10, 3600), (1000, 3600)])
def test_refusals_without_a_time_double_the_wait_up_to_an_hour(times: int, seconds: int) -> None:
    assert call_window.backoff(times, timedelta(seconds=10)) == timedelta(seconds=seconds)


def test_windows_end_with_the_clocks_minute_and_the_utc_day() -> None:
    moment = datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC)
    assert call_window.end_of_minute(moment) == call_window.end_of_day(moment) == datetime(2027, 1, 1, tzinfo=UTC)


def test_what_fits_into_today_takes_its_minutes() -> None:
    assert time_for(540) == timedelta(minutes=10)
    assert time_for(2000) == timedelta(minutes=2000 / 54)


def test_what_does_not_fit_goes_on_after_midnight_and_on_the_days_after() -> None:
    assert time_for(2540) == timedelta(hours=6, minutes=10)
    assert time_for(15_000) == timedelta(hours=6, days=3, minutes=1750 / 54)


def time_for(calls: int) -> timedelta:
    return call_window.time_for(calls, a_minute=54, left_today=2000, a_day=3750, until_tomorrow=timedelta(hours=6))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Window(60, 50, NOON + timedelta(seconds=4)), True),
        (Window(60, 49, NOON), False),
        (Window(61, 50, NOON), False),
        (Window(60, 50, NOON + timedelta(seconds=6)), False),
    ],
)
def test_two_counts_are_the_same_when_the_ends_are_seconds_apart(other: Window, same: bool) -> None:
    assert Window(60, 50, NOON).says_the_same_as(other) is same


@pytest.mark.parametrize(
    ("limit", "left", "later", "expected"),
    [
        pytest.param(60, 30, 0, 30, id="the same window, fewer left"),
        pytest.param(60, 50, 0, 40, id="the same window, more left"),
        pytest.param(60, 30, 6, 40, id="another window"),
        pytest.param(50, 30, 0, 40, id="another limit"),
    ],
)
def test_the_lower_count_of_one_window_is_right(limit: int, left: int, later: int, expected: int) -> None:
    ours = Window(60, 40, NOON)
    assert ours.lower(Window(limit, left, NOON + timedelta(seconds=later))).left == expected
