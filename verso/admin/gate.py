"""The gate: it stands before routing, so that strangers get one answer for every admin URL."""

from contextlib import suppress
from urllib.parse import urlencode

from flask import abort, g, make_response, redirect, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from verso.bodies import END_FIELD, expect_whole_form
from verso.cookies import delete_cookie, set_cookie
from verso.db import OutcomeUnknown, reading, writing
from verso.errors.respond import current_section, finished
from verso.i18n.locales import ADMIN_LANGUAGE_COOKIE, read_cookie
from verso.links import href
from verso.models import Document, Login, User
from verso.people import logins
from verso.people.permissions import Action, may
from verso.sections import Section, split_path

LOGIN_COOKIE = logins.COOKIE
# Fields that no page says again.
SECRETS = frozenset({"password", "current", "code", "token"})
WAYS_IN = frozenset(
    {"sign-in", "sign-in/code", "sign-in/passkey", "sign-in/passkey/options", "reset"}
)
LINKS = frozenset({"setup", "invitation", "reset"})


def keep_strangers_out() -> None:
    """303 to the sign-in page for every admin URL and method, known or not, without a login."""
    if current_section() is not Section.ADMIN:
        return
    token = read_cookie(request, LOGIN_COOKIE)
    login = logins.find(reading(), token) if token else None
    if login is not None:
        g.verso_login, g.verso_user = login, login.user
        if logins.is_due(login):
            _touch(token)
    elif not is_open():
        abort(forbid_storing(_kept_form() or _to_sign_in()))


def _to_sign_in() -> Response:
    query = "?" + urlencode({"next": _here()}) if request.method == "GET" else ""
    return redirect(href("/admin/sign-in") + query, 303)


def _kept_form() -> Response | None:
    """What somebody typed before their login ended comes back, to be sent again once they signed in.

    None where a form was not sent by its page, is empty, holds a file or a secret. The problem
    incomplete-form where it is cut: sent again it would look whole.
    """
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    is_page = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if request.method != "POST" or not is_form or not is_page:
        return None
    expect_whole_form()
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if value and name != END_FIELD
    ]
    if not fields or any(name in SECRETS for name, _ in fields):
        return None
    body = render_template("admin/signed_out.html", user=None, fields=fields, action=request.path)
    return finished(make_response(body, 403))


def _here() -> str:
    query = request.query_string.decode("latin-1")
    return request.path + ("?" + query if query else "")


def _touch(token: str) -> None:
    """Write that the browser was seen; reading goes on if the database takes no writes now."""
    with suppress(OperationalError, OutcomeUnknown), writing() as session:
        logins.touch(session, token)


def is_open() -> bool:
    """The ways in: the pages of signing in, and links with their token; nothing else, known or not."""
    parts = split_path(request.path)[1:]
    return "/".join(parts) in WAYS_IN or (len(parts) == 2 and parts[0] in LINKS)


def current_user() -> User:
    """Who is signed in; the gate has seen to it."""
    user: User = g.verso_user
    return user


def become(user: User) -> None:
    """Go on with what was just written about who is signed in."""
    g.verso_user = user


def current_login() -> Login:
    """The signed-in browser that asks; the gate has seen to it."""
    login: Login = g.verso_login
    return login


def find_user() -> User | None:
    """Who is signed in, if anybody, for pages that strangers see too."""
    user: User | None = g.get("verso_user")
    return user


def require(action: Action) -> User:
    """Who is signed in, if they may do this to anything; Forbidden otherwise."""
    user = current_user()
    if not may(user, action):
        raise Forbidden
    return user


def require_for(
    document: Document, locale: str | None = None, action: Action = Action.WRITE
) -> User:
    """Who is signed in, if they may do this to this document, or its text; Forbidden otherwise."""
    user = current_user()
    if not may(user, action, document, locale):
        raise Forbidden
    return user


def require_moving(document: Document) -> None:
    """Addresses that readers know are changed by who may publish; Forbidden for others."""
    require_for(document, action=Action.PUBLISH)


def let_in(response: Response, token: str, user: User) -> Response:
    """Give a browser its login and the language of its person."""
    set_cookie(response, LOGIN_COOKIE, token, max_age=int(logins.ABSOLUTE.total_seconds()))
    remember_language(response, user.locale)
    return response


def let_out(response: Response) -> Response:
    """Take the login away from a browser, and what it stored of the admin."""
    delete_cookie(response, LOGIN_COOKIE)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def remember_language(response: Response, locale: str) -> None:
    """The admin's language also stands in a cookie: error pages must not need the database."""
    age = int(logins.ABSOLUTE.total_seconds())
    set_cookie(response, ADMIN_LANGUAGE_COOKIE, locale, max_age=age)


def forbid_storing(response: Response) -> Response:
    """Nothing of the admin is kept by browsers or proxies."""
    response.headers["Cache-Control"] = "no-store"
    return response
