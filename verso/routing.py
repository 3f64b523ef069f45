"""How a URL becomes a rule: converters for locales and pages, one spelling, and what an old URL means."""

from datetime import UTC, datetime
from typing import NoReturn
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, redirect, request
from flask.globals import request_ctx
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, PathConverter, ValidationError

from verso.content.nearby import Nearby, nearby_pages, nearby_posts
from verso.content.noise import noise_kind
from verso.content.redirect_rules import GONE, with_query
from verso.content.redirects import find_redirect
from verso.content.urls import (
    Gone,
    Moved,
    document_url,
    find_document,
    find_neutral,
    find_old_neutral,
    locate,
)
from verso.current import get_navigation, get_recorder
from verso.db import is_reading, reading
from verso.errors.problem import Problem
from verso.errors.report import get_reporter
from verso.i18n.locales import Locales, current_locale, get_locales
from verso.models import Document, Kind
from verso.sections import LOCALIZED, Section, section_of, split_locale, split_path

# The rules that take any path of their kind; whether there is a document, only the database knows.
OTHER_METHODS = ("DELETE", "PATCH", "POST", "PUT")
DOCUMENT_ENDPOINTS = frozenset({"site.page", "site.neutral", "blog.post", "blog.neutral_post"})


def init_app(app: Flask, locales: Locales) -> None:
    class LocaleConverter(BaseConverter):
        """One configured locale in its canonical spelling; asked anew for every request."""

        regex = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"

        def to_python(self, value: str) -> str:
            if value not in locales.current:
                raise ValidationError
            return value

    class PageConverter(PathConverter):
        """A path that section_of gives to the site and that does not begin with a locale."""

        def to_python(self, value: str) -> str:
            prefix, _ = split_locale(value, locales.current)
            if prefix or section_of(value, locales.current) is not Section.SITE:
                raise ValidationError
            return value

    app.url_map.converters.update(locale=LocaleConverter, page=PageConverter)
    # A strict slash redirects before converters have refused the path; settle_slash comes after.
    app.url_map.strict_slashes = False
    app.before_request(settle_spelling)
    app.before_request(settle_slash)


def init_last(app: Flask) -> None:
    """After the sections: the admin's gate comes before any word about what exists."""
    app.before_request(settle_unrouted)


def settle_spelling() -> None:
    """`/FR/x` and `/pt_BR/x` go to the canonical `/fr/x` and `/pt-BR/x` with 308."""
    offered = get_locales().current
    locale, rest = split_locale(request.path, offered)
    if locale is None or split_path(request.path)[0] == locale:
        return
    if section_of(request.path, offered) in LOCALIZED:
        slash = "/" if request.path.endswith("/") or not rest else ""
        go_to(quote("/" + "/".join((locale, *rest)) + slash), 308)


def settle_slash() -> None:
    """Every known URL of a visitors' section has one form, with or without a last slash: 308 to it.

    Documents settle it themselves, with the redirect that they may need anyway.
    """
    rule = request.url_rule
    if rule is None or rule.endpoint in DOCUMENT_ENDPOINTS or request.path == "/":
        return
    if section_of(request.path, get_locales().current) in LOCALIZED:
        bare = request.path.rstrip("/")
        wanted = bare + "/" if rule.rule.endswith("/") else bare
        if wanted != request.path:
            go_to(quote(wanted), 308)


def settle_unrouted() -> None:
    """Before a 404 or 405 is raised: where the URL moved to, or whether it exists at all."""
    error = request.routing_exception
    if isinstance(error, MethodNotAllowed):
        raise _method_error(error)
    offered = get_locales().current
    if section_of(request.path, offered) not in LOCALIZED:
        return
    # Flask answers OPTIONS by itself wherever a rule takes the path.
    if request.method == "OPTIONS" and request.endpoint in DOCUMENT_ENDPOINTS:
        if not _is_document():
            raise NotFound
    elif isinstance(error, NotFound) and request.method in ("GET", "HEAD"):
        _follow_old_url()


def _method_error(error: MethodNotAllowed) -> HTTPException:
    """405 with the methods that really work here; 404 where none does.

    The router collects methods before converters have refused the path, and the rules for
    documents take any path.
    """
    adapter = request_ctx.url_adapter
    allowed = []
    for method in error.valid_methods or ():
        try:
            endpoint, _ = adapter.match(method=method) if adapter else ("", None)
        except HTTPException:
            continue
        if endpoint not in DOCUMENT_ENDPOINTS or _is_document():
            allowed.append(method)
    return MethodNotAllowed(sorted(allowed)) if allowed else NotFound()


def _nothing_here() -> HTTPException:
    """No document has this path: 404, or 405 where a rule takes it by another method."""
    adapter = request_ctx.url_adapter
    allowed = []
    for method in OTHER_METHODS:
        try:
            endpoint, _ = adapter.match(method=method) if adapter else ("", None)
        except HTTPException:
            continue
        if endpoint not in DOCUMENT_ENDPOINTS:
            allowed.append(method)
    return MethodNotAllowed(sorted([*allowed, "OPTIONS"])) if allowed else NotFound()


def document_at(kind: Kind, locale: str, path: str) -> Document:
    """The live document at a path, or what else is the answer there: 301, 404 or 410."""
    found = find_document(reading(), kind, locale, path, datetime.now(UTC))
    if isinstance(found, Moved):
        go_to(document_url(reading(), found.document, locale), 301)
    if isinstance(found, Gone):
        raise Problem("gone")
    if found is None:
        raise _nothing_here()
    wanted = document_url(reading(), found, locale)
    if quote(request.path) != wanted:
        go_to(wanted, 301)
    return found


def neutral_document(kind: Kind, path: str) -> NoReturn:
    """Answer a URL without a locale: 302 to the best language, 301 for an old URL, else 404."""
    locales = get_locales()
    now = datetime.now(UTC)
    order = (locales.default, *locales.offered)
    found = find_neutral(reading(), kind, path, current_locale(), order, now)
    if found is not None:
        go_to(document_url(reading(), found, current_locale()), 302)
    old = find_old_neutral(reading(), kind, path, now)
    if old is not None:
        document, locale = old
        shown = locale if locale in locales.offered else locales.default
        go_to(document_url(reading(), document, shown), 301)
    raise _nothing_here()


def go_to(path: str, code: int) -> NoReturn:
    """Redirect to a quoted path of this site with the query kept; 302 depends on the reader's language."""
    query = request.query_string.decode("latin-1")
    response = redirect(request.root_path + path + ("?" + query if query else ""), code)
    if code == 302:
        response.vary.update(("Accept-Language", "Cookie"))
        response.headers["Cache-Control"] = "no-cache"
    abort(response)


def settle_missing(error: HTTPException) -> HTTPException | Response:
    """What a 404 or 410 of a visitors' section is after all: a redirect that somebody made, gone, or itself.

    Only where the database is at hand: an error page must not wait for it.
    """
    if error.code not in (404, GONE) or not is_reading():
        return error
    try:
        found = find_redirect(reading(), request.path)
    except SQLAlchemyError:
        return error
    if found is None:
        return error
    target, code = found
    if request.method not in ("GET", "HEAD") and code != 308:
        return error
    if code == GONE:
        return Problem("gone")
    url = with_query(target, request.query_string.decode("latin-1"))
    here = request.root_path if url.startswith("/") else ""
    response = current_app.make_response(redirect(here + url, code))
    # A redirect that was made by mistake must not stay in browsers after it is removed.
    response.headers["Cache-Control"] = "no-cache"
    return response


def find_nearby(locale: str) -> Nearby:
    """What lies near the path of this request; without the database, what is in memory."""
    if noise_kind(request.path):
        return Nearby()
    offered = get_locales().offered
    pages = nearby_pages(get_navigation().remembered, request.path, locale, offered)
    if not is_reading():
        return pages
    try:
        return nearby_posts(reading(), request.path, locale, offered).and_more(pages)
    except SQLAlchemyError:
        return pages


def count_missing() -> None:
    """Count the unknown URL of this request; a known one with a bad query is none."""
    rule = request.url_rule
    is_known = rule is not None and not rule.arguments - {"locale"}
    # A path that holds what looks like a secret is nobody's to look at.
    is_safe = get_reporter().scrubber.text(request.path) == request.path
    locales = get_locales()
    is_hidden = locales.is_hidden(split_locale(request.path, locales.current)[0])
    if request.method == "GET" and not is_known and is_safe and not is_hidden:
        referrer = request.headers.get("Referer", "")
        get_recorder().count(request.path, referrer, request.host)


def _is_document() -> bool:
    """Whether a document has, or had, the path of this request."""
    locale, kind, path = _document_path()
    session, now = reading(), datetime.now(UTC)
    if locale:
        return find_document(session, kind, locale, path, now) is not None
    order = get_locales().offered
    return find_neutral(session, kind, path, current_locale(), order, now) is not None


def _document_path() -> tuple[str | None, Kind, str]:
    """Locale, kind and path of the document that this URL would have."""
    return locate(request.path, get_locales().current)


def _follow_old_url() -> None:
    locale, kind, path = _document_path()
    if path and locale:
        document_at(kind, locale, path)
    elif path:
        neutral_document(kind, path)
