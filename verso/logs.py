"""Logs: one structured line per event, for people or for machines, to standard error or a file.

Lines are written by a thread of their own: a full disk or a reader that hangs costs no request a
moment.
"""

import logging
import logging.handlers
import re
import sys
from collections import deque
from typing import Any

import structlog

from verso.background import LOG, Worker
from verso.config import Settings

MAX_WAITING = 10_000
# Controls, and the characters that turn the direction of text: none may move a reader's eye or cursor.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Unhurried(logging.Handler):
    """Hands records to another handler in a thread of its own; what is too much is counted."""

    def __init__(self, target: logging.Handler) -> None:
        super().__init__()
        self._target = target
        self._waiting: deque[logging.LogRecord] = deque()
        self._lost = 0
        self.worker = Worker(LOG, self._write)

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._waiting) >= MAX_WAITING:
            self._lost += 1
            return
        self._waiting.append(record)
        self.worker.wake()

    def close(self) -> None:
        self.worker.close()
        self._target.close()
        super().close()

    def _write(self) -> bool:
        # emit and not handle: its lock, held by a write that hangs, would hold the end of the process.
        while self._waiting:
            self._target.emit(self._waiting.popleft())
        if self._lost:
            lost, self._lost = self._lost, 0
            self._target.emit(_record(f"{lost} lines were lost: the log could not keep up"))
        return True


class LogFile(logging.handlers.RotatingFileHandler):
    """A rotating file; when it cannot be written, that is said once on standard error."""

    _said = False

    def handleError(self, record: logging.LogRecord) -> None:
        if not self._said and sys.__stderr__ is not None:
            self._said = True
            reason = sys.exc_info()[1]
            sys.__stderr__.write(f"the log {self.baseFilename} cannot be written: {reason}\n")


def configure(settings: Settings) -> None:
    """Send our own and the libraries' log lines where the settings say."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    target = _target(settings)
    target.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(settings),
            ],
        )
    )
    root = logging.getLogger()
    for known in [known for known in root.handlers if isinstance(known, Unhurried)]:
        root.removeHandler(known)
        known.close()
    root.addHandler(Unhurried(target))
    logging.getLogger("verso").setLevel(settings.LOG_LEVEL.upper())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def flush() -> None:
    """Wait until what was logged is written."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, Unhurried):
            handler.worker.flush()


def _target(settings: Settings) -> logging.Handler:
    if not settings.LOG_FILE:
        return logging.StreamHandler(sys.stderr)
    return LogFile(
        settings.LOG_FILE,
        maxBytes=settings.LOG_FILE_BYTES,
        backupCount=settings.LOG_FILE_COUNT,
        encoding="utf-8",
        errors="backslashreplace",
        delay=True,
    )


def _rendering(settings: Settings) -> list[Any]:
    if settings.LOG_FORMAT == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [
        structlog.processors.format_exc_info,
        _escape,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]


def _escape(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Write control characters out, and mark the lines of a trace: no text can pass for a line of its own."""
    for name, value in event.items():
        if isinstance(value, str):
            lines = value.splitlines() if name == "exception" else [value]
            written = [_CONTROL.sub(written_out, line) for line in lines]
            mark = "  | " if name == "exception" else ""
            event[name] = "\n".join(mark + line for line in written)
    return event


def written_out(found: re.Match[str]) -> str:
    """A character as its escape: `\\x1b`."""
    return found[0].encode("unicode_escape").decode()


def _record(message: str) -> logging.LogRecord:
    return logging.LogRecord("verso", logging.WARNING, "", 0, message, None, None)
