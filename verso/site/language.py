"""The language switcher's form: remembers the choice and leads to the same thing in that language."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import redirect, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from verso.content.urls import document_url, find_document, home_url
from verso.cookies import set_cookie
from verso.db import reading
from verso.i18n.locales import LANGUAGE_COOKIE, get_locales
from verso.links import href
from verso.models import Document, Kind
from verso.sections import match_locale, split_locale

A_YEAR = 365 * 24 * 3600


def choose() -> Response:
    """`POST /language` with `locale` and `path` (where the reader is): a cookie, and 303 there."""
    locales = get_locales().offered
    locale = match_locale(request.form.get("locale", "")[:64], locales)
    if locale is None:
        raise BadRequest
    response = redirect(href(counterpart(request.form.get("path", "/")[:2000], locale)), 303)
    set_cookie(response, LANGUAGE_COOKIE, locale, max_age=A_YEAR)
    return response


def counterpart(here: str, locale: str) -> str:
    """The URL in a locale of the page at a path of this site, its query kept.

    Only the segments of the path are read, so the answer is always a path of this site.
    """
    if "\x00" in here:
        return home_url(locale)
    try:
        parts = urlsplit("/" + here.lstrip("/\\"))
    except ValueError:
        return home_url(locale)
    prefix, rest = split_locale(parts.path, get_locales().current)
    query = "?" + parts.query if parts.query else ""
    is_blog = rest[:1] == ["blog"]
    path = "/".join(rest[1:] if is_blog else rest)
    if prefix and path:
        kind = Kind.POST if is_blog else Kind.PAGE
        found = find_document(reading(), kind, prefix, path, datetime.now(UTC))
        if isinstance(found, Document):
            return document_url(reading(), found, locale) + query
    slash = "/" if rest and parts.path.endswith("/") else ""
    return home_url(locale) + "/".join(rest) + slash + query
