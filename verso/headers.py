"""Security headers: the same strict set on every answer, and no body of Werkzeug's in redirects."""

import re

from flask import Flask, Response, request
from werkzeug.datastructures import Headers

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# RFC 9110, 5.5: visible characters of one byte, spaces and tabs.
_SENDABLE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"


def init_app(app: Flask) -> None:
    app.after_request(_secure)


def _secure(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if allowed := response.headers.get("Allow"):
        # Flask's own answer to OPTIONS has another order in every process.
        response.headers["Allow"] = ", ".join(sorted(allowed.replace(",", " ").split()))
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if 300 <= response.status_code < 400:
        # The body of a redirect is English HTML, whoever asked; that of a 304 is an open file.
        if close := getattr(response.response, "close", None):
            close()
        response.data = b""
        response.headers.pop("Content-Type", None)
    return response


def unsendable(headers: Headers) -> list[str]:
    """The names of headers whose value no server can send (WSGI is latin-1: PEP 3333)."""
    return [name for name, value in headers.items() if not _SENDABLE.fullmatch(str(value))]
