"""An action that calls vendors holds the division, and gives it back whatever happens."""

import pytest

from connector.clients.errors import Unavailable
from connector.flow import leases
from connector.flow.actions import held_division
from connector.flow.actions.held_division import held
from connector.flow.actions.transaction import NotPossible
from connector.models import Division
from tests.factories import DivisionFactory


@pytest.fixture
def division(db: None) -> Division:
    return DivisionFactory.create()


def is_free(division: Division) -> bool:
    lease = leases.acquire(Division, division.pk)
    if lease is not None:
        leases.release(lease)
    return lease is not None


def test_nobody_else_has_the_division_meanwhile(division: Division) -> None:
    with held(division.pk) as clients:
        assert clients.division == division
        assert not is_free(division)
    assert is_free(division)


def test_a_lane_at_work_is_waited_for_and_then_said(division: Division, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_division, "PATIENCE_SECONDS", 0.0)
    lease = leases.acquire(Division, division.pk)
    assert lease is not None
    with pytest.raises(NotPossible, match="Try again"), held(division.pk):
        pass
    leases.release(lease)


def test_what_a_vendor_says_is_said_and_the_division_given_back(division: Division) -> None:
    with pytest.raises(NotPossible, match="Exact is away"), held(division.pk):
        raise Unavailable("Exact is away")
    assert is_free(division)
    with pytest.raises(NotPossible, match="Try again"), held(division.pk):
        raise leases.LeaseLost("taken")
    assert is_free(division)
