"""`make faults N=2000`: seeded runs on PostgreSQL, several at a time. It prints how often each fault fired.

`make faults SEED=123` does one run alone and shows the worker's log.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.faults.outcome import Outcome
from tests.faults.pool import play, pool_of

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"


def main() -> int:
    """Do the runs; returns 0 when nothing was wrong."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    asked = _arguments()
    server = os.environ.get("TEST_DATABASE_URL") or SERVER
    seeds = range(asked.first, asked.first + asked.n) if asked.seed is None else [asked.seed]
    lanes = min(asked.lanes, len(seeds))
    with _databases(server, lanes) as databases, pool_of(databases, quiet=asked.seed is None) as pool:
        outcome = Outcome(len(seeds))
        for report in pool.map(play, seeds, chunksize=5 if len(seeds) > 50 else 1):
            outcome.add(report)
    return outcome.print_result()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("-n", type=int, default=2000, help="how many runs")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="this run alone")
    parser.add_argument("--lanes", type=int, default=2 * (os.cpu_count() or 1), help="runs at the same time")
    return parser.parse_args()


@contextmanager
def _databases(server: str, lanes: int) -> Iterator[list[str]]:
    """Make a database per lane, and drop it at the end."""
    names = [f"faults_{os.getpid()}_{number}" for number in range(lanes)]
    with psycopg.connect(server, autocommit=True) as connection:
        try:
            for name in names:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            yield [urlunsplit(urlsplit(server)._replace(path=f"/{name}")) for name in names]
        finally:
            for name in names:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    sys.exit(main())
