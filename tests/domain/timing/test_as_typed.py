"""Days and times in every form that people type."""

from datetime import date, time
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.timing.as_typed import NotADay, NotATime, day_form, read_day, read_time

AMSTERDAM, NEW_YORK = "Europe/Amsterdam", "America/New_York"
ZONES = (AMSTERDAM, NEW_YORK, "Europe/Berlin", "Europe/London", "America/Indiana/Knox", "UTC")


@pytest.mark.parametrize(
    "typed",
    ["31-12-2026", "31/12/2026", "31.12.2026", "31 12 2026", "2026-12-31", "2026/12/31", "31-12-26", " 31. 12. 2026 "],
)
@pytest.mark.parametrize("zone", ZONES)
def test_a_day_that_can_be_read_in_one_way_is_read_everywhere(typed: str, zone: str) -> None:
    assert read_day(typed, zone) == date(2026, 12, 31)


def test_day_and_month_stand_in_the_order_of_the_country() -> None:
    for typed in ("3-2-2026", "03/02/2026", "3.2.26"):
        assert read_day(typed, AMSTERDAM) == date(2026, 2, 3)
        assert read_day(typed, NEW_YORK) == date(2026, 3, 2)
    assert read_day("12/31/2026", AMSTERDAM) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (AMSTERDAM, "31-12-2026"),
        ("Europe/Berlin", "31.12.2026"),
        ("Europe/London", "31/12/2026"),
        (NEW_YORK, "12/31/2026"),
        ("Pacific/Honolulu", "12/31/2026"),
    ],
)
def test_a_refused_day_shows_a_right_one_of_the_country(zone: str, shown: str) -> None:
    for typed in ("", "soon", "31-2-2026", "2026-13-01", "1-1-0206", "1-1", "31122026"):
        with pytest.raises(NotADay, match=f"write it like {shown}"):
            read_day(typed, zone)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(sorted(available_timezones())))
def test_a_day_is_read_as_it_is_shown(day: date, zone: str) -> None:
    assert read_day(day.strftime(day_form(zone)), zone) == day
    assert read_day(day.isoformat(), zone) == day


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        *((typed, time(2, 30)) for typed in ("2:30", "02:30", "02.30", "0230", "230", "2.30u", "2u30", "02:30:00")),
        *((typed, time(14, 30)) for typed in ("14h30", "14.30 uur", "14:30 Uhr", "2:30 pm", "2.30 P.M.")),
        *((typed, time(0)) for typed in ("0", "00:00", "12 am")),
        ("9", time(9)),
        ("12pm", time(12)),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, read: time) -> None:
    assert read_time(typed) == read


@pytest.mark.parametrize("typed", ["", "noon", "24:00", "14:60", "13 pm", "0 am", "12345", "9.5"])
def test_a_refused_time_shows_right_ones(typed: str) -> None:
    with pytest.raises(NotATime, match="write it like 02:30"):
        read_time(typed)
