"""Invitations: a link that works once, by mail or to copy, behind which somebody chooses a password."""

from flask import make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from verso.admin import entering, gate
from verso.admin.entering import address, find_post, throttle
from verso.admin.forms import person_name
from verso.admin.setup import weak_password
from verso.db import reading, writing
from verso.errors.problem import Problem
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import current_locale
from verso.layout import Layout
from verso.links import absolute
from verso.models import OneTimeToken, Purpose, User
from verso.people import audit, tokens
from verso.people.passwords import WeakPassword
from verso.people.users import change_password


def make_link(session: Session, user: User) -> str:
    """A token for somebody: to accept the invitation, or, once that is done, for a new password."""
    return tokens.issue(session, Purpose.INVITATION if user.is_invited else Purpose.RESET, user)


def hand_over(user: User, token: str) -> str:
    """Mail the link; where no mail can be sent, return it, to be shown this once."""
    post, site = find_post(), Layout(current_locale()).site_name
    if post is None:
        return absolute(f"/admin/{'invitation' if user.is_invited else 'reset'}/{token}")
    send = post.invite if user.is_invited else post.send_link
    send(user, token, gate.current_user().name, site)
    return ""


def show_invitation(token: str) -> Response:
    """The form in which somebody chooses a password."""
    throttle().attempt("invitation", address())
    return _page(_invited(token), {}, 200)


def accept(token: str) -> Response:
    """Use the link up, keep the password, and sign in."""
    throttle().attempt("invitation", address())
    name = person_name(request.form.get("name", ""))
    try:
        with writing() as session:
            user = person_of(session, tokens.take(session, Purpose.INVITATION, token))
            change_password(session, user, request.form.get("password", ""))
            user.name, user.locale = name or user.name, current_locale()
            audit.record(session, user.id, "invitation-accepted", audit.of_person(user))
    except WeakPassword:
        return _page(_invited(token), {"password": weak_password()}, 422)
    throttle().forget("invitation", address())
    return entering.enter(user, "/admin/", "invitation")


def _used_up() -> Problem:
    """What a link is that was used, is too old, or was never made."""
    return Problem("gone", gettext("This link was used already or is too old. Ask for a new one."))


def person_of(session: Session, found: OneTimeToken | None) -> User:
    """Whom a link is for that was found; else it is used up."""
    user = session.get(User, found.user_id) if found else None
    if user is None or user.disabled_at is not None:
        raise _used_up()
    return user


def _invited(token: str) -> User:
    session = reading()
    return person_of(session, tokens.find(session, Purpose.INVITATION, token))


def _page(invited: User, errors: dict[str, str], status: int) -> Response:
    body = render_template(
        "admin/invitation.html", invited=invited, errors=errors, filled=request.form
    )
    return finished(make_response(body, status))
