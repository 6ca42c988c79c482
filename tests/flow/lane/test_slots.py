"""The threads of a queue process: as many lanes as it has threads, and the next one waits for a thread."""

import threading
from functools import partial

import pytest

from connector.flow import stopping
from connector.flow.lane import slots
from connector.flow.lane.slots import Slots


@pytest.fixture
def ends() -> threading.Event:
    """Lets the turns end."""
    return threading.Event()


def until(ends: threading.Event) -> None:
    ends.wait(10)


def fail() -> None:
    raise ZeroDivisionError


def busy(number: int, ends: threading.Event) -> Slots:
    """A process all of whose threads are busy until `ends`."""
    threads = Slots(number)
    for _turn in range(number):
        assert threads.wait()
        threads.begin(partial(until, ends))
    return threads


def test_a_process_serves_many_lanes_at_once_and_nobody_waits(ends: threading.Event) -> None:
    threads = busy(3, ends)
    assert not threads.a_lane_waits
    ends.set()


def test_a_lane_waits_for_a_thread_until_a_turn_ends(ends: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = busy(1, ends)
    monkeypatch.setattr(slots, "LOOK_SECONDS", 0.001)
    seen: list[bool] = []

    def look() -> bool:
        seen.append(threads.a_lane_waits)
        if seen[-1]:
            ends.set()
        return False

    monkeypatch.setattr(stopping, "is_asked", look)
    assert threads.wait()
    assert seen[:2] == [False, True]
    assert not threads.a_lane_waits


def test_a_stop_ends_the_wait_for_a_thread(ends: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = busy(1, ends)
    monkeypatch.setattr(slots, "LOOK_SECONDS", 0.001)
    answers = iter([False, True])
    monkeypatch.setattr(stopping, "is_asked", lambda: next(answers))
    assert not threads.wait()
    ends.set()


def test_a_lane_does_not_wait_for_one_process_for_ever(ends: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = busy(1, ends)
    monkeypatch.setattr(slots, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(slots, "PATIENCE_SECONDS", 0.003)
    assert not threads.wait()
    ends.set()


def test_a_turn_that_fails_gives_its_thread_back(ends: threading.Event) -> None:
    threads = Slots(1)
    assert threads.wait()
    failed = threads.begin(fail)
    assert isinstance(failed.exception(10), ZeroDivisionError)
    assert threads.wait()
