"""Files: media from their store, served so that nothing in them can run."""

import io
from pathlib import Path

from flask import send_file
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.assets import STATIC
from verso.current import get_store
from verso.db import reading
from verso.headers import SECURITY_HEADERS
from verso.media.encoding import FORMATS
from verso.media.storage import (
    derived_file,
    derived_of,
    file_of,
    find_by_key,
    with_ending,
)
from verso.models import Media
from verso.models.media import KEY_LENGTH

# An image shows, and nothing else of it does anything; a copy may stand on other sites.
MEDIA_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
A_YEAR = 31_536_000
A_DAY = 86_400
# A replaced picture is everywhere after so many seconds.
SOON = "public, max-age=60, stale-while-revalidate=600"
FOR_EVER = f"public, max-age={A_YEAR}, immutable"


def media(key: str, name: str) -> Response:
    """`/media/<key>/<name>`: a medium as it is now, whatever it was when the link was made."""
    found = _find(key)
    return _medium(file_of(found), found, found.content_type, SOON)


def media_version(key: str, version: str, name: str) -> Response:
    """`/media/<key>/<version>/<name>`: a size, a crop or the whole; the version is of its bytes.

    What was replaced since is answered with the medium as it is now, which is kept for a moment only.
    """
    found = _find(key)
    if version != found.digest[:KEY_LENGTH]:
        return _medium(file_of(found), found, found.content_type, SOON)
    if name in derived_of(found):
        file = derived_file(found.digest, name)
        return _medium(file, found, f"image/{name.rpartition('.')[2]}", FOR_EVER)
    if name != found.name:
        if not name.endswith(FORMATS):
            raise NotFound
        return _medium(file_of(found), found, found.content_type, SOON)
    return _medium(file_of(found), found, found.content_type, FOR_EVER)


def favicon() -> Response:
    response = send_file(STATIC / "favicon.ico", mimetype="image/x-icon", max_age=A_DAY)
    response.headers.update(SECURITY_HEADERS)
    return response


def unknown_asset(name: str) -> Response:
    """What the static files in front did not know."""
    raise NotFound


def _find(key: str) -> Media:
    found = find_by_key(reading(), key)
    if found is None:
        raise NotFound
    return found


def _medium(file: str, found: Media, content_type: str, caching: str) -> Response:
    """The bytes of a file in the store, in parts if the browser asks for parts."""
    store = get_store()
    source: Path | io.BytesIO
    try:
        source = store.path(file) or io.BytesIO(store.read(file))
        response = send_file(
            source,
            mimetype=content_type,
            download_name=with_ending(found.name, content_type),
            etag=Path(file).stem[-80:],
            conditional=True,
            last_modified=found.updated_at,
        )
    except FileNotFoundError:
        raise NotFound from None
    response.headers.update(SECURITY_HEADERS)
    response.headers.update(MEDIA_HEADERS)
    response.headers["Cache-Control"] = caching
    return response
