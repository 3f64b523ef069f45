"""Posts: one by one, and in lists that are walked by keyset."""

from datetime import UTC, datetime

from flask import Response, g, render_template, request
from werkzeug.exceptions import NotFound

from verso.content.cards import make_cards
from verso.content.listing import (
    Slice,
    active_authors,
    find_author,
    find_tag,
    list_documents,
    used_tags,
    years_of,
)
from verso.content.urls import blog_url
from verso.db import reading
from verso.i18n.collation import in_order
from verso.i18n.locales import current_locale, get_locales
from verso.layout import use_navigation
from verso.models import Kind
from verso.paging import asked_cursor
from verso.routing import document_at, go_to, neutral_document
from verso.showing import show_post


def index(locale: str) -> str:
    """The newest posts of all languages, each in the reader's where it has it."""
    return _list(
        "blog/index.html", locale, list_documents(reading(), Kind.POST, cursor=asked_cursor("at"))
    )


def post(locale: str, slug: str) -> str:
    """One post, with the ones before and after it."""
    return show_post(document_at(Kind.POST, locale, slug), locale)


def tag(locale: str, slug: str) -> str:
    """The posts of a tag."""
    found = find_tag(reading(), slug)
    if found is None:
        raise NotFound
    posts = list_documents(reading(), Kind.POST, tag=found, cursor=asked_cursor("at"))
    if not posts.documents:
        raise NotFound
    return _list("blog/tag.html", locale, posts, tag=found, name=found.name(locale, locale))


def author(locale: str, slug: str) -> str:
    """The posts of an author."""
    found = find_author(reading(), slug)
    if found is None:
        raise NotFound
    posts = list_documents(reading(), Kind.POST, author=found, cursor=asked_cursor("at"))
    if not posts.documents:
        raise NotFound
    return _list("blog/author.html", locale, posts, author=found)


def year(locale: str, year: int) -> str:
    """The posts of a year (UTC)."""
    posts = list_documents(reading(), Kind.POST, year=year, cursor=asked_cursor("at"))
    if not posts.documents:
        raise NotFound
    return _list("blog/year.html", locale, posts, year=year)


def tags(locale: str) -> str:
    """All tags in use."""
    use_navigation()
    found = used_tags(reading(), datetime.now(UTC))
    names = [(one, one.name(locale, get_locales().default)) for one in found]
    return render_template(
        "blog/tags.html", tags=in_order(names, locale, lambda pair: pair[1].name)
    )


def authors(locale: str) -> str:
    """Everybody who wrote a post."""
    use_navigation()
    found = active_authors(reading(), datetime.now(UTC))
    return render_template(
        "blog/authors.html", authors=in_order(found, locale, lambda one: one.name)
    )


def archive(locale: str) -> str:
    """The years in which something was published."""
    use_navigation()
    return render_template("blog/archive.html", years=years_of(reading(), datetime.now(UTC)))


def neutral_index() -> Response:
    """`/blog/`: 302 to the blog in the reader's language."""
    go_to(blog_url(current_locale()), 302)


def neutral_post(slug: str) -> Response:
    """A post's URL without a locale."""
    neutral_document(Kind.POST, slug)


def _list(template: str, locale: str, posts: Slice, **context: object) -> str:
    use_navigation()
    g.verso_no_index = bool(request.args.get("at"))
    cards = make_cards(reading(), posts.documents, locale)
    return render_template(template, cards=cards, posts=posts, **context)
