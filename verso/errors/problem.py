"""`Problem`, the one error that our code raises, and which problem any error is."""

from collections.abc import Mapping
from typing import Any

from werkzeug.exceptions import BadHost, HTTPException, InternalServerError, SecurityError

from verso.errors.catalogue import BY_SLUG, problem_for_status
from verso.errors.mapping import mapped_problem

# Seconds after which it makes sense to ask again.
RETRY_AFTER = 5


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
    """What an HTTP error means: itself, the exception behind a 500, or what its status stands for."""
    if isinstance(error, Problem):
        return error
    cause = cause_of(error)
    slug = mapped_problem(cause) if cause is not error else None
    if slug:
        return Problem(slug, headers=_seconds_to_wait(cause))
    is_host = isinstance(error, SecurityError | BadHost)
    kind = BY_SLUG["bad-host"] if is_host else problem_for_status(error.code or 500)
    problem = Problem(kind.slug)
    problem.code = error.code or 500
    return problem


def as_http_error(error: Exception) -> HTTPException:
    """An exception as an HTTP error: a 500 if it is none."""
    if isinstance(error, HTTPException):
        return error
    return InternalServerError(original_exception=error)


def cause_of(error: BaseException) -> BaseException:
    """The exception that nobody handled and that Flask made a 500 of, else the error itself."""
    return getattr(error, "original_exception", None) or error


def _seconds_to_wait(cause: BaseException) -> dict[str, str]:
    """Retry-After where the exception knows it: a throttle does."""
    seconds = getattr(cause, "seconds", None)
    return {"Retry-After": str(seconds)} if isinstance(seconds, int) else {}
