"""The stage of the tests in this folder."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from connector.flow import fault_points
from tests.acme import Acme
from tests.faults.clock import Clock
from tests.faults.setup.scene import Scene


@pytest.fixture
def clock(acme: Acme) -> Iterator[Clock]:
    """One clock for the database and both fakes."""
    moved = Clock(acme.sandbox.exact, acme.sandbox.stores)
    yield moved
    moved.reset()


@pytest.fixture
def scene(acme: Acme, clock: Clock, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Scene]:
    """Acme, ready for anything; an unclear write is looked up after two minutes, as it is by default."""
    settings.CONNECTOR_SETTLE_SECONDS = 120
    acme.sandbox.exact.calls.clear()
    yield Scene(acme, clock, monkeypatch)
    fault_points.arm("")
