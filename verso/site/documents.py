"""Home and pages, in the language of their URL; URLs without one lead to the reader's."""

from datetime import UTC, datetime

from flask import Response, g, make_response, render_template
from sqlalchemy.orm import Session

from verso.content.cards import cover_of, make_cards
from verso.content.listing import list_documents
from verso.content.urls import document_url, home_url, is_live
from verso.db import reading
from verso.i18n.locales import current_locale, get_locales
from verso.layout import use_navigation
from verso.models import Document, Kind
from verso.routing import document_at, go_to, neutral_document

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
        translated=translated_urls(reading(), shown) if shown else {},
        posts=make_cards(reading(), posts, locale),
    )


def page(locale: str, path: str) -> Response:
    """A page of the tree, with what is above and below it."""
    document = document_at(Kind.PAGE, locale, path)
    snapshot = use_navigation()
    node = snapshot.pages.get(document.id)
    above = (
        [snapshot.link(one, locale) for one in snapshot.above(node) if one.is_live] if node else []
    )
    g.verso_alternates = alternate_urls(reading(), document)
    text = document.text_or_source(locale)
    g.verso_text_locale = text.locale
    body = render_template(
        "site/page.html",
        document=document,
        text=text,
        cover=cover_of(document, text),
        above=above,
        below=snapshot.children(document.id, locale),
        translated=translated_urls(reading(), document),
    )
    return make_response(body)


def neutral(path: str) -> Response:
    """A page's URL without a locale."""
    neutral_document(Kind.PAGE, path)


def alternate_urls(session: Session, document: Document) -> dict[str, str]:
    """Where the document is in every locale of the site."""
    return {name: document_url(session, document, name) for name in get_locales().current}


def translated_urls(session: Session, document: Document) -> dict[str, str]:
    """Where the document is in each locale that it really has, for hreflang."""
    texts = {text.locale for text in document.texts}
    urls = alternate_urls(session, document)
    return {name: url for name, url in urls.items() if name in texts}
