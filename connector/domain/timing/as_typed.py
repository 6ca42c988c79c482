"""Days and times as people type them, and as their country writes them."""

import re
from datetime import date, time

from connector.domain.wording import BadSetting
from connector.domain.wording import marked as _

# The time zones of the one country of ours that writes the month first.
_MONTH_FIRST = (
    *("US/", "America/Indiana/", "America/Kentucky/", "America/North_Dakota/", "America/New_York", "America/Chicago"),
    *("America/Denver", "America/Los_Angeles", "America/Phoenix", "America/Anchorage", "America/Adak"),
    *("America/Boise", "America/Detroit", "America/Juneau", "America/Menominee", "America/Metlakatla"),
    *("America/Nome", "America/Sitka", "America/Yakutat", "Pacific/Honolulu"),
)
# What stands between day, month and year. Elsewhere it is a hyphen.
_SLASH = ("Europe/London", "Europe/Dublin", "Europe/Paris", "Europe/Brussels", "Europe/Luxembourg", "Europe/Madrid")
_DOT = ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich")

_BETWEEN = r"\s*[-/. ]\s*"
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}}){_BETWEEN}(?P<month>\d{{1,2}}){_BETWEEN}(?P<day>\d{{1,2}})", re.ASCII)
_YEAR_LAST = re.compile(
    rf"(?P<first>\d{{1,2}}){_BETWEEN}(?P<second>\d{{1,2}}){_BETWEEN}(?P<year>\d{{4}}|\d{{2}})", re.ASCII
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.,hu]?\s*(?P<minute>\d{2})(?::00)?)?\s*(?:h|u|uur|uhr)?\s*(?:(?P<half>[ap])\.?m\.?)?",
    re.ASCII | re.IGNORECASE,
)


class NotADay(BadSetting):
    """The text is no day of the calendar; its words quote it and show a right one."""


class NotATime(BadSetting):
    """The text is no time of day; its words quote it and show right ones."""


def day_form(zone: str) -> str:
    """Return how the country of a time zone (IANA name) writes a day, for `strftime`."""
    if zone.startswith(_MONTH_FIRST):
        return "%m/%d/%Y"
    return "%d/%m/%Y" if zone in _SLASH else "%d.%m.%Y" if zone in _DOT else "%d-%m-%Y"


def read_day(typed: str, zone: str) -> date:
    """Read `31-12-2026`, `31/12/2026`, `31.12.26`, `1-1-2026` or `2026-12-31`.

    Day and month stand in the order of the time zone's country, unless only the other order is a day.
    Raises NotADay.
    """
    text = typed.strip()
    if found := _YEAR_FIRST.fullmatch(text):
        tries = [(found["year"], found["month"], found["day"])]
    elif found := _YEAR_LAST.fullmatch(text):
        year = found["year"] if len(found["year"]) == 4 else f"20{found['year']}"
        tries = [(year, found["second"], found["first"]), (year, found["first"], found["second"])]
    else:
        tries = []
    if zone.startswith(_MONTH_FIRST):
        tries.reverse()
    for year, month, day in tries:
        try:
            read = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if 1900 <= read.year < 2100:
            return read
    example = date(2026, 12, 31).strftime(day_form(zone))
    raise NotADay(_("%(typed)s is not a day; write it like %(example)s."), typed=repr(typed), example=example)


def read_time(typed: str) -> time:
    """Read `02:30`, `2:30`, `02.30`, `0230`, `2.30u`, `14h30` or `2:30 pm`. Raises NotATime."""
    found = _TIME.fullmatch(typed.strip())
    hour, minute = _clock(found) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise NotATime(_("%(typed)s is not a time; write it like 02:30 or 14.30."), typed=repr(typed))
    return time(hour, minute)


def _clock(found: re.Match[str]) -> tuple[int, int]:
    """Return hour and minute; the hour is 24 when that half of the day has no such hour."""
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] in "pP" else 0) if 1 <= hour <= 12 else 24
    return hour, minute
