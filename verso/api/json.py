"""JSON answers of the API: their bodies, links to other pages, ETag and language."""

from collections.abc import Mapping
from typing import Any

from flask import json, request
from werkzeug.wrappers import Response

from verso.i18n.locales import current_locale


def reply(body: Mapping[str, Any], links: Mapping[str, str] | None = None) -> Response:
    """A 200 with a body; links become a Link header (RFC 8288)."""
    response = Response(json.dumps(body), content_type="application/json")
    if links:
        named = (f'<{url}>; rel="{relation}"' for relation, url in links.items())
        response.headers["Link"] = ", ".join(named)
    response.headers["Content-Language"] = current_locale()
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.add("Accept-Language")
    response.add_etag()
    return response.make_conditional(request)
