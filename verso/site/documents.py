"""Home and pages, in the language of their URL; URLs without one lead to the reader's."""

from datetime import UTC, datetime

from flask import Response

from verso.content.urls import home_url, is_live
from verso.db import reading
from verso.i18n.locales import current_locale
from verso.layout import use_navigation
from verso.models import Document, Kind
from verso.routing import document_at, go_to, neutral_document
from verso.showing import show_home, show_page


def front() -> Response:
    """`/`: 302 to the home page in the best language for this visitor."""
    go_to(home_url(current_locale()), 302)


def home(locale: str) -> str:
    """The home page: the page that an editor chose, if any, and the newest posts."""
    snapshot = use_navigation()
    document = reading().get(Document, snapshot.home_id) if snapshot.home_id else None
    shown = document is not None and is_live(document, datetime.now(UTC))
    return show_home(document if shown else None, locale)


def page(locale: str, path: str) -> str:
    """A page of the tree."""
    return show_page(document_at(Kind.PAGE, locale, path), locale)


def neutral(path: str) -> Response:
    """A page's URL without a locale."""
    neutral_document(Kind.PAGE, path)
