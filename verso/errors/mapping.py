"""What exceptions of the domain and of the surroundings mean: one table, the most specific class first."""

import errno
from collections.abc import Mapping

from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from verso.content.documents import NoDocument, SlugTaken, StaleDocument
from verso.content.placing import MoveRefused
from verso.content.slugs import SlugRefused
from verso.content.states import StepRefused
from verso.db import OutcomeUnknown
from verso.engines import FULL
from verso.media.preparing import PreparingBusy
from verso.media.stores import StoreUnavailable
from verso.people.passwords import WeakPassword
from verso.people.throttle import TooManyAttempts
from verso.people.users import BadEmail, EmailTaken

# The classes along an exception's own order of inheritance are looked up, so the nearest one decides:
# a ConnectionRefusedError is told from a ConnectionError. Builtin classes that ordinary code raises by
# accident (ValueError, LookupError, OSError) must not be in here.
PROBLEM_OF: Mapping[type[BaseException], str] = {
    NoDocument: "not-found",
    StaleDocument: "conflict",
    SlugTaken: "conflict",
    StepRefused: "conflict",
    EmailTaken: "conflict",
    SlugRefused: "invalid-input",
    MoveRefused: "invalid-input",
    BadEmail: "invalid-input",
    WeakPassword: "invalid-input",
    TooManyAttempts: "too-many-requests",
    StoreUnavailable: "storage-unavailable",
    PreparingBusy: "too-many-requests",
    ConnectionRefusedError: "connection-refused",
    ConnectionError: "connection-lost",
    TimeoutError: "gateway-timeout",
    OutcomeUnknown: "outcome-unknown",
    DatabaseError: "database-unavailable",
    OperationalError: "database-unavailable",
    InterfaceError: "database-unavailable",
    PoolTimeout: "database-unavailable",
    IntegrityError: "internal-error",
    ProgrammingError: "internal-error",
    DataError: "internal-error",
    NotSupportedError: "internal-error",
}
_BROKEN = frozenset({errno.EIO, errno.EROFS})
# Results of SQLite (extended codes by their beginning) and SQLSTATEs of PostgreSQL.
_SURROUNDINGS = {
    "SQLITE_FULL": "storage-full",
    "SQLITE_IOERR": "storage-unavailable",
    "SQLITE_READONLY": "storage-unavailable",
    "53100": "storage-full",
    "58030": "storage-unavailable",
    # Another database stands behind the name: ours has all its tables.
    "42P01": "database-unavailable",
}
_TAKEN = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505")


def mapped_problem(error: BaseException) -> str | None:
    """The slug of the problem that an exception stands for; None for what nobody foresaw."""
    return _by_cause(error) or next(
        (PROBLEM_OF[cls] for cls in type(error).__mro__ if cls in PROBLEM_OF), None
    )


def _by_cause(error: BaseException) -> str | None:
    """What the disk or the database says beyond the class of the exception."""
    number = getattr(error, "errno", None) if isinstance(error, OSError) else None
    if number in FULL:
        return "storage-full"
    if number in _BROKEN:
        return "storage-unavailable"
    cause = getattr(error, "orig", None)
    if getattr(cause, "verso_disk_is_full", False):
        return "storage-full"
    code = str(getattr(cause, "sqlite_errorname", "") or getattr(cause, "sqlstate", "") or "")
    if isinstance(error, IntegrityError) and code in _TAKEN:
        # Two wanted the same at the same moment; the transaction of the second was rolled back.
        return "conflict"
    return next((slug for start, slug in _SURROUNDINGS.items() if code.startswith(start)), None)
