"""A forgotten password: a link by mail, the same answer for every address, and a new password."""

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from verso.admin.entering import address, find_post, throttle
from verso.admin.invitations import person_of
from verso.admin.setup import weak_password
from verso.db import reading, writing
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale
from verso.layout import Layout
from verso.links import href
from verso.models import Purpose
from verso.people import audit, tokens
from verso.people.passwords import WeakPassword
from verso.people.users import BadEmail, change_password, normal_email


def show_reset() -> Response:
    return _ask_page({}, 200)


def ask_reset() -> Response:
    """Take the address; whether it has an account is looked up later, in another thread."""
    try:
        email = normal_email(request.form.get("email", ""))
    except BadEmail:
        return _ask_page({"email": gettext("This is not a mail address.")}, 422)
    throttle().attempt("reset:" + email, address())
    post = find_post()
    if post is not None:
        post.send_reset(email, address(), Layout(current_locale()).site_name)
    return redirect(href("/admin/reset?done=asked"), 303)


def show_new_password(token: str) -> Response:
    """The form for the new password."""
    throttle().attempt("reset", address())
    return _page(token, {}, 200)


def set_new_password(token: str) -> Response:
    """Use the link up, keep the password, sign every browser out; signing in is as ever."""
    throttle().attempt("reset", address())
    try:
        with writing() as session:
            user = person_of(session, tokens.take(session, Purpose.RESET, token))
            change_password(session, user, request.form.get("password", ""))
            subject = audit.of_person(user)
            audit.record(session, user.id, "password-reset", subject, address=address())
    except WeakPassword:
        return _page(token, {"password": weak_password()}, 422)
    throttle().forget("reset", address())
    return redirect(href("/admin/sign-in?done=reset"), 303)


def _ask_page(errors: dict[str, str], status: int) -> Response:
    body = render_template(
        "admin/reset.html",
        errors=errors,
        filled=request.form,
        can_mail=find_post() is not None,
        is_asked=request.args.get("done") == "asked",
    )
    return finished(make_response(body, status))


def _page(token: str, errors: dict[str, str], status: int) -> Response:
    user = person_of(reading(), tokens.find(reading(), Purpose.RESET, token))
    body = render_template("admin/new_password.html", email=user.email, errors=errors)
    return finished(make_response(body, status))
