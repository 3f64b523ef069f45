"""The API's front door: what there is and where."""

from werkzeug.wrappers import Response

from verso.api.json import reply
from verso.i18n.locales import get_locales
from verso.links import absolute


def index() -> Response:
    """The collections of version 1."""
    names = ("posts", "pages", "tags", "search")
    return reply(
        {
            "version": 1,
            "locales": list(get_locales().offered),
            "default_locale": get_locales().default,
            "links": {name: absolute(f"/api/v1/{name}") for name in names},
            "streams": {name: absolute(f"/api/v1/{name}") for name in ("export", "events")},
            "problems": absolute("/problems/not-found").removesuffix("not-found"),
        }
    )
