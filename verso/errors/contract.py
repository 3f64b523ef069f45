"""The contract of errors: what a view or an extension answers outside of it is brought into it."""

from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException

from verso.errors.problem import as_http_error
from verso.errors.respond import dispatch_error
from verso.errors.statuses import CLASSES

# Of the answer that is replaced; the new one has its own.
_OF_THE_BODY = frozenset({"content-type", "content-length", "content-encoding", "etag"})


def init_app(app: Flask) -> None:
    app.after_request(keep_contract)


def keep_contract(response: Response) -> Response:
    """After every request: an error that is not in its section's form gets it, its headers kept.

    That is what a view returned by itself (`("x", 404)`, `abort(Response(...))`), and an error whose
    handler, somebody else's, answered below 400.
    """
    if "verso_answered" in g:
        return response
    if response.status_code >= 400:
        return _in_form(CLASSES[min(response.status_code, 599)](), response)
    if isinstance(handled := g.get("verso_handled"), Exception):
        return dispatch_error(as_http_error(handled))
    return response


def note_handled(error: Exception) -> None:
    """Remember that an error handler answers this request."""
    has_status = not isinstance(error, HTTPException) or (error.code or 0) >= 400
    g.verso_handled = error if has_status else None


def _in_form(error: HTTPException, response: Response) -> Response:
    if allowed := response.headers.get("Allow"):
        error.valid_methods = allowed.replace(",", " ").split()  # type: ignore[attr-defined]
    fitting = dispatch_error(error)
    for name, value in response.headers.items():
        if name.lower() not in _OF_THE_BODY:
            fitting.headers.setdefault(name, value)
    return fitting
