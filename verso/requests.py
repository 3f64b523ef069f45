"""What every request passes first: its host, the size of its body, its encoding, where it came from."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from flask.wrappers import Request
from werkzeug.exceptions import BadHost, BadRequest

from verso import bodies
from verso.bodies import SAFE_METHODS
from verso.errors.problem import Problem
from verso.errors.respond import current_section
from verso.sections import Section

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


class VersoRequest(Request):
    """A request whose JSON failures are problems of the catalogue."""

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        raise Problem("unsupported-media-type" if e is None else "malformed-json") from e


class StrictJSONProvider(DefaultJSONProvider):
    """JSON as RFC 8259 has it: no NaN, no lone surrogates, no nesting that exhausts the stack."""

    sort_keys = False
    ensure_ascii = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        text = s.decode("utf-8") if isinstance(s, bytes) else s
        try:
            value = json.loads(text, parse_constant=_refuse_constant, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        if _SURROGATE_ESCAPE.search(text):
            # UnicodeEncodeError, a ValueError, when half of a pair is missing.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value


def init_app(app: Flask) -> None:
    app.request_class = VersoRequest
    app.json = StrictJSONProvider(app)
    app.before_request(check_host)
    bodies.init_app(app)
    app.before_request(check_encoding)
    app.before_request(check_origin)


def check_host() -> None:
    """Let a bad host fail before anything else runs (SecurityError, BadHost: 400)."""
    if not request.host:
        raise BadHost


def check_encoding() -> None:
    """Refuse what would fail much later: raw bytes in the query that are not UTF-8, and NUL."""
    try:
        query = request.query_string.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest from None
    if "\x00" in request.path or "%00" in query or "\x00" in query:
        raise BadRequest


def check_origin() -> None:
    """Refuse forms that another site sends with our cookies (Fetch Metadata, then Origin).

    A request with neither header comes from no browser of this decade and carries no cookie
    that its user did not put there.
    """
    if request.method in SAFE_METHODS or current_section() is Section.API:
        return
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        allowed = fetch_site in ("same-origin", "none")
    else:
        origin = request.headers.get("Origin")
        allowed = origin is None or _host_of(origin) == request.host
    if not allowed:
        raise Problem("cross-site-request")


def _host_of(origin: str) -> str | None:
    """Host and port of an origin; None for `null` and for what is no URL at all."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
