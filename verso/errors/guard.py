"""The WSGI guard: it holds an answer until its first chunk, so that every failure gets a proper one."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from flask import Flask, Response
from werkzeug.wrappers import Request

from verso.errors import last_resort
from verso.errors.circumstances import circumstances
from verso.errors.last_resort import LastResort
from verso.errors.problem import as_http_error, problem_of
from verso.errors.report import Reporter
from verso.errors.streams import BadAnswer, Stream, told_in_band
from verso.i18n.locales import Locales, locale_of
from verso.sections import Section, section_of

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# PEP 3333 forbids them to applications; waitress asserts it.
HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization"}
    | {"te", "trailers", "transfer-encoding", "upgrade"}
)
_STATUS = re.compile(r"[2-9]\d\d [\t\x20-\x7e\x80-\xff]*")
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


class Head:
    """The start_response that an application is given: it keeps status and headers for later."""

    def __init__(self) -> None:
        self.status: Any = None
        self.headers: list[tuple[Any, Any]] = []

    def __call__(self, status: Any, headers: Any, exc_info: Any = None) -> Callable[[bytes], None]:
        self.status, self.headers = status, list(headers)
        return _refuse_to_write

    def checked(self) -> tuple[str, list[tuple[str, str]]]:
        """Status and headers as every server can send them; BadAnswer names what is wrong."""
        if not isinstance(self.status, str) or not _STATUS.fullmatch(self.status):
            raise BadAnswer(f"the status line {self.status!r} is not like '200 OK'")
        for name, value in self.headers:
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise BadAnswer(f"the header name {name!r} is not a token")
            if not isinstance(value, str) or not _VALUE.fullmatch(value):
                raise BadAnswer(f"the header {name}: {value!r} is not plain latin-1")
        kept = [pair for pair in self.headers if pair[0].lower() not in HOP_BY_HOP]
        return self.status, kept

    def by_name(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known about a request without Flask."""

    method: str
    path: str
    mount: str
    section: Section
    locale: str

    @classmethod
    def by(cls, environ: dict[str, Any], locales: Locales) -> "Asked":
        request = Request(environ)
        mount = environ.get("SCRIPT_NAME", "").strip("/")
        return cls(
            method=request.method,
            path=request.path,
            mount="/" + quote(mount, encoding="latin-1") if mount else "",
            section=section_of(request.path, locales.current),
            locale=locale_of(request, locales),
        )


class Guard:
    """A WSGI application around Flask's; a class, because a generator would always answer 200."""

    def __init__(
        self, app: Flask, locales: Locales, headers: Mapping[str, str], base_url: str
    ) -> None:
        self._app = app
        self._inner: WSGIApp = app.wsgi_app
        self._locales = locales
        self._headers = headers
        self._last_resort = LastResort(app, locales, base_url)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        head = Head()
        stream: Stream | None = None
        try:
            stream = self._begin(self._inner, environ, head)
            status, headers = head.checked()
        except Exception as error:  # The one place that exists to catch everything.
            if stream is not None:
                stream.close()
            return self._give_up(error, environ, start_response)
        start_response(status, headers)
        return stream

    def _begin(self, application: WSGIApp, environ: dict[str, Any], head: Head) -> Stream:
        """Ask for an answer up to its first chunk; what fails before that is answered by Flask."""
        body = application(environ, head)
        broke, close_failed = partial(self._broke, environ, head), partial(self._closed, environ)
        try:
            return Stream(body, broke, close_failed)
        except BadAnswer:
            raise
        except Exception as error:  # The stream's own, which Flask never saw.
            response = self._flasks_answer(error, environ)
        return Stream(response(environ, head), broke, close_failed)

    def _flasks_answer(self, error: Exception, environ: dict[str, Any]) -> Response:
        """The section's own answer, as if the view itself had failed; called while error is handled."""
        with self._app.request_context(environ):
            try:
                answer = self._app.handle_user_exception(error)
            except Exception as unhandled:  # No handler: Flask reports it and answers 500.
                answer = self._app.handle_exception(unhandled)
            return self._app.finalize_request(answer, from_error_handler=True)

    def _give_up(
        self, error: Exception, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        asked = Asked.by(environ, self._locales)
        error_id = self._report(error, environ, asked, "request")
        page = self._last_resort.page(asked.section, asked.locale, asked.mount, error_id)
        headers = {
            **self._headers,
            "Content-Security-Policy": last_resort.CSP,
            "Content-Type": page.content_type,
            "Content-Length": str(len(page.body)),
            "Content-Language": page.locale,
            "Cache-Control": "no-store",
            "Vary": "Accept-Language, Cookie",
            "X-Error-ID": error_id,
        }
        start_response("500 INTERNAL SERVER ERROR", list(headers.items()))
        return [] if asked.method == "HEAD" else [page.body]

    def _broke(self, environ: dict[str, Any], head: Head, error: Exception, last: bytes) -> bytes:
        """Report a stream that failed after it began; returns what its reader is told in it."""
        asked = Asked.by(environ, self._locales)
        error_id = self._report(error, environ, asked, "stream")
        headers = head.by_name()
        locale = headers.get("content-language", asked.locale)
        slug = problem_of(as_http_error(error)).type.slug
        problem = self._last_resort.problem(slug, locale, asked.mount, error_id)
        return told_in_band(headers, last, problem, self._last_resort.notice(locale, error_id))

    def _closed(self, environ: dict[str, Any], error: Exception) -> None:
        self._report(error, environ, Asked.by(environ, self._locales), "close")

    def _report(self, error: Exception, environ: dict[str, Any], asked: Asked, phase: str) -> str:
        reporter: Reporter = self._app.extensions["verso.reporter"]
        known = {"phase": phase, "locale": asked.locale}
        return reporter.report(error, circumstances(Request(environ), asked.section, **known))


def _refuse_to_write(data: bytes) -> None:
    """The write callable of WSGI, which Flask and WhiteNoise never use."""
    raise NotImplementedError("this application returns its body")
