"""A window of calls: our count, corrected by answers, that never lets more through than either knows of."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from connector.domain.timing import call_window
from connector.domain.timing.call_window import Window

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_what_an_answer_says_counts_when_it_is_less_than_ours_for_others_call_too() -> None:
    assert Window(60, 50, NOON).told(60, 20, NOON) == Window(60, 20, NOON)


def test_an_answer_that_does_not_know_of_our_latest_calls_gives_none_back() -> None:
    assert Window(60, 50, NOON).told(60, 55, NOON + timedelta(seconds=1)).left == 50


def test_an_answer_of_a_new_window_counts_as_it_is() -> None:
    assert Window(60, 3, NOON).told(60, 59, NOON + MINUTE) == Window(60, 59, NOON + MINUTE)


def test_another_limit_than_we_assumed_counts_as_it_is() -> None:
    assert Window(60, 59, NOON).told(300, 299, NOON) == Window(300, 299, NOON)


def test_silence_changes_nothing() -> None:
    assert Window(60, 41, NOON).told(None, None, None) == Window(60, 41, NOON)


def test_a_window_that_has_ended_is_followed_by_a_full_one_with_the_limit_that_was_told() -> None:
    assert call_window.current(Window(300, 0, NOON), NOON, 60, NOON + MINUTE) == Window(300, 300, NOON + MINUTE)
    assert call_window.current(Window(300, 7, NOON), NOON - MINUTE, 60, NOON) == Window(300, 7, NOON)
    assert call_window.current(None, NOON, 60, NOON + MINUTE) == Window(60, 60, NOON + MINUTE)


def test_a_tenth_of_sixty_is_kept_so_fifty_four_are_made() -> None:
    window, made = Window(60, 60, NOON), 0
    while window.spares(Decimal("0.1")):
        window, made = window.taken(), made + 1
    assert made == 54


@pytest.mark.parametrize(("times", "seconds"), [(1, 10), (2, 20), (4, 80), (9, 2560), (10, 3600), (1000, 3600)])
def test_refusals_that_say_nothing_double_the_wait_up_to_an_hour(times: int, seconds: int) -> None:
    assert call_window.backoff(times, timedelta(seconds=10)) == timedelta(seconds=seconds)


def test_windows_end_with_the_clocks_minute_and_the_utc_day() -> None:
    moment = datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC)
    assert call_window.end_of_minute(moment) == call_window.end_of_day(moment) == datetime(2027, 1, 1, tzinfo=UTC)


def test_what_fits_into_today_takes_its_minutes() -> None:
    assert takes(540) == timedelta(minutes=10)
    assert takes(2000) == timedelta(minutes=2000 / 54)


def test_what_does_not_fit_goes_on_after_midnight_and_on_the_days_after() -> None:
    assert takes(2540) == timedelta(hours=6, minutes=10)
    assert takes(15_000) == timedelta(hours=6, days=3, minutes=1750 / 54)


def takes(calls: int) -> timedelta:
    return call_window.takes(calls, a_minute=54, left_today=2000, a_day=3750, until_tomorrow=timedelta(hours=6))
