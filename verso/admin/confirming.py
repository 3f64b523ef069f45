"""Asking for the password again, before what only the owner of an account may change."""

from flask import request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.account import show_refused
from verso.admin.entering import address, throttle
from verso.db import writing
from verso.i18n.gettext import gettext
from verso.i18n.locales import read_cookie
from verso.people import logins
from verso.people.passwords import verify


def refuse_unconfirmed(field: str) -> Response | None:
    """None if the password was asked for a moment ago or is in the form; else the page with the reason.

    `field` tells the forms of the page apart. Attempts are throttled as those to sign in are.
    """
    if logins.is_confirmed(gate.current_login()):
        return None
    user, typed = gate.current_user(), request.form.get("current", "")
    throttle().attempt(user.email, address())
    if not verify(user.password_hash, typed):
        return show_refused(field, gettext("This is not your current password."))
    throttle().forget(user.email, address())
    with writing() as session:
        logins.confirm(session, read_cookie(request, gate.LOGIN_COOKIE))
    return None
