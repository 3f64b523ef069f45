"""The pages that a problem's `type` leads to: what it means and what to do about it."""

from contextlib import suppress

from flask import Response, render_template
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from verso.errors.catalogue import BY_SLUG, PROBLEMS
from verso.i18n.locales import current_locale
from verso.layout import use_navigation
from verso.routing import go_to


def problems(locale: str) -> str:
    """All problems that this site can answer."""
    _use_navigation()
    return render_template(
        "site/problems.html", problems=sorted(PROBLEMS, key=lambda one: one.code)
    )


def problem(locale: str, slug: str) -> str:
    """One problem."""
    if slug not in BY_SLUG:
        raise NotFound
    _use_navigation()
    return render_template("site/problem.html", problem=BY_SLUG[slug])


def neutral_problem(slug: str) -> Response:
    """`/problems/<slug>`: 302 to it in the reader's language."""
    if slug not in BY_SLUG:
        raise NotFound
    go_to(f"/{current_locale()}/problems/{slug}", 302)


def _use_navigation() -> None:
    """What a problem means can be read while the database is away: the menu is then remembered."""
    with suppress(SQLAlchemyError):
        use_navigation()
