"""A period of business days in a zone, and the moments in UTC between which they lie."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from connector.domain.wording import BadSetting
from connector.domain.wording import marked as _

DAY = timedelta(days=1)
# No shop and no books are older; far from what a calendar can hold.
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Days:
    """The business days from `first` to `last`, both included, in the zone of the store."""

    first: date
    last: date
    zone: str

    @classmethod
    def of(cls, first: date | None, last: date | None, *, zone: str, start: date, now: datetime) -> Self:
        """Return the period that a person asked for: without a first day from `start`, without a last day to today.

        Raises BadSetting for a period that ends before it begins, for one in the future, and for one before
        `EARLIEST`. A last day may be tomorrow's: somewhere else it is tomorrow already. It then ends today.
        """
        today = now.astimezone(ZoneInfo(zone)).date()
        begin = first or max(start, EARLIEST)
        if begin < EARLIEST:
            raise BadSetting(
                _("The period begins on %(first)s, before there were any books. Give a day from %(earliest)s on."),
                first=begin,
                earliest=EARLIEST,
            )
        if begin > today:
            raise BadSetting(
                _("The period begins on %(first)s, which is in the future. Give a day up to %(today)s."),
                first=begin,
                today=today,
            )
        if last is not None and last > today + DAY:
            raise BadSetting(
                _("The period ends on %(last)s, which is in the future. Give a day up to %(today)s."),
                last=last,
                today=today,
            )
        end = min(last or today, today)
        if end < begin:
            raise BadSetting(_("The period ends on %(last)s, before it begins on %(first)s."), first=begin, last=end)
        return cls(begin, end, zone)

    @classmethod
    def month(cls, day: date, zone: str) -> Self:
        """Return the calendar month of a day."""
        return cls(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]), zone)

    @property
    def since(self) -> datetime:
        """The moment in UTC at which the first day begins."""
        return _begins(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The moment in UTC at which the last day is over; it does not belong to the period."""
        return _begins(self.after, self.zone)

    @property
    def after(self) -> date:
        """The first day that does not belong to the period any more."""
        return self.last + DAY

    def day_of(self, moment: datetime) -> date:
        """Return the business day of a moment in UTC."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def __contains__(self, moment: datetime) -> bool:
        return self.since <= moment < self.until

    def __iter__(self) -> Iterator[date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + number * DAY

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


def _begins(day: date, zone: str) -> datetime:
    """The first moment of a day. A zone that skips its midnight begins the day behind the gap."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def runs_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return the runs of days that follow each other, each with its first day and the day after its last."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and found[-1][1] == day:
            found[-1] = (found[-1][0], day + DAY)
        else:
            found.append((day, day + DAY))
    return found
