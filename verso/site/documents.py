"""Home and pages, in the language of their URL; URLs without one lead to the reader's."""

from datetime import UTC, datetime

from flask import Response, render_template

from verso.content.cards import cover_of, make_cards
from verso.content.listing import list_documents
from verso.content.urls import home_url, is_live
from verso.db import reading
from verso.i18n.locales import current_locale
from verso.layout import use_navigation
from verso.models import Document, Kind
from verso.routing import document_at, go_to, neutral_document
from verso.showing import alternate_urls, show_page, translated_urls

HOME_POSTS = 4


def front() -> Response:
    """`/`: 302 to the home page in the best language for this visitor."""
    go_to(home_url(current_locale()), 302)


def home(locale: str) -> str:
    """The home page: the page that an editor chose, if any, and the newest posts."""
    snapshot = use_navigation()
    posts = list_documents(reading(), Kind.POST, size=HOME_POSTS).documents
    document = reading().get(Document, snapshot.home_id) if snapshot.home_id else None
    shown = document if document is not None and is_live(document, datetime.now(UTC)) else None
    return render_template(
        "site/home.html",
        document=shown,
        text=shown.text_or_source(locale) if shown else None,
        cover=cover_of(shown, shown.text_or_source(locale)) if shown else None,
        translated=translated_urls(shown, alternate_urls(reading(), shown)) if shown else {},
        posts=make_cards(reading(), posts, locale),
    )


def page(locale: str, path: str) -> str:
    """A page of the tree."""
    return show_page(document_at(Kind.PAGE, locale, path), locale)


def neutral(path: str) -> Response:
    """A page's URL without a locale."""
    neutral_document(Kind.PAGE, path)
