"""The processes of the runner's lanes. Nothing of Django is imported before a lane knows its database."""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

import django
from django.utils.module_loading import import_string

from tests.faults.report import Report


@contextmanager
def pool_of(databases: list[str], *, quiet: bool) -> Iterator[ProcessPoolExecutor]:
    """Make a process per lane."""
    spawned = multiprocessing.get_context("spawn")
    given = spawned.Queue()
    for database in databases:
        given.put(database)
    with ProcessPoolExecutor(len(databases), spawned, open_lane, (given, quiet)) as pool:
        yield pool


_lane: list[Any] = []  # in a lane's process: its lane


def open_lane(databases: "multiprocessing.Queue[str]", quiet: bool) -> None:
    """In a lane's process: prepare the lane on one of the databases."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["TEST_DATABASE_URL"] = databases.get()
    django.setup()
    _lane.append(import_string("tests.faults.lane.Lane")(quiet=quiet))


def play(seed: int) -> Report:
    """In a lane's process: do one run."""
    report: Report = _lane[0].play(seed)
    return report
