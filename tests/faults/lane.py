"""One lane of the runner: a process that does one run after the other."""

import gc
import logging

from django.conf import settings

from tests.faults.plan import plan
from tests.faults.report import Report
from tests.faults.run import Run
from tests.faults.setup.lane_world import LaneWorld
from tests.faults.workers import WorkerProcesses


class Lane:
    """Does runs by their seeds. It makes the worker processes first, before anything that a fork would copy."""

    def __init__(self, *, quiet: bool) -> None:
        options = settings.DATABASES["default"].setdefault("OPTIONS", {})
        options["options"] = "-c search_path=public,pg_catalog -c synchronous_commit=off"
        settings.CONNECTOR_SETTLE_SECONDS = 120.0  # the tests have none
        if quiet:
            logging.disable(logging.CRITICAL)
        self.world = LaneWorld(WorkerProcesses(), quiet=quiet)
        gc.collect()
        gc.freeze()  # the garbage collector skips what stays

    def play(self, seed: int) -> Report:
        """Do one run."""
        return Run(self.world, plan(seed)).play()
