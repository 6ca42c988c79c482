"""`worker`, as a shell sees it: the supervisor, or the cluster that it starts."""

import pytest
from django.core.management import call_command

from connector.flow.worker.supervisor import Supervisor
from connector.management.commands import worker


@pytest.mark.parametrize(("options", "runs"), [([], "the supervisor"), (["--cluster"], "the cluster")])
def test_it_runs_the_supervisor_which_runs_the_cluster(
    options: list[str], runs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(Supervisor, "run", lambda self: ran.append("the supervisor"))
    monkeypatch.setattr(worker, "run_cluster", lambda: ran.append("the cluster"))
    call_command("worker", *options)
    assert ran == [runs]
