"""Documents over the API: lists by keyset, single ones with their content, tags and search."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.api.json import reply
from verso.content.cards import Card, make_card, make_cards, shared_of
from verso.content.finding import search_documents
from verso.content.listing import (
    Slice,
    find_tag,
    list_documents,
    used_tags,
)
from verso.content.pictures import Picture
from verso.content.urls import document_url, is_live
from verso.db import reading
from verso.errors.problem import Problem
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale, get_locales
from verso.links import absolute, mounted
from verso.models import Document, Kind
from verso.paging import asked_cursor, asked_number

MAX_SIZE = 100
DEFAULT_SIZE = 20


def posts() -> Response:
    """`GET /api/v1/posts?tag=&size=&cursor=`: the newest posts first."""
    slug = request.args.get("tag")
    tag = find_tag(reading(), slug) if slug else None
    if slug and tag is None:
        return reply({"items": [], "next": None})
    found = list_documents(
        reading(), Kind.POST, tag=tag, cursor=asked_cursor("cursor"), size=_size()
    )
    return _list(found, {"tag": slug} if slug else {})


def pages() -> Response:
    """`GET /api/v1/pages?size=&cursor=`: the newest pages first."""
    return _list(
        list_documents(reading(), Kind.PAGE, cursor=asked_cursor("cursor"), size=_size()), {}
    )


def post(document_id: int) -> Response:
    """`GET /api/v1/posts/<id>`: one post with its content."""
    return _single(Kind.POST, document_id)


def page(document_id: int) -> Response:
    """`GET /api/v1/pages/<id>`: one page with its content."""
    return _single(Kind.PAGE, document_id)


def tags() -> Response:
    """`GET /api/v1/tags`: the tags in use, with their name in the language asked for."""
    locale = current_locale()
    found = used_tags(reading(), datetime.now(UTC))
    names = ((tag.slug, tag.name(locale, get_locales().default)) for tag in found)
    items = [
        {
            "slug": slug,
            "name": name.name,
            "lang": name.locale,
            "posts": absolute(f"/api/v1/posts?{urlencode({'tag': slug})}"),
        }
        for slug, name in names
    ]
    return reply({"items": items})


def search() -> Response:
    """`GET /api/v1/search?q=&page=`: the documents that hold all words, best first."""
    query = " ".join(request.args.get("q", "")[:200].split())
    if not query:
        raise _invalid("q", gettext("Say what to search for."))
    number = _number("page", 1, 50)
    results = search_documents(reading(), query, current_locale(), number, datetime.now(UTC))
    words = {"q": query, "page": str(number + 1)}
    words |= {"lang": request.args["lang"]} if "lang" in request.args else {}
    following = absolute(f"/api/v1/search?{urlencode(words)}")
    following_or_none = following if results.more else None
    return reply(
        {"items": [_item(card) for card in results.cards], "next": following_or_none},
        {"next": following} if results.more else None,
    )


def _list(found: Slice, query: dict[str, str]) -> Response:
    path = request.path.rstrip("/")
    kept = {name: request.args[name] for name in ("size", "lang") if name in request.args}
    links = {
        relation: absolute(f"{path}?{urlencode({**query, **kept, 'cursor': str(cursor)})}")
        for relation, cursor in (("prev", found.newer), ("next", found.older))
        if cursor
    }
    items = [_item(card) for card in make_cards(reading(), found.documents, current_locale())]
    return reply({"items": items, "next": links.get("next")}, links)


def _single(kind: Kind, document_id: int) -> Response:
    document = reading().get(Document, document_id)
    if document is None or document.kind != kind or not is_live(document, datetime.now(UTC)):
        raise NotFound
    locale = current_locale()
    text = document.text_or_source(locale)
    body = _item(make_card(reading(), document, locale)) | {
        "source_lang": document.source_locale,
        "search_title": text.search_title,
        "search_description": text.search_description,
        "sharing": _picture(shared_of(document, text)),
        "content_markdown": text.body,
        "content_html": str(mounted(text.html, absolute(""))),
        "translations": {
            one.locale: absolute(document_url(reading(), document, one.locale))
            for one in document.texts
            if one.locale in get_locales().offered
        },
    }
    return reply(body)


def _item(card: Card) -> dict[str, Any]:
    collection = "posts" if card.kind == Kind.POST else "pages"
    return {
        "id": card.id,
        "kind": card.kind,
        "url": absolute(card.url),
        "self": absolute(f"/api/v1/{collection}/{card.id}"),
        "lang": card.locale,
        "title": card.title,
        "summary": card.summary,
        "published_at": card.listed_at.isoformat() if card.listed_at else None,
        "updated_at": card.updated_at.isoformat(),
        "tags": [{"slug": tag.slug, "name": tag.name, "lang": tag.locale} for tag in card.tags],
        "authors": [{"slug": one.slug, "name": one.name} for one in card.authors],
        "cover": _picture(card.cover),
    }


def _picture(picture: Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {
        "url": absolute(picture.url),
        "width": picture.width,
        "height": picture.height,
        "alt": picture.alt,
    }


def _size() -> int:
    return _number("size", DEFAULT_SIZE, MAX_SIZE)


def _number(name: str, default: int, most: int) -> int:
    number = asked_number(name, default, most)
    if number is None:
        raise _invalid(name, gettext("This must be a number from 1 to %(most)s.", most=most))
    return number


def _invalid(parameter: str, detail: str) -> Problem:
    errors = [{"parameter": parameter, "detail": detail, "code": "invalid"}]
    return Problem("invalid-input", errors=errors)
