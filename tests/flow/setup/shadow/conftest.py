"""No worker is woken in these tests: they have the turns themselves."""

import pytest


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The wake-ups that were sent."""
    sent: list[int] = []
    monkeypatch.setattr("connector.flow.lane.wakeup.wake_shadow", sent.append)
    return sent
