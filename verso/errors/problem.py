"""`Problem`, the one error that our code raises, and what failures of the surroundings map to."""

from collections.abc import Mapping
from typing import Any

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
from werkzeug.exceptions import BadHost, HTTPException, SecurityError

from verso.errors.catalogue import BY_SLUG, ProblemType, problem_for_status

# Seconds after which it makes sense to ask again.
RETRY_AFTER = 5

# Failures of what surrounds us; the most specific class of an exception's own order decides.
_SURROUNDINGS: Mapping[type[BaseException], str] = {
    DatabaseError: "database-unavailable",
    OperationalError: "database-unavailable",
    InterfaceError: "database-unavailable",
    PoolTimeout: "database-unavailable",
    IntegrityError: "internal-error",
    ProgrammingError: "internal-error",
    DataError: "internal-error",
    NotSupportedError: "internal-error",
}


class Problem(HTTPException):
    """An HTTP error of the catalogue.

    slug names the problem type (KeyError if there is none), detail is a translated sentence
    about this occurrence, extensions are further members of the API's body (RFC 9457, 3.2).
    """

    def __init__(
        self,
        slug: str,
        detail: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        self.type = BY_SLUG[slug]
        self.code = self.type.status
        super().__init__(detail)
        self.detail = detail
        self.headers = dict(headers or {})
        self.extensions = extensions
        if self.code == 503:
            self.headers.setdefault("Retry-After", str(RETRY_AFTER))

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        return [*super().get_headers(*args, **kwargs), *self.headers.items()]


def problem_of(error: HTTPException) -> Problem:
    """What an HTTP error means: itself, the failure behind a 500, or what its status stands for."""
    if isinstance(error, Problem):
        return error
    cause = getattr(error, "original_exception", None)
    slug = surroundings(cause) if cause is not None else None
    if slug:
        return Problem(slug)
    kind = BY_SLUG["bad-host"] if isinstance(error, SecurityError | BadHost) else _by_status(error)
    problem = Problem(kind.slug)
    problem.code = error.code or 500
    return problem


def surroundings(error: BaseException) -> str | None:
    """The slug of the problem that a failure of the database or the disk stands for, or None."""
    if is_full(error):
        return "storage-full"
    return next((_SURROUNDINGS[cls] for cls in type(error).__mro__ if cls in _SURROUNDINGS), None)


def is_full(error: BaseException) -> bool:
    """Whether SQLite says that the disk is full."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorname", "")
    return code == "SQLITE_FULL"


def _by_status(error: HTTPException) -> ProblemType:
    return problem_for_status(error.code or 500)
