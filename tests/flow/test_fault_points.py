"""A fault point: read from its text, and it strikes once."""

import os
import signal
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from connector.flow import fault_points
from connector.flow.fault_points import POINTS


def test_unarmed_nothing_happens() -> None:
    for point in POINTS:
        fault_points.reach(point)


def test_it_strikes_the_nth_time_and_then_never_again(monkeypatch: pytest.MonkeyPatch) -> None:
    signals: list[Any] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: signals.append(number))
    fault_points.arm("claimed:hang:2")
    for _ in range(4):
        fault_points.reach("fetched")
        fault_points.reach("claimed")
    assert signals == [signal.SIGSTOP]


@pytest.mark.parametrize("text", ["nowhere:kill", "claimed:explode", "claimed", "claimed:kill:0", "claimed:kill:x"])
def test_what_is_not_understood_is_refused_with_the_names(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="posted_before_record"):
        fault_points.arm(text)
