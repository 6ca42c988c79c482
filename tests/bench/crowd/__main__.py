"""`make crowd`: many organisations' orders through two web servers and three workers, one of them killed now and then.

Exit code 0 when every order is exactly one invoice with its total.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from django.utils.module_loading import import_string

from tests.bench.crowd.installation import database, prepare
from tests.bench.crowd.world import World


def main() -> int:
    """Run the crowd; returns 0 when nothing is missing, doubled or different."""
    asked = _arguments()
    world = World(asked.organisations)
    with database() as database_url, world.sandbox:
        prepare(world, database_url)
        log = Path(tempfile.gettempdir()) / f"crowd-{os.getpid()}.log"
        # Its module needs Django, which reads the environment that was just written.
        run = import_string("tests.bench.crowd.run.Run")(world, log, asked.kill_seconds)
        return int(run.play(max(1, asked.orders // asked.organisations)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make crowd", description=__doc__)
    parser.add_argument("-n", "--orders", type=int, default=10_000, help="how many orders in all")
    parser.add_argument("--organisations", type=int, default=200, help="how many organisations they belong to")
    parser.add_argument("--kill-seconds", type=float, default=7.0, help="seconds from one killed worker to the next")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
