"""A signal asks the process to stop, and work that takes long looks."""

import os
import signal

import pytest

from connector.flow import stopping


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_asks_until_the_block_ends(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stopping.by_signal():
        os.kill(os.getpid(), number)
        assert stopping.is_asked()
        with pytest.raises(stopping.Stopped):
            stopping.raise_if_asked()
    assert not stopping.is_asked()
    assert signal.getsignal(number) is before


def test_a_second_signal_breaks_off() -> None:
    with stopping.by_signal():
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)


def test_a_pause_ends_when_a_stop_was_asked_for() -> None:
    stopping.pause(0)
    stopping.ask()
    with pytest.raises(stopping.Stopped):
        stopping.pause(60)
    stopping.forget()
    stopping.raise_if_asked()
