"""Feeds: Atom (RFC 4287) and JSON Feed 1.1, of all posts or of a tag, per language."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import json, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.content.cards import Card, make_card
from verso.content.listing import find_tag, list_documents
from verso.content.urls import blog_url
from verso.db import reading
from verso.i18n.locales import get_locales
from verso.layout import Layout, use_navigation
from verso.links import absolute, mounted
from verso.models import Document, Kind, Tag

FEED_SIZE = 20
# The Unix epoch stands for "never" in a feed without posts.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom(locale: str, slug: str | None = None) -> Response:
    """The newest posts that exist in this language, as Atom."""
    context = _context(locale, slug, "feed.xml")
    return _feed(render_template("blog/feed.xml", **context), "application/atom+xml; charset=utf-8")


def json_feed(locale: str, slug: str | None = None) -> Response:
    """The newest posts that exist in this language, as JSON Feed."""
    context = _context(locale, slug, "feed.json")
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": context["title"],
        "home_page_url": context["home"],
        "feed_url": context["self"],
        "language": locale,
        "items": [_item(card, html, locale) for card, html in context["entries"]],
    }
    return _feed(json.dumps(feed), "application/feed+json; charset=utf-8")


def _context(locale: str, slug: str | None, name: str) -> dict[str, Any]:
    tag = _tag(slug)
    snapshot = use_navigation()
    session = reading()
    found = list_documents(session, Kind.POST, tag=tag, locale=locale, size=FEED_SIZE).documents
    cards = [make_card(session, document, locale) for document in found]
    title = snapshot.setting("name", locale, get_locales().default, "Verso")
    folder = blog_url(locale) + (f"tags/{slug}/" if slug else "")
    return {
        "title": f"{title}: {tag.name(locale, locale).name}" if tag else title,
        "subtitle": Layout(locale).tagline,
        "home": absolute(blog_url(locale) + (f"tags/{slug}" if slug else "")),
        "self": absolute(folder + name),
        "updated": max((card.updated_at for card in cards), default=NEVER),
        "entries": list(zip(cards, _html(found, locale), strict=True)),
        "absolute": absolute,
    }


def _tag(slug: str | None) -> Tag | None:
    tag = find_tag(reading(), slug) if slug else None
    if slug and (
        tag is None or not list_documents(reading(), Kind.POST, tag=tag, size=1).documents
    ):
        raise NotFound
    return tag


def _html(documents: Sequence[Document], locale: str) -> list[str]:
    """The posts' content with absolute links, for readers elsewhere."""
    prefix = absolute("")
    return [str(mounted(one.text_or_source(locale).html, prefix)) for one in documents]


def _item(card: Card, html: str, locale: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": absolute(card.url),
        "url": absolute(card.url),
        "title": card.title,
        "content_html": html,
        "summary": card.summary,
        "date_published": card.listed_at.isoformat() if card.listed_at else None,
        "date_modified": card.updated_at.isoformat(),
        "authors": [{"name": author.name} for author in card.authors],
        "tags": [tag.name for tag in card.tags],
        "language": locale,
    }
    if card.cover:
        item["image"] = absolute(card.cover.url)
    return item


def _feed(body: str, content_type: str) -> Response:
    response = Response(body, content_type=content_type)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    return response.make_conditional(request)
