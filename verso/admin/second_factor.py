"""The second factor: its page when signing in, and switching it on and off."""

import segno
from flask import make_response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from verso.admin import account, entering, gate
from verso.admin.confirming import refuse_unconfirmed
from verso.admin.entering import STEP_COOKIE, address, throttle
from verso.db import reading, writing
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale, read_cookie
from verso.layout import Layout
from verso.links import href
from verso.models import OneTimeToken, Purpose, User
from verso.people import audit, second_factor, tokens


def show_code() -> Response:
    """The second page of signing in; without the first one there is nothing to see here."""
    if _step() is None:
        return redirect(href("/admin/sign-in"), 303)
    return _code_page(200)


def check_code() -> Response:
    """Sign in with a code of the app or a recovery code; each is good once."""
    step = _step()
    if step is None or step.user_id is None:
        return redirect(href("/admin/sign-in"), 303)
    account_name = f"code:{step.user_id}"
    throttle().attempt(account_name, address(), everywhere=True)
    with writing() as session:
        user = session.get_one(User, step.user_id, with_for_update=True)
        how = second_factor.accept(session, user, request.form.get("code", "")[:64])
        token = read_cookie(request, STEP_COOKIE)
        is_in = bool(how) and tokens.use(session, Purpose.SECOND_STEP, token)
        if not is_in:
            audit.record(session, None, "code-refused", audit.of_person(user), address=address())
    if not is_in:
        return _code_page(422, gettext("This code is not right, or it was used already."))
    throttle().forget(account_name, address(), everywhere=True)
    return entering.enter(user, (step.facts or {}).get("target", "/admin/"), how)


def show_second_factor() -> Response:
    """The picture for the app, and the form for its first code."""
    if gate.current_user().totp_secret is None or gate.current_user().totp_at:
        return redirect(href("/admin/account"), 303)
    return _picture_page(200)


def begin() -> Response:
    """Make a secret for the app; it counts once a code of it was typed."""
    if refused := refuse_unconfirmed("totp"):
        return refused
    with writing() as session:
        second_factor.propose(session.get_one(User, gate.current_user().id))
    return redirect(href("/admin/account/second-factor"), 303)


def enable() -> Response:
    """Let the second factor count, and show the recovery codes this once."""
    if refused := refuse_unconfirmed("totp"):
        return refused
    user = gate.current_user()
    if user.totp_secret is None or user.totp_at:
        return redirect(href("/admin/account"), 303)
    throttle().attempt(f"code:{user.id}", address(), everywhere=True)
    with writing() as session:
        found = session.get_one(User, user.id, with_for_update=True)
        codes = second_factor.enable(session, found, request.form.get("code", "")[:64])
        if codes is not None:
            audit.record(session, user.id, "second-factor-on", audit.of_person(found))
    if codes is None:
        return _picture_page(422, gettext("This code is not right, or it was used already."))
    throttle().forget(f"code:{user.id}", address(), everywhere=True)
    return _show_codes(found, codes)


def disable() -> Response:
    """Go without a second factor."""
    if refused := refuse_unconfirmed("totp"):
        return refused
    with writing() as session:
        user = session.get_one(User, gate.current_user().id)
        second_factor.disable(session, user)
        audit.record(session, user.id, "second-factor-off", audit.of_person(user))
    return redirect(href("/admin/account?done=factor-off"), 303)


def renew_codes() -> Response:
    """New recovery codes; the earlier ones are void."""
    if refused := refuse_unconfirmed("totp"):
        return refused
    with writing() as session:
        user = session.get_one(User, gate.current_user().id)
        codes = second_factor.renew_codes(session, user) if user.totp_at else []
        audit.record(session, user.id, "recovery-codes-renewed", audit.of_person(user))
    return _show_codes(user, codes)


def _show_codes(user: User, codes: list[str]) -> Response:
    gate.become(user)
    return account.page({}, 200, codes)


def _step() -> OneTimeToken | None:
    """Who has given the right password in this browser a moment ago."""
    token = read_cookie(request, STEP_COOKIE)
    return tokens.find(reading(), Purpose.SECOND_STEP, token) if token else None


def _code_page(status: int, message: str = "") -> Response:
    body = render_template("admin/code.html", message=message)
    return finished(make_response(body, status))


def _picture_page(status: int, message: str = "") -> Response:
    user = gate.current_user()
    uri = second_factor.uri_of(user, Layout(current_locale()).site_name)
    picture = segno.make(uri, error="m").svg_inline(
        omitsize=True, border=4, dark="#000", light="#fff"
    )
    body = render_template(
        "admin/second_factor.html",
        user=user,
        message=message,
        secret=user.totp_secret,
        # Made by segno of nothing but squares.
        picture=Markup(picture),
    )
    return finished(make_response(body, status))
