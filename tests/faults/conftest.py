"""The fixtures of this folder."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from connector.flow import fault_points
from tests.acme import Acme
from tests.faults.clock import Clock, see_at_once
from tests.faults.setup.simulation import Simulation


@pytest.fixture
def clock(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """One clock for the database and both fakes."""
    see_at_once(monkeypatch)
    moved = Clock(acme.sandbox.exact, acme.sandbox.stores)
    yield moved
    moved.reset()


@pytest.fixture
def simulation(acme: Acme, clock: Clock, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Simulation]:
    """Acme with a clock that moves. An unclear write is looked up after the default two minutes."""
    settings.CONNECTOR_SETTLE_SECONDS = 120
    acme.sandbox.exact.calls.clear()
    yield Simulation(acme, clock, monkeypatch)
    fault_points.arm("")
