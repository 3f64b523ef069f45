"""One's own account: password and language."""

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.setup import weak_password
from verso.db import writing
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import get_locales
from verso.links import href
from verso.models import User
from verso.people import logins
from verso.people.passwords import WeakPassword, verify
from verso.people.users import change_password
from verso.sections import match_locale


def show_account() -> Response:
    return _page({}, 200)


def set_password() -> Response:
    """Change the password; every other browser is signed out."""
    user = gate.current_user()
    if not verify(user.password_hash, request.form.get("current", "")):
        return _page({"current": gettext("This is not your current password.")}, 422)
    try:
        with writing() as session:
            account = session.get_one(User, user.id)
            change_password(session, account, request.form.get("password", ""))
            token = logins.begin(session, account)
    except WeakPassword:
        return _page({"password": weak_password()}, 422)
    response = redirect(href("/admin/account?done=password"), 303)
    return gate.let_in(response, token, account)


def set_language() -> Response:
    """Choose the language of the admin."""
    locale = match_locale(request.form.get("locale", "")[:64], get_locales().current)
    if locale is None:
        return _page({"locale": gettext("Choose one of the languages of this site.")}, 422)
    with writing() as session:
        session.get_one(User, gate.current_user().id).locale = locale
    response = redirect(href("/admin/account?done=language"), 303)
    gate.remember_language(response, locale)
    return response


def _page(errors: dict[str, str], status: int) -> Response:
    user = gate.current_user()
    body = render_template("admin/account.html", user=user, errors=errors)
    return finished(make_response(body, status))
