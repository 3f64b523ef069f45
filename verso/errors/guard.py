"""The WSGI guard: what escapes Flask itself is reported and answered with the last resort."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask
from werkzeug.wrappers import Request

from verso.errors import last_resort, report
from verso.i18n.locales import Locales, locale_of
from verso.sections import section_of

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Guard:
    """A WSGI application around Flask's; a class, because a generator would always answer 200."""

    def __init__(self, app: Flask, locales: Locales, headers: Mapping[str, str]) -> None:
        self._app: WSGIApp = app.wsgi_app
        self._locales = locales
        self._headers = headers
        self._pages = last_resort.make_pages(app, locales)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        started: list[tuple[Any, ...]] = []

        def hold(*arguments: Any) -> Callable[[bytes], None]:
            """Keep the start of the answer until the application has returned without failing."""
            started[:] = [arguments]
            return _refuse_to_write

        try:
            body = self._app(environ, hold)
        except Exception as error:  # The one place that exists to catch everything.
            return self._answer(error, environ, start_response)
        start_response(*started[-1])
        return body

    def _answer(
        self, error: Exception, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        request = Request(environ)
        section = section_of(request.path, self._locales.current)
        locale = locale_of(request, self._locales)
        error_id = report.report(error, section=section, method=request.method, path=request.path)
        body, content_type = last_resort.page(self._pages, section, locale, error_id)
        headers = {
            **self._headers,
            "Content-Security-Policy": last_resort.CSP,
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            "Content-Language": locale,
            "Cache-Control": "no-store",
            "Vary": "Accept-Language, Cookie",
            "X-Error-ID": error_id,
        }
        start_response("500 INTERNAL SERVER ERROR", list(headers.items()))
        return [b""] if request.method == "HEAD" else [body]


def _refuse_to_write(data: bytes) -> None:
    """The write callable of WSGI, which Flask and WhiteNoise never use."""
    raise NotImplementedError("this application returns its body")
