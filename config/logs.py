"""Logs: one line per event, to standard error. docs/operating.md lists the events."""

import logging
import mmap
import struct
import time
from typing import TextIO

import structlog

# The errors of a database that is away, of Django and of its driver.
AWAY = frozenset({"OperationalError", "InterfaceError"})
A_MINUTE = 60.0


class OnceAMinute(logging.Filter):
    """Let one line a minute say that the database is away, without a traceback; the others are left out.

    Everything that a process does fails then, at once and again. Forked processes share the minute.
    """

    def __init__(self) -> None:
        super().__init__()
        self._until = mmap.mmap(-1, 8)  # when the next line is due, by the machine's running time

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        if not _says_that_the_database_is_away(record):
            return True
        if record.exc_info and record.exc_info[0]:
            record.msg, record.args = f"{record.getMessage()} ({record.exc_info[0].__name__})", ()
        record.exc_info = record.exc_text = None
        now = time.monotonic()
        if now < struct.unpack("d", self._until[:8])[0]:
            return False
        self._until[:8] = struct.pack("d", now + A_MINUTE)
        return True


def _says_that_the_database_is_away(record: logging.LogRecord) -> bool:
    if record.exc_info and record.exc_info[0]:
        return any(each.__name__ in AWAY for each in record.exc_info[0].__mro__)
    return isinstance(record.msg, dict) and record.msg.get("error") in AWAY


def configure_logs(format_: str, *, stream: TextIO) -> None:
    """Send structlog's and the standard library's records to one stream, as text or as JSON."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Tracebacks show files and lines, never the values of variables: one may be a token.
    rendering: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if format_ == "json"
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    handler.addFilter(_shorten)
    handler.addFilter(OnceAMinute())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("django-q").setLevel(logging.WARNING)  # it logs every wake-up
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def _shorten(record: logging.LogRecord) -> bool:
    """Drop the traceback when the answer is below 500: a refused page is no fault of ours.

    Drop Django's line about a 503 as well: who gives that answer says why, once a minute while the database is away.
    """
    status = getattr(record, "status_code", 500)
    if status < 500:
        record.exc_info = None
    return status != 503 or bool(record.exc_info)
