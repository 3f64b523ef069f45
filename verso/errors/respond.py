"""From an HTTP error to what a section's answer is made of; the sections choose the form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from verso.errors.circumstances import brief, circumstances
from verso.errors.problem import Problem, as_http_error, cause_of, problem_of
from verso.errors.report import get_reporter
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale, get_locales
from verso.sections import Section, section_of, split_locale

Respond = Callable[[HTTPException], Response]


@dataclass(frozen=True, slots=True)
class Failure:
    """One occurrence of a problem, in the words of the reader's language."""

    problem: Problem
    status: int
    title: str
    detail: str
    advice: str
    error_id: str
    locale: str
    headers: Headers

    @property
    def shows_id(self) -> bool:
        """Below 500 the id is in the log only: the reader can do nothing with it."""
        return self.status >= 500


def init_app(app: Flask, responders: Mapping[Section, Respond]) -> None:
    """Answer what no blueprint sees (unknown URLs, wrong methods, bad hosts) by the path's section."""

    def dispatch(error: HTTPException) -> Response:
        return responders[current_section()](error)

    app.extensions["verso.responders"] = responders
    app.extensions["verso.dispatch"] = dispatch
    for code_or_class in (404, 405, HTTPException):
        app.register_error_handler(code_or_class, dispatch)


def dispatch_error(error: HTTPException) -> Response:
    """The answer of the section that owns the path of the current request."""
    dispatch: Respond = current_app.extensions["verso.dispatch"]
    return dispatch(error)


def failure_of(error: HTTPException) -> Failure:
    """Describe an error for a section's form, and report it if it is a fault."""
    problem = problem_of(error)
    status = problem.code or 500
    kind = problem.type
    return Failure(
        problem=problem,
        status=status,
        title=gettext(kind.title),
        detail=_storable(problem.detail or _own_words(error)) or gettext(kind.detail),
        advice=gettext(kind.advice),
        error_id=report_error(error, status),
        locale=current_locale(),
        headers=_kept_headers(error, problem),
    )


def report_error(error: BaseException, status: int, phase: str = "request") -> str:
    """Report what went wrong in this request, or note it where it is no fault; returns its id."""
    known = {"status": status, "phase": phase, "locale": current_locale()}
    is_expected = isinstance(error, Problem) and error.type.is_expected
    cause, section, reporter = cause_of(error), current_section(), get_reporter()
    if status < 500 or is_expected:
        return reporter.note(cause, brief(request, section, **known))
    return reporter.report(cause, circumstances(request, section, **known))


def status_of(error: Exception) -> int:
    """The status with which an exception is answered."""
    return problem_of(as_http_error(error)).code or 500


def answer(failure: Failure, body: str | bytes, content_type: str) -> Response:
    """The response of a failure: the error's own headers, then what every error answer carries."""
    response = finished(Response(body, status=failure.status, content_type=content_type))
    response.headers.extend(failure.headers)
    response.headers["Content-Language"] = failure.locale
    response.headers["Cache-Control"] = "no-store"
    if failure.shows_id:
        response.headers["X-Error-ID"] = failure.error_id
    for name in _varies_on():
        response.vary.add(name)
    return response


def finished(response: Response) -> Response:
    """Mark a response as in its section's form, whatever its status: a form that came back, say."""
    g.verso_answered = True
    return response


def current_section() -> Section:
    """The section that owns the path of the current request."""
    return section_of(request.path, get_locales().current)


def _varies_on() -> tuple[str, ...]:
    """The request headers that chose the language: none where the path did."""
    section = current_section()
    if split_locale(request.path, get_locales().current)[0]:
        return ()
    return ("Accept-Language",) if section is Section.API else ("Accept-Language", "Cookie")


def _own_words(error: HTTPException) -> str | None:
    """What a view gave to abort(); Werkzeug's own English sentences are replaced by ours."""
    words = error.description
    ours = isinstance(error, Problem) or words == type(error).description
    if ours or not words or (error.code or 500) >= 500:
        return None
    is_werkzeugs = type(error).__module__ == "werkzeug.exceptions"
    return words if not is_werkzeugs or type(error).__name__ in _ABORTABLE else None


_ABORTABLE = frozenset(
    {"BadRequest", "Unauthorized", "Forbidden", "NotFound", "Conflict", "Gone", "ImATeapot"}
    | {"UnprocessableEntity", "TooManyRequests", "PreconditionFailed", "UnavailableForLegalReasons"}
)


def _storable(words: str | None) -> str | None:
    """Words that can be sent: half of a surrogate pair, say, is written out (UTF-8 has no form for it)."""
    return words.encode("utf-8", "backslashreplace").decode() if words else None


def _kept_headers(error: HTTPException, problem: Problem) -> Headers:
    """Allow, WWW-Authenticate, Retry-After and the like, which a bare new response would lose."""
    headers = Headers(error.get_headers())
    if problem is not error:
        for name, value in problem.headers.items():
            headers.setdefault(name, value)
    for name in ("Content-Type", "Content-Length", "Allow"):
        headers.remove(name)
    if problem.code == 405:
        headers["Allow"] = ", ".join(sorted(_allowed_methods(error)))
    if problem.code == 401 and "WWW-Authenticate" not in headers:
        headers["WWW-Authenticate"] = f'Session realm="{current_app.name}"'
    return headers


def _allowed_methods(error: HTTPException) -> set[str]:
    """The methods of the URL; a view's own abort(405) does not know them, its rule does."""
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        return set(error.valid_methods)
    rule_methods = set(request.url_rule.methods or ()) if request.url_rule else set()
    return (rule_methods - {request.method}) or {"GET", "HEAD", "OPTIONS"}
