"""The times that Exact writes, which are its server's local time, in UTC."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

# The zone of each region's servers. `current/Me` showed it for France; for the others it is assumed.
_ZONES = {"uk": "Europe/London", "us": "America/New_York"}
_ELSEWHERE = "Europe/Amsterdam"


def to_utc(moment: datetime | None, region: str) -> datetime | None:
    """Return a time of an answer, such as Modified, in UTC; None for none. Of an hour that the clocks go through
    twice it is the first one: good enough to tell which side changed last, and for nothing finer.
    https://start.exactonline.nl/docs/HlpRestAPIResourcesDetails.aspx?name=SystemSystemMe"""
    if moment is None:
        return None
    return moment.replace(tzinfo=ZoneInfo(_ZONES.get(region, _ELSEWHERE))).astimezone(UTC)
