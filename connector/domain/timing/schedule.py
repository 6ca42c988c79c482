"""When documents may be posted. Times are in the tenant's time zone; moments are aware datetimes in UTC."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from connector.domain.choices import ScheduleKind
from connector.domain.wording import BadSetting
from connector.domain.wording import marked as _

_DAY = 24 * 60
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_FORM = re.compile(
    rf"(?P<kind>immediate|manual|hourly|every:(?P<minutes>\d{{1,4}})m|daily:(?P<at>{_TIME}))"
    rf"(?: +window=(?P<opens>{_TIME})-(?P<closes>{_TIME}))?",
    re.ASCII,
)
# Days to search. The change to or from summer time can put one day's moment outside its window, never several days'.
_HORIZON = 4


class BadSchedule(BadSetting):
    """The text is no schedule, or a schedule that never releases anything; its words quote it."""


@dataclass(frozen=True, slots=True)
class Window:
    """The time from `opens` until just before `closes`. A `closes` that is not later is on the next day."""

    opens: time
    closes: time

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the moments at which the window of that day opens and closes."""
        last = day if self.opens < self.closes else day + timedelta(days=1)
        return _moment(day, self.opens, zone), _moment(last, self.closes, zone)

    def admits(self, wall: time) -> bool:
        """Whether the window is open at that time of an ordinary day."""
        if self.opens < self.closes:
            return self.opens <= wall < self.closes
        return wall >= self.opens or wall < self.closes


@dataclass(frozen=True, slots=True)
class Schedule:
    """When rows are released: every so many `minutes` from midnight (also `hourly`), or once a day `at` a time."""

    kind: ScheduleKind
    minutes: int = 0
    at: time | None = None
    window: Window | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `immediate`, `every:15m`, `hourly`, `daily:02:30` or `manual`.

        Each may have a window: `daily:02:30 window=22:00-06:00`.
        Raises BadSchedule when the text is no schedule, or never releases anything.
        """
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise BadSchedule(
                _(
                    "%(schedule)s is no schedule; write immediate, every:15m, hourly, daily:02:30 or manual, "
                    "and if you like a window after it: daily:02:30 window=22:00-06:00."
                ),
                schedule=repr(text),
            )
        kind = ScheduleKind(found["kind"].partition(":")[0])
        schedule = cls(
            kind,
            minutes=60 if kind == ScheduleKind.HOURLY else int(found["minutes"] or 0),
            at=_time(found["at"]) if found["at"] else None,
            window=Window(_time(found["opens"]), _time(found["closes"])) if found["opens"] else None,
        )
        schedule.check(repr(text))
        return schedule

    @property
    def text(self) -> str:
        """The schedule as it is stored; `parse` reads it as the same."""
        how = f"every:{self.minutes}m" if self.kind == ScheduleKind.EVERY else self.kind.value
        how += f":{self.at:%H:%M}" if self.at is not None else ""
        return f"{how} window={self.window.opens:%H:%M}-{self.window.closes:%H:%M}" if self.window else how

    def check(self, called: str) -> None:
        """Raise BadSchedule when it never releases anything; the sentence calls it that."""
        if self.window and self.window.opens == self.window.closes:
            raise BadSchedule(_("The window of %(schedule)s ends when it begins."), schedule=called)
        if self.kind in {ScheduleKind.IMMEDIATE, ScheduleKind.MANUAL}:
            return
        if self.at is None and not 1 <= self.minutes <= _DAY:
            raise BadSchedule(
                _("%(schedule)s: the interval is from 1 to %(most)s minutes."), schedule=called, most=_DAY
            )
        walls = [self.at] if self.at is not None else [time(*divmod(m, 60)) for m in range(0, _DAY, self.minutes)]
        if self.window and not any(self.window.admits(wall) for wall in walls):
            raise BadSchedule(
                _("%(schedule)s never releases anything: none of its times is inside its window."), schedule=called
            )

    def points(self, day: date, zone: ZoneInfo) -> Iterator[datetime]:
        """Yield the moments of that day at which rows are released, in order. The window is not applied."""
        if self.at is not None:
            yield _moment(day, self.at, zone)
        elif self.minutes:
            # Elapsed time, not wall time, so that the repeated hour in autumn is not left out.
            point, end = (_moment(each, time.min, zone) for each in (day, day + timedelta(days=1)))
            while point < end:
                yield point
                point += timedelta(minutes=self.minutes)


def last_release(schedule: Schedule, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the last moment until now at which rows were released; None when the schedule is manual."""
    if schedule.kind == ScheduleKind.MANUAL:
        return None
    if schedule.kind == ScheduleKind.IMMEDIATE:
        return now if _open(schedule, now, zone) else _last_close(schedule, now, zone)
    for day in _days(now, zone, -1):
        points = [p for p in schedule.points(day, zone) if p <= now and _open(schedule, p, zone)]
        if points:
            return points[-1]
    return None


def next_release(schedule: Schedule, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the first moment from now on at which rows are released; None when the schedule is manual."""
    if schedule.kind == ScheduleKind.MANUAL:
        return None
    if schedule.kind == ScheduleKind.IMMEDIATE:
        return now if _open(schedule, now, zone) else _next_open(schedule, now, zone)
    return next(
        (
            point
            for day in _days(now, zone, +1)
            for point in schedule.points(day, zone)
            if point > now and _open(schedule, point, zone)
        ),
        None,
    )


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """That wall time in UTC. When the clock goes back it is the first of two; a skipped time is moved forward."""
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)


def _days(now: datetime, zone: ZoneInfo, direction: int) -> Iterator[date]:
    today = now.astimezone(zone).date()
    return (today + timedelta(days=direction * ahead) for ahead in range(_HORIZON))


def _windows(schedule: Schedule, now: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The windows around now, the newest first."""
    if schedule.window:
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        days = (tomorrow - timedelta(days=back) for back in range(_HORIZON))
        yield from ((opens, closes) for opens, closes in (schedule.window.on(d, zone) for d in days) if opens < closes)


def _open(schedule: Schedule, moment: datetime, zone: ZoneInfo) -> bool:
    return schedule.window is None or any(o <= moment < c for o, c in _windows(schedule, moment, zone))


def _last_close(schedule: Schedule, now: datetime, zone: ZoneInfo) -> datetime | None:
    return max((closes for _, closes in _windows(schedule, now, zone) if closes <= now), default=None)


def _next_open(schedule: Schedule, now: datetime, zone: ZoneInfo) -> datetime | None:
    return min((opens for opens, _ in _windows(schedule, now, zone) if opens > now), default=None)
