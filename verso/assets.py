"""Static files: served under a name that changes with their content, and kept by browsers for good."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from whitenoise import WhiteNoise

from verso.headers import SECURITY_HEADERS
from verso.links import href

STATIC = Path(__file__).parent / "static"
A_YEAR = 31_536_000


def init_app(app: Flask) -> None:
    prefix = f"static/{_digest()}"
    app.extensions["verso.static"] = prefix
    files = WhiteNoise(
        app.wsgi_app,
        root=STATIC,
        prefix=prefix,
        max_age=A_YEAR,
        allow_all_origins=False,
        add_headers_function=_secure_file,
    )

    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        """Static files for reading; everything else, also a wrong method on them, is the app's."""
        reads = environ.get("REQUEST_METHOD") in ("GET", "HEAD")
        return (files if reads else files.application)(environ, start_response)

    app.wsgi_app = serve  # type: ignore[method-assign]
    app.jinja_env.globals.update(asset=asset)


def asset(name: str) -> str:
    """The URL of a static file."""
    return href(f"/{current_app.extensions['verso.static']}/{name}")


def _digest() -> str:
    """A name for the static files as they are: it changes when one of them does."""
    digest = hashlib.sha256()
    for file in sorted(STATIC.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(STATIC)).encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def _secure_file(headers: Any, path: str, url: str) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value
