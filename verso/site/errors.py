"""The site's form of an error: a page with search, near matches and other languages."""

import difflib

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException

from verso.content.navigation import Link, Snapshot
from verso.current import get_navigation
from verso.errors.respond import answer, failure_of
from verso.i18n.locales import get_locales
from verso.sections import split_locale

MAX_NEAR = 4


def respond(error: HTTPException) -> Response:
    """Answer any error of the site as a page; it needs no database, no session and no router."""
    failure = failure_of(error)
    snapshot = get_navigation().remembered
    missing = failure.status in (404, 410)
    body = render_template(
        "site/error.html",
        failure=failure,
        near=near_pages(snapshot, request.path, failure.locale) if missing else [],
        elsewhere=same_path_elsewhere(snapshot, request.path, failure.locale) if missing else [],
        missing=missing,
    )
    return answer(failure, body, "text/html; charset=utf-8")


def near_pages(snapshot: Snapshot, path: str, locale: str) -> list[Link]:
    """Pages whose path or title is spelled much like the one asked for."""
    _, parts = split_locale(path[:200], get_locales().current)
    if not parts:
        return []
    links = {}
    for node in snapshot.live_pages:
        words = node.in_locale(locale)
        links[words.slug.casefold()] = links[words.title.casefold()] = snapshot.link(node, locale)
    wanted = parts[-1].casefold()
    near = difflib.get_close_matches(wanted, list(links), n=MAX_NEAR, cutoff=0.7)
    return list({links[word].url: links[word] for word in near}.values())


def same_path_elsewhere(snapshot: Snapshot, path: str, locale: str) -> list[Link]:
    """Pages that have this very path in another language: where each is in its own."""
    offered = get_locales().current
    _, parts = split_locale(path[:1000], offered)
    wanted = "/".join(parts)
    found = []
    for node in snapshot.live_pages:
        for other in node.words:
            link = snapshot.link(node, other) if other in offered and other != locale else None
            if link and link.url == f"/{other}/{wanted}":
                found.append(link)
    return found[:MAX_NEAR]
