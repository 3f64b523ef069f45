"""Reporting: every fault gets one id and one log line with its trace, however often it is handed in."""

import secrets
import sys
from typing import Any

import structlog

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MARK = "verso_error_id"

log = structlog.get_logger("verso.errors")


def new_error_id() -> str:
    """Twelve characters that can be read over the telephone (Crockford's alphabet, 60 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def report(error: BaseException, *, section: str, method: str, path: str, **details: Any) -> str:
    """Log a fault with its trace and return its id; the same exception is reported only once."""
    known: str | None = getattr(error, _MARK, None)
    if known:
        return known
    error_id = new_error_id()
    setattr(error, _MARK, error_id)
    # The trace is the error's own, also when it is reported outside its except block.
    trace = (type(error), error, error.__traceback__)
    _emit("fault", error_id, section, method, path, exc_info=trace, **details)
    return error_id


def note(error: BaseException, status: int, *, section: str, method: str, path: str) -> str:
    """Log an answer from 400 to 499, which is no fault of ours, and return its id."""
    error_id = new_error_id()
    try:
        log.info(
            "refused", error_id=error_id, status=status, section=section, method=method, path=path
        )
    except (OSError, ValueError):
        _say_it_plainly(error_id)
    return error_id


def _emit(event: str, error_id: str, section: str, method: str, path: str, **details: Any) -> None:
    try:
        log.error(event, error_id=error_id, section=section, method=method, path=path, **details)
    except (OSError, ValueError):
        # A full disk or a closed stream must not change the answer.
        _say_it_plainly(error_id)


def _say_it_plainly(error_id: str) -> None:
    if sys.__stderr__ is not None:
        sys.__stderr__.write(f"error {error_id} could not be logged\n")
