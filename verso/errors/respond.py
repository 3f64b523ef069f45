"""From an HTTP error to what a section's answer is made of; the sections choose the form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, MethodNotAllowed, default_exceptions

from verso.errors import report
from verso.errors.problem import Problem, problem_of
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

    def keep_contract(response: Response) -> Response:
        """What a view returned as an error by itself gets the section's form, its headers kept."""
        if response.status_code < 400 or "verso_answered" in g:
            return response
        error = default_exceptions.get(response.status_code, HTTPException)()
        error.code = response.status_code
        fitting = dispatch(error)
        for name, value in response.headers.items():
            if name not in ("Content-Type", "Content-Length"):
                fitting.headers.setdefault(name, value)
        return fitting

    for code_or_class in (404, 405, HTTPException):
        app.register_error_handler(code_or_class, dispatch)
    app.after_request(keep_contract)


def failure_of(error: HTTPException) -> Failure:
    """Describe an error for a section's form, and report it if it is a fault."""
    problem = problem_of(error)
    status = problem.code or 500
    kind = problem.type
    return Failure(
        problem=problem,
        status=status,
        title=gettext(kind.title),
        detail=problem.detail or _own_words(error) or gettext(kind.detail),
        advice=gettext(kind.advice),
        error_id=_reported(error, problem, status),
        locale=current_locale(),
        headers=_kept_headers(error, problem),
    )


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
    ours = isinstance(error, Problem) or type(error).__module__ != "werkzeug.exceptions"
    if ours or not words or words == type(error).description:
        return None
    return words if (error.code or 500) < 500 and type(error).__name__ in _ABORTABLE else None


_ABORTABLE = frozenset(
    {"BadRequest", "Unauthorized", "Forbidden", "NotFound", "Conflict", "Gone", "ImATeapot"}
    | {"UnprocessableEntity", "TooManyRequests", "PreconditionFailed", "UnavailableForLegalReasons"}
)


def _reported(error: HTTPException, problem: Problem, status: int) -> str:
    fault = getattr(error, "original_exception", None) or error
    where = {"section": current_section(), "method": request.method, "path": request.path}
    if status >= 500:
        return report.report(fault, **where)
    return report.note(fault, status, **where)


def _kept_headers(error: HTTPException, problem: Problem) -> Headers:
    """Allow, WWW-Authenticate, Retry-After and the like, which a bare new response would lose."""
    headers = Headers(error.get_headers())
    if problem is not error:
        for name, value in problem.headers.items():
            headers.setdefault(name, value)
    for name in ("Content-Type", "Content-Length", "Allow"):
        headers.remove(name)
    if error.code == 405:
        headers["Allow"] = ", ".join(sorted(_allowed_methods(error)))
    if error.code == 401 and "WWW-Authenticate" not in headers:
        headers["WWW-Authenticate"] = f'Session realm="{current_app.name}"'
    return headers


def _allowed_methods(error: HTTPException) -> set[str]:
    """The methods of the URL; a view's own abort(405) does not know them, its rule does."""
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        return set(error.valid_methods)
    rule_methods = set(request.url_rule.methods or ()) if request.url_rule else set()
    return (rule_methods - {request.method}) or {"GET", "HEAD", "OPTIONS"}
