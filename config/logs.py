"""Logs: one line per event, to standard error. docs/operating.md lists the events."""

import logging
from typing import TextIO

import structlog


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
    """Drop the traceback when the answer is below 500: a refused page is no fault of ours."""
    if getattr(record, "status_code", 500) < 500:
        record.exc_info = None
    return True
