"""What a shop waits beside busy ones, and how a worker stops: the run of `python -m tests.bench.fairness`."""

import json
import os
import subprocess
import sys

import pytest

from tests.bench.crowd.processes import ROOT
from tests.bench.table import Table


@pytest.mark.skipif(not os.environ.get("TEST_DATABASE_URL"), reason="runs workers on PostgreSQL")
def test_fairness(table: Table) -> None:
    """Put the figures of the run into the table."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.fairness", "--json"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    figures = json.loads(run.stdout.splitlines()[-1])
    table.add("Wait of a shop beside 11 busy ones, times alone", figures["wait_ratio"], goal=2)
    table.add("Wake-ups of one lane in the queue", figures["most_wake_ups"], goal=1)
    table.add("Stop of a worker", figures["stop_seconds"], goal=5, unit="s")
