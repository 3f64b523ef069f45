"""Files: media from the instance folder, served so that nothing in them can run."""

from pathlib import Path

from flask import send_file
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.assets import STATIC
from verso.current import get_settings
from verso.db import reading
from verso.headers import SECURITY_HEADERS
from verso.media.storage import file_of, find_by_url

# An image shows, and nothing else of it does anything; a copy may stand on other sites.
MEDIA_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
A_YEAR = 31_536_000
A_DAY = 86_400


def media(key: str, name: str) -> Response:
    """`/media/<key>/<name>`: a stored file; the key is of its bytes, so it never changes."""
    found = find_by_url(reading(), key)
    if found is None:
        raise NotFound
    file = file_of(get_settings().media_path, found)
    response = _sent(file, found.content_type, A_YEAR)
    response.headers.update(MEDIA_HEADERS)
    return response


def favicon() -> Response:
    return _sent(STATIC / "favicon.ico", "image/x-icon", A_DAY)


def unknown_asset(name: str) -> Response:
    """What the static files in front did not know."""
    raise NotFound


def _sent(file: Path, content_type: str, max_age: int) -> Response:
    try:
        response = send_file(file, mimetype=content_type, max_age=max_age, conditional=True)
    except FileNotFoundError:
        raise NotFound from None
    response.headers.update(SECURITY_HEADERS)
    return response
