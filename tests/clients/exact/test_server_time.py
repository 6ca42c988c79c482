"""Times of Exact's servers in UTC."""

from datetime import UTC, datetime

from connector.clients.exact.server_time import to_utc


def test_a_time_of_the_server_is_that_of_its_region() -> None:
    summer, winter = (datetime.fromisoformat(f"2026-{month}-25T16:31") for month in ("06", "01"))
    assert to_utc(summer, "nl") == datetime(2026, 6, 25, 14, 31, tzinfo=UTC)
    assert to_utc(winter, "fr") == datetime(2026, 1, 25, 15, 31, tzinfo=UTC)
    assert to_utc(summer, "uk") == datetime(2026, 6, 25, 15, 31, tzinfo=UTC)
    assert to_utc(None, "nl") is None
