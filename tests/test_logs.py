"""The log: a database that is away does not fill it."""

import logging
import os
import time
from collections.abc import Iterator
from io import StringIO

import psycopg
import pytest
import structlog
from django.db import OperationalError

from config import logs


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What is written, as text."""
    # Loggers in use keep their processors, which the tests that look at events change in place.
    monkeypatch.setattr(structlog, "configure", lambda **_given: None)
    root = logging.getLogger()
    before, level = root.handlers, root.level
    stream = StringIO()
    logs.configure_logs("console", stream=stream)
    yield stream
    root.handlers = before
    root.setLevel(level)


def fail() -> None:
    """All that a process says while the database is away: our own events, django-q's tracebacks, Django's."""
    structlog.get_logger("worker").warning("database_away", error="OperationalError")
    for name, error in (("django-q", OperationalError("no route")), ("django.request", psycopg.OperationalError("x"))):
        try:
            raise error
        except (OperationalError, psycopg.OperationalError):
            logging.getLogger(name).exception("Failed to pull task from broker")


def test_it_is_one_line_a_minute(written: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(300):
        fail()
    assert len(written.getvalue().splitlines()) == 1
    began = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: began + logs.A_MINUTE + 1)
    fail()
    assert len(written.getvalue().splitlines()) == 2
    assert "Traceback" not in written.getvalue()


def test_the_line_names_the_error_where_a_library_only_shows_it(written: StringIO) -> None:
    logging.getLogger("django-q").error("Failed to pull %s", "task", exc_info=OperationalError("no route"))
    assert "Failed to pull task (OperationalError)" in written.getvalue()
    assert "no route" not in written.getvalue()


@pytest.mark.parametrize(("status", "lines"), [(503, 0), (500, 1)])
def test_an_answer_that_says_why_itself_has_no_second_line(written: StringIO, status: int, lines: int) -> None:
    logging.getLogger("django.request").error("Not now: /readyz", extra={"status_code": status})
    assert len(written.getvalue().splitlines()) == lines


def test_the_processes_that_are_forked_share_the_minute(written: StringIO) -> None:
    fail()
    filter_ = next(each for each in logging.getLogger().handlers[0].filters if isinstance(each, logs.OnceAMinute))
    pid = os.fork()
    if not pid:
        record = logging.makeLogRecord({"msg": {"error": "OperationalError"}})
        os._exit(int(filter_.filter(record)))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_all_else_is_written_as_ever(written: StringIO) -> None:
    fail()
    try:
        int("of another kind")
    except ValueError:
        logging.getLogger("django-q").exception("Something else")
    structlog.get_logger("worker").warning("document_failed", error="Unavailable")
    assert "of another kind" in written.getvalue()
    assert "document_failed" in written.getvalue()
