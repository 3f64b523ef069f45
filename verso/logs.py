"""Logs: one structured line per event, for people or for machines, to standard error or a file."""

import logging
import logging.handlers
import sys
from typing import Any

import structlog

from verso.config import Settings

MAX_BYTES = 10_000_000
KEPT_FILES = 5


def configure(settings: Settings) -> None:
    """Send our own and the libraries' log lines where the settings say."""
    level = settings.LOG_LEVEL.upper()
    handler = _handler(settings.LOG_FILE)
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(settings),
            ],
        )
    )
    root = logging.getLogger()
    for known in [known for known in root.handlers if getattr(known, "verso", False)]:
        root.removeHandler(known)
        known.close()
    handler.verso = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    logging.getLogger("verso").setLevel(level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _handler(file: str) -> logging.Handler:
    if not file:
        return logging.StreamHandler(sys.stderr)
    return logging.handlers.RotatingFileHandler(
        file, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
    )


def _rendering(settings: Settings) -> list[Any]:
    if settings.LOG_FORMAT == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [
        structlog.processors.format_exc_info,
        _indent_trace,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]


def _indent_trace(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Mark the lines of a trace, so that no exception text can pass for a log line of its own."""
    trace = event.get("exception")
    if isinstance(trace, str):
        event["exception"] = "\n".join("  | " + line for line in trace.splitlines())
    return event
