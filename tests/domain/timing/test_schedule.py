from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.domain.timing.schedule import BadSchedule, Schedule, last_release, next_release

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "now", "last", "following"),
    [
        ("immediate", "2026-03-03 12:00", "2026-03-03 12:00", "2026-03-03 12:00"),
        ("immediate window=22:00-06:00", "2026-03-03 23:00", "2026-03-03 23:00", "2026-03-03 23:00"),
        ("immediate window=22:00-06:00", "2026-03-03 05:59", "2026-03-03 05:59", "2026-03-03 05:59"),
        ("immediate window=22:00-06:00", "2026-03-03 06:00", "2026-03-03 06:00", "2026-03-03 22:00"),
        ("immediate window=22:00-06:00", "2026-03-03 12:00", "2026-03-03 06:00", "2026-03-03 22:00"),
        ("immediate window=09:00-17:00", "2026-03-03 08:00", "2026-03-02 17:00", "2026-03-03 09:00"),
        ("every:15m", "2026-03-03 12:14", "2026-03-03 12:00", "2026-03-03 12:15"),
        ("every:1m", "2026-03-03 12:14", "2026-03-03 12:14", "2026-03-03 12:15"),
        ("every:1440m", "2026-03-03 12:14", "2026-03-03 00:00", "2026-03-04 00:00"),
        ("every:15m", "2026-03-03 12:15", "2026-03-03 12:15", "2026-03-03 12:30"),
        ("every:15m", "2026-03-03 23:59", "2026-03-03 23:45", "2026-03-04 00:00"),
        ("every:15m window=22:00-06:00", "2026-03-03 12:14", "2026-03-03 05:45", "2026-03-03 22:00"),
        ("every:15m window=22:00-06:00", "2026-03-03 22:10", "2026-03-03 22:00", "2026-03-03 22:15"),
        ("every:50m window=01:00-01:50", "2026-03-03 01:20", "2026-03-02 01:40", "2026-03-03 01:40"),
        ("every:50m window=01:00-01:50", "2026-03-03 02:00", "2026-03-03 01:40", "2026-03-04 01:40"),
        ("hourly", "2026-03-03 12:14", "2026-03-03 12:00", "2026-03-03 13:00"),
        ("daily:02:30", "2026-03-03 02:29", "2026-03-02 02:30", "2026-03-03 02:30"),
        ("daily:02:30 window=22:00-06:00", "2026-03-03 12:00", "2026-03-03 02:30", "2026-03-04 02:30"),
    ],
)
def test_releases_of_an_ordinary_day(schedule: str, now: str, last: str, following: str) -> None:
    parsed = Schedule.parse(schedule)
    assert last_release(parsed, at(now), AMSTERDAM) == at(last)
    assert next_release(parsed, at(now), AMSTERDAM) == at(following)


def test_a_manual_schedule_never_releases_by_itself() -> None:
    for text in ("manual", "manual window=09:00-17:00"):
        assert last_release(Schedule.parse(text), at("2026-03-03 12:00"), AMSTERDAM) is None
        assert next_release(Schedule.parse(text), at("2026-03-03 12:00"), AMSTERDAM) is None


@pytest.mark.parametrize(
    ("schedule", "now", "last"),
    [
        # 29 March 2026: 02:00 is followed by 03:00, which is 01:00 in UTC.
        ("daily:02:30", "2026-03-29 12:00", "2026-03-29 01:30"),
        ("every:15m", "2026-03-29 01:05", "2026-03-29 01:00"),
        # 25 October 2026: 03:00 is followed by 02:00 again, at 01:00 in UTC.
        ("daily:02:30", "2026-10-25 12:00", "2026-10-25 00:30"),
        ("every:15m", "2026-10-25 01:20", "2026-10-25 01:15"),
        ("immediate window=01:00-02:30", "2026-10-25 01:15", "2026-10-25 00:30"),
        # A window that the skipped hour turns round does not open that day.
        ("immediate window=02:45-03:15", "2026-03-29 01:20", "2026-03-28 02:15"),
    ],
)
def test_the_clock_changes(schedule: str, now: str, last: str) -> None:
    assert last_release(Schedule.parse(schedule), utc(now), AMSTERDAM) == utc(last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "sometimes", "every:15", "every:0m", "every:1441m", "every:-5m", "daily", "daily:24:00", "daily:2:30"),
        *("hourly window=22:00", "hourly window=22:00-22:00", "daily:12:00 window=22:00-06:00"),
        *(
            "every:60m window=22:05-22:10",
            "immediate manual",
            "immediate window=22:00-06:00 x",
            "every:15m\n;",
            "daily:0२:30",
        ),
    ],
)
def test_rubbish_is_refused_and_quoted(text: str) -> None:
    with pytest.raises(BadSchedule) as refusal:
        Schedule.parse(text)
    assert repr(text) in str(refusal.value)


SCHEDULES = [
    *("immediate", "immediate window=01:30-02:15", "immediate window=22:00-02:30", "every:7m", "hourly"),
    *("every:45m window=23:00-03:30", "daily:02:30", "daily:02:30 window=02:00-03:00"),
]
ZONES = ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "UTC"]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SCHEDULES),
    st.sampled_from(ZONES),
    st.timedeltas(timedelta(0), timedelta(days=730)),
    st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_a_later_time_never_has_an_earlier_release(text: str, name: str, since: timedelta, later: timedelta) -> None:
    schedule, zone, now = Schedule.parse(text), ZoneInfo(name), datetime(2025, 1, 1, tzinfo=UTC) + since
    last, following = last_release(schedule, now, zone), next_release(schedule, now, zone)
    assert last is not None
    assert following is not None
    assert last <= now <= following
    later_last = last_release(schedule, now + later, zone)
    assert later_last is not None
    assert later_last >= last
    if schedule.kind == "points":
        assert last_release(schedule, following, zone) == following


def test_a_window_is_open_when_it_opens_and_shut_when_it_closes() -> None:
    assert Schedule.parse("daily:09:00 window=09:00-17:00").at is not None
    with pytest.raises(BadSchedule):
        Schedule.parse("daily:17:00 window=09:00-17:00")


@pytest.mark.parametrize("how", ["immediate", "every:15m", "every:60m", "hourly", "daily:22:30", "manual"])
@pytest.mark.parametrize("window", ["", " window=22:00-06:00"])
def test_a_schedule_is_written_as_it_is_read(how: str, window: str) -> None:
    assert Schedule.parse(f"{how}{window}").text == f"{how}{window}"
    assert Schedule.parse(f"  {how} {window} ").text == f"{how}{window}"
