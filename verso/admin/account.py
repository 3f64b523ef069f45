"""One's own account: password, language, second factor, passkeys, and where one is signed in."""

from collections.abc import Sequence

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.entering import address, throttle
from verso.admin.setup import weak_password
from verso.db import reading, writing
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import get_locales, read_cookie
from verso.links import href
from verso.models import User
from verso.people import audit, logins, passkeys, second_factor
from verso.people.browsers import name_browser
from verso.people.passwords import WeakPassword, verify
from verso.people.users import change_password
from verso.sections import match_locale


def show_account() -> Response:
    return page({}, 200)


def set_password() -> Response:
    """Change the password; every other browser is signed out."""
    user = gate.current_user()
    throttle().attempt(user.email, address())
    if not verify(user.password_hash, request.form.get("current", "")):
        return page({"current": gettext("This is not your current password.")}, 422)
    throttle().forget(user.email, address())
    try:
        with writing() as session:
            account = session.get_one(User, user.id)
            change_password(session, account, request.form.get("password", ""))
            token = logins.begin(session, account, request.user_agent.string)
            audit.record(session, user.id, "password-changed", audit.of_person(account))
    except WeakPassword:
        return page({"password": weak_password()}, 422)
    response = redirect(href("/admin/account?done=password"), 303)
    return gate.let_in(response, token, account)


def set_language() -> Response:
    """Choose the language of the admin."""
    locale = match_locale(request.form.get("locale", "")[:64], get_locales().current)
    if locale is None:
        return page({"locale": gettext("Choose one of the languages of this site.")}, 422)
    with writing() as session:
        session.get_one(User, gate.current_user().id).locale = locale
    response = redirect(href("/admin/account?done=language"), 303)
    gate.remember_language(response, locale)
    return response


def end_session() -> Response:
    """Sign one of one's browsers out, or all but this one."""
    user, name = gate.current_user(), request.form.get("name", "")
    with writing() as session:
        if name:
            logins.end_named(session, user, name)
        else:
            logins.end_all(session, user, but=read_cookie(request, gate.LOGIN_COOKIE))
        audit.record(
            session, user.id, "sessions-ended", audit.of_person(user), which=name or "others"
        )
    return redirect(href("/admin/account?done=ended"), 303)


def show_refused(field: str, message: str) -> Response:
    """The account's page with what was wrong in one of its forms."""
    return page({field: message}, 422)


def page(errors: dict[str, str], status: int, codes: Sequence[str] = ()) -> Response:
    """The account's page; codes are new recovery codes, shown this once."""
    user, session = gate.current_user(), reading()
    body = render_template(
        "admin/account.html",
        user=user,
        errors=errors,
        codes=codes,
        codes_left=second_factor.count_codes(session, user),
        keys=passkeys.find_all(session, user),
        sessions=logins.find_all(session, user),
        here=gate.current_login().name,
        name_browser=name_browser,
        is_confirmed=logins.is_confirmed(gate.current_login()),
    )
    return finished(make_response(body, status))
