"""`python -m tests.bench.fairness`: what a shop with one order waits beside busy shops, and how a worker stops.

A real worker on PostgreSQL, and fakes that answer after a while, as vendors do. The median wait of many shops with one
order each beside busy ones, against the same alone; the most wake-ups of one lane in the queue; the seconds from a
SIGTERM to every process until the end. `--workers 16 --lanes 1` compares processes with threads.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from django.utils.module_loading import import_string

from tests.bench.crowd.installation import database, prepare
from tests.bench.crowd.world import World

SINGLE, BUSY = 30, 11  # shops


def main() -> int:
    """Measure and print; returns 0 when each figure reaches its goal."""
    asked = _arguments()
    world = World(SINGLE + BUSY)
    with database() as database_url, world.sandbox:
        prepare(world, database_url, WORKERS=str(asked.workers), WORKER_LANES=str(asked.lanes))
        run = import_string("tests.bench.fairness.run.Run")(world, SINGLE, Path(tempfile.gettempdir()) / "fairness.log")
        figures = run.play(asked.backlog, asked.answer_seconds)
    sys.stdout.write(f"{json.dumps(asdict(figures)) if asked.json else figures}\n")
    return 0 if figures.reach_the_goals else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fairness", description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="WORKERS: processes of the worker")
    parser.add_argument("--lanes", type=int, default=8, help="WORKER_LANES: lanes that each serves at once")
    parser.add_argument("--answer-seconds", type=float, default=0.1, help="how long each call of a vendor takes")
    parser.add_argument("--backlog", type=int, default=100, help="orders of each busy shop")
    parser.add_argument("--json", action="store_true", help="print the figures as one object")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
