"""A document as its readers see it: the same page for the public views and for an editor's preview."""

from datetime import UTC, datetime

from flask import g, render_template
from sqlalchemy.orm import Session

from verso.content.cards import authors_of, cover_of, make_cards, shared_of, tags_of
from verso.content.listing import list_documents, neighbours
from verso.content.navigation import around
from verso.content.urls import document_url
from verso.db import reading
from verso.i18n.locales import get_locales
from verso.layout import use_navigation
from verso.models import Document, Kind

HOME_POSTS = 4


def show_page(document: Document, locale: str) -> str:
    """The HTML of a page of the tree, with what is above and below it."""
    snapshot = around(reading(), use_navigation(), document)
    node = snapshot.pages.get(document.id)
    above = (
        [snapshot.link(one, locale) for one in snapshot.above(node) if one.is_live] if node else []
    )
    text = document.text_or_source(locale)
    g.verso_alternates = alternate_urls(reading(), document)
    g.verso_text_locale = text.locale
    return render_template(
        "site/page.html",
        document=document,
        text=text,
        cover=cover_of(document, text),
        shared=shared_of(document, text),
        above=above,
        below=snapshot.children(document.id, locale),
        translated=translated_urls(document, g.verso_alternates),
    )


def show_home(document: Document | None, locale: str) -> str:
    """The HTML of the home page: the page that an editor chose, if any, and the newest posts."""
    use_navigation()
    posts = list_documents(reading(), Kind.POST, size=HOME_POSTS).documents
    text = document.text_or_source(locale) if document else None
    return render_template(
        "site/home.html",
        document=document,
        text=text,
        cover=cover_of(document, text) if document and text else None,
        shared=shared_of(document, text) if document and text else None,
        translated=translated_urls(document, alternate_urls(reading(), document))
        if document
        else {},
        posts=make_cards(reading(), posts, locale),
    )


def show_post(document: Document, locale: str) -> str:
    """The HTML of a post, with the ones before and after it."""
    use_navigation()
    text = document.text_or_source(locale)
    g.verso_alternates = alternate_urls(reading(), document)
    g.verso_text_locale = text.locale
    older, newer = neighbours(reading(), document, datetime.now(UTC))
    beside = make_cards(reading(), [one for one in (older, newer) if one], locale)
    cards = {card.id: card for card in beside}
    return render_template(
        "blog/post.html",
        document=document,
        text=text,
        cover=cover_of(document, text),
        shared=shared_of(document, text),
        tags=tags_of(document, locale),
        authors=authors_of(document),
        older=cards[older.id] if older else None,
        newer=cards[newer.id] if newer else None,
        translated=translated_urls(document, g.verso_alternates),
    )


def alternate_urls(session: Session, document: Document) -> dict[str, str]:
    """Where the document is in every locale of the site."""
    return {name: document_url(session, document, name) for name in get_locales().offered}


def translated_urls(document: Document, urls: dict[str, str]) -> dict[str, str]:
    """Where the document is in each locale that it really has, for hreflang."""
    texts = {text.locale for text in document.texts}
    return {name: url for name, url in urls.items() if name in texts}
