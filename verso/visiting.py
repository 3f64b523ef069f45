"""Who is let in now: while the site is in maintenance, and where a language is hidden, only people signed in.

What is remembered of the site is renewed here, before a request is answered: at most once a second.
"""

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from verso.content.site_settings import MAINTENANCE_TEXT
from verso.content.snapshot import Snapshot
from verso.current import get_navigation
from verso.db import get_database, give_up_reading
from verso.errors.problem import Problem
from verso.errors.respond import current_section
from verso.i18n.locales import current_locale, get_locales, leave_hidden, read_cookie
from verso.models import User
from verso.people import logins
from verso.sections import LOCALIZED, Section, split_locale

# Seconds after which it makes sense to come back to a site in maintenance.
RETRY_AFTER = 300
# What stays open: health, and whatever the page that says so is made of or leads to.
_FILES = {"media", "media_version", "accent", "favicon", "unknown_asset", "robots", "security"}
_WORDS = {"live", "ready", "choose", "problems", "problem", "neutral_problem"}
OPEN = frozenset(f"site.{name}" for name in _FILES | _WORDS)


def init_app(app: Flask) -> None:
    """To be called before routing's hooks, which would redirect first."""
    app.before_request(admit)
    app.after_request(keep_private)


def admit() -> None:
    """503 while the site is in maintenance, 404 where the language of the path is hidden."""
    if request.endpoint in ("site.live", "site.ready"):
        return
    snapshot, locales, section = _refreshed(), get_locales(), current_section()
    if section is Section.ADMIN:
        return
    prefix, _ = split_locale(request.path, locales.current)
    is_hidden = section in LOCALIZED and locales.is_hidden(prefix)
    is_closed = snapshot.in_maintenance and request.endpoint not in OPEN
    if not is_hidden and not is_closed:
        return
    # The API shows everybody the same.
    if section is not Section.API and signed_in() is not None:
        g.verso_insider = "maintenance" if is_closed else "hidden"
        return
    if is_hidden:
        leave_hidden()
    if is_closed:
        raise _maintenance(snapshot)
    raise NotFound


def signed_in() -> User | None:
    """Who is signed in, outside the admin; without a database nobody is.

    The session is its own: a page must not find the database at hand because somebody is signed in.
    """
    token = read_cookie(request, logins.COOKIE)
    if not token:
        return None
    try:
        with get_database().reader() as session:
            login = logins.find(session, token)
            return login.user if login is not None else None
    except SQLAlchemyError:
        return None


def keep_private(response: Response) -> Response:
    """What only people signed in see is kept by nobody else."""
    if "verso_insider" in g:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _refreshed() -> Snapshot:
    """What the site is now; what is remembered of it while the database is away."""
    navigation = get_navigation()
    try:
        return navigation.refreshed()
    except SQLAlchemyError as error:
        give_up_reading(error)
        return navigation.remembered


def _maintenance(snapshot: Snapshot) -> Problem:
    words = snapshot.setting(MAINTENANCE_TEXT, current_locale(), get_locales().default)
    return Problem("maintenance", words or None, headers={"Retry-After": str(RETRY_AFTER)})
