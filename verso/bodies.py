"""The bodies of requests: not larger than allowed, and whole.

A connection that breaks must not store the first half of what was sent. Some servers end the stream
then as if the body were complete (RFC 9112, 8 forbids to take it so). Werkzeug counts what it reads
against Content-Length only where no server claims to have ended the stream, so that claim is dropped.
A body in chunks declares nothing to count against: it is taken in formats that have an end of their
own, and every form of ours ends with a field for that.
"""

import io
import sys
from typing import IO, Any

from flask import Flask, current_app, request
from markupsafe import Markup
from werkzeug.exceptions import LengthRequired, RequestEntityTooLarge

from verso.errors.problem import Problem

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# The last field of each form.
END_FIELD = "form-end"
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
# They end with their one value.
JSON_TYPES = frozenset({"application/json"})
# Blueprints whose forms are ours; another one's need not know the field.
_OUR_FORMS = frozenset({"site", "blog", "admin"})


class Measured(io.RawIOBase):
    """A body of unknown length, which is refused (413) when more than `limit` bytes of it come."""

    def __init__(self, body: IO[bytes], limit: int) -> None:
        self._body = body
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._body.read(min(len(buffer), self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise RequestEntityTooLarge
        buffer[: len(data)] = data
        return len(data)


def init_app(app: Flask) -> None:
    app.before_request(check_size)
    app.jinja_env.globals.update(form_end=form_end)


def init_last(app: Flask) -> None:
    """What is checked when the request has found its view: a body without one is not read."""
    app.before_request(check_end)


def allow_body(app: Flask, endpoint: str, limit: int) -> None:
    """Let one endpoint take bodies of another size than all others, in bytes."""
    app.extensions.setdefault("verso.body_limits", {})[endpoint] = limit


def read_in_view(app: Flask, endpoint: str) -> None:
    """Let the view of an endpoint read its multipart form, and look whether it is whole."""
    app.extensions.setdefault("verso.read_in_view", set()).add(endpoint)


def form_end(form_id: str = "") -> Markup:
    """The last field of a form, with the id of a form whose last fields stand outside of it."""
    owner = Markup(' form="{}"').format(form_id) if form_id else ""
    return Markup('<input type="hidden" name="{}" value="1"{}>').format(END_FIELD, owner)


def check_size() -> None:
    """Judge a body by its declared length, before anything reads it, and have it counted."""
    if request.content_length is not None:
        # Werkzeug's stream then raises ClientDisconnected when fewer bytes come.
        request.environ.pop("wsgi.input_terminated", None)
    limits = current_app.extensions.get("verso.body_limits", {})
    limit = limits.get(request.endpoint, request.max_content_length)
    if limit is None:
        return
    request.max_content_length = limit
    if (request.content_length or 0) > limit:
        raise RequestEntityTooLarge
    if request.content_length is None and request.environ.get("wsgi.input_terminated"):
        # A body in chunks declares nothing; Werkzeug would cut it silently at the limit.
        request.environ["wsgi.input"] = Measured(request.environ["wsgi.input"], limit)
        request.max_content_length = sys.maxsize


def check_end() -> None:
    """Refuse a body in chunks whose format has no end, and a form of ours without its last field."""
    if request.method in SAFE_METHODS:
        return
    is_form = request.mimetype == "" or request.mimetype in FORM_TYPES
    if request.content_length is None and not is_form and request.mimetype not in JSON_TYPES:
        raise LengthRequired
    if is_form and request.blueprint in _OUR_FORMS and not _is_read_in_view():
        expect_whole_form()


def expect_whole_form() -> None:
    """The problem incomplete-form for a form whose last field did not arrive."""
    if END_FIELD not in request.form:
        raise Problem("incomplete-form")


def _is_read_in_view() -> bool:
    endpoints = current_app.extensions.get("verso.read_in_view", ())
    return request.endpoint in endpoints and request.mimetype == "multipart/form-data"
