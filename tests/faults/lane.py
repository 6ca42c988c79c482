"""One lane of the runner: a process with its workers, its stage and one run after the other."""

import gc
import logging

from django.conf import settings

from tests.faults.plan import plan
from tests.faults.report import Report
from tests.faults.run import Run
from tests.faults.setup.stage import Stage
from tests.faults.workers import Workers


class Lane:
    """Plays runs by their seeds. The workers come first: what they fork must hold nothing."""

    def __init__(self, *, quiet: bool) -> None:
        options = settings.DATABASES["default"].setdefault("OPTIONS", {})
        options["options"] = "-c search_path=public,pg_catalog -c synchronous_commit=off"
        settings.CONNECTOR_SETTLE_SECONDS = 120.0  # the tests have none
        if quiet:
            logging.disable(logging.CRITICAL)
        self.stage = Stage(Workers(), quiet=quiet)
        gc.collect()
        gc.freeze()  # what stays is not looked through again and again

    def play(self, seed: int) -> Report:
        """Play one run."""
        return Run(self.stage, plan(seed)).play()
