"""Search over titles and texts of pages and posts."""

from datetime import UTC, datetime

from flask import Response, g, render_template, request
from werkzeug.exceptions import NotFound

from verso.content.finding import search_documents
from verso.db import reading
from verso.i18n.locales import current_locale
from verso.layout import use_navigation
from verso.paging import asked_number
from verso.routing import go_to

MAX_PAGE = 50


def search(locale: str) -> str:
    """What holds all words of `?q=`, best first, `?page=` by page."""
    use_navigation()
    query = " ".join(request.args.get("q", "")[:200].split())
    number = asked_number("page", 1, MAX_PAGE)
    if number is None:
        raise NotFound
    results = search_documents(reading(), query, locale, number, datetime.now(UTC))
    if number > 1 and not results.cards:
        raise NotFound
    g.verso_no_index = True
    return render_template("site/search.html", query=query, results=results, number=number)


def neutral_search() -> Response:
    """`/search`: 302 to the search in the reader's language."""
    go_to(f"/{current_locale()}/search", 302)
