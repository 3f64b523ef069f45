"""Signing in and out."""

import re
from urllib.parse import quote

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from verso.admin import entering, gate
from verso.admin.entering import address, find_post, throttle
from verso.admin.forms import SignInForm
from verso.db import get_database, reading
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import read_cookie
from verso.links import href
from verso.people import audit, logins
from verso.people.users import authenticate


def show_sign_in() -> Response:
    """The sign-in page; whoever is signed in already goes on."""
    if gate.find_user() is not None:
        return redirect(href(local_target(request.args.get("next"))), 303)
    return _page(SignInForm(), 200)


def sign_in() -> Response:
    """Check address and password; who has a second factor goes on to its page."""
    filled = SignInForm(request.form)
    email, password = (filled.email.data or "").lower()[:254], filled.password.data or ""
    throttle().attempt(email, address())
    user = authenticate(reading(), email, password)
    if user is None:
        entering.note_refused(email, "password")
        return _page(filled, 422, gettext("The address or the password is not right."))
    throttle().forget(email, address())
    target = local_target(request.form.get("next"))
    return entering.ask_code(user, target) if user.totp_at else entering.enter(user, target)


def sign_out() -> Response:
    """End this browser's login."""
    user = gate.current_user()
    with get_database().writing() as session:
        logins.end(session, read_cookie(request, gate.LOGIN_COOKIE))
        audit.record(session, user.id, "signed-out", audit.of_person(user))
    return gate.let_out(redirect(href("/admin/sign-in"), 303))


def show_refused(status: int, message: str) -> Response:
    """The sign-in page again, with what went wrong on another way in."""
    return _page(SignInForm(), status, message)


def local_target(target: str | None) -> str:
    """Where to go after signing in: an admin path of this site, or its start."""
    path, _, query = (target or "").partition("?")
    safe = re.fullmatch(r"(?!.*(?:\.\.|//))/admin/[\w./~-]*", path, re.ASCII) is not None
    return quote(path) + ("?" + quote(query, safe="=&") if query else "") if safe else "/admin/"


def _page(filled: SignInForm, status: int, message: str = "") -> Response:
    body = render_template(
        "admin/sign_in.html",
        form=filled,
        message=message,
        target=request.values.get("next", ""),
        can_mail=find_post() is not None,
    )
    return finished(make_response(body, status))
