"""Signing in and out."""

import re
from urllib.parse import quote

from flask import current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.forms import SignInForm
from verso.db import get_database, reading, writing
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import read_cookie
from verso.links import href
from verso.people import logins
from verso.people.throttle import Throttle
from verso.people.users import authenticate


def show_sign_in() -> Response:
    """The sign-in page; whoever is signed in already goes on."""
    if gate.find_user() is not None:
        return redirect(href(local_target(request.args.get("next"))), 303)
    return _page(SignInForm(), 200)


def sign_in() -> Response:
    """Check address and password; a new login at every success."""
    filled = SignInForm(request.form)
    email, password = filled.email.data or "", filled.password.data or ""
    throttle().attempt(email.lower()[:254], request.remote_addr or "")
    user = authenticate(reading(), email, password)
    if user is None:
        return _page(filled, 422, gettext("The address or the password is not right."))
    throttle().forget(email.lower()[:254], request.remote_addr or "")
    with writing() as session:
        token = logins.begin(session, user)
        old = read_cookie(request, gate.LOGIN_COOKIE)
        if old:
            logins.end(session, old)
    target = href(local_target(request.form.get("next")))
    return gate.let_in(redirect(target, 303), token, user)


def sign_out() -> Response:
    """End this browser's login."""
    with get_database().writing() as session:
        logins.end(session, read_cookie(request, gate.LOGIN_COOKIE))
    return gate.let_out(redirect(href("/admin/sign-in"), 303))


def throttle() -> Throttle:
    found: Throttle = current_app.extensions["verso.throttle"]
    return found


def local_target(target: str | None) -> str:
    """Where to go after signing in: an admin path of this site, or its start."""
    path, _, query = (target or "").partition("?")
    safe = re.fullmatch(r"/admin/(?!.*(?:\.\.|//))[\w./~-]*", path, re.ASCII) is not None
    return quote(path) + ("?" + quote(query, safe="=&") if query else "") if safe else "/admin/"


def _page(filled: SignInForm, status: int, message: str = "") -> Response:
    target = request.values.get("next", "")
    body = render_template("admin/sign_in.html", form=filled, message=message, target=target)
    return finished(make_response(body, status))
