"""A command waits for the vendor's next window of calls."""

from datetime import timedelta
from typing import Any

import pytest

from connector.flow.clock import database_now
from connector.sandbox import Sandbox
from tests.flow.setup.provision.test_run import run


def test_a_minute_without_calls_is_waited_out(
    file: dict[str, Any], sandbox: Sandbox, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.exact.faults.add("429_minute", "GET", "*GLAccounts*")
    naps: list[float] = []
    monkeypatch.setattr("connector.flow.outbound.within_budget.stopping.pause", naps.append)
    clock = database_now
    monkeypatch.setattr(
        "connector.flow.outbound.rate_limits.database_now", lambda: clock() + timedelta(seconds=sum(naps))
    )
    run(file)
    assert len(naps) <= 2  # Exact's clock is read to the second, so a second nap may be of one
    assert 0 < naps[0] <= 61
