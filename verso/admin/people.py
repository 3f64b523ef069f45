"""The people of the site: who they are, what they may do, and letting them in and out."""

from collections.abc import Callable, Mapping
from functools import partial

from flask import make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from verso.admin import gate, invitations
from verso.admin.forms import person_name
from verso.db import reading, writing
from verso.errors.problem import Problem
from verso.errors.respond import finished
from verso.i18n.gettext import gettext
from verso.i18n.locales import get_locales
from verso.links import href
from verso.models import Role, User
from verso.people import audit, second_factor, users
from verso.people.permissions import Action
from verso.people.users import BadEmail, EmailTaken, LastAdmin, invite_user

# What is done to somebody by one click, and how the audit log calls it.
DEEDS: Mapping[str, tuple[Callable[[Session, User], object], str]] = {
    "deactivate": (users.disable, "person-deactivated"),
    "reactivate": (lambda session, user: users.enable(user), "person-reactivated"),
    "forget-factor": (second_factor.disable, "second-factor-off"),
}


def show_people() -> Response:
    """Everybody, and the form to invite somebody."""
    gate.require(Action.PEOPLE)
    return _list_page({}, 200)


def invite() -> Response:
    """Make an account that waits for its person, and send the link, or show it once."""
    admin = gate.require(Action.PEOPLE)
    email, name = request.form.get("email", ""), _asked_name()
    role = _asked_role()
    wrong = _wrong_role(role)
    if role is None or wrong:
        return _list_page(wrong, 422)
    try:
        with writing() as session:
            locale = gate.current_user().locale
            user = invite_user(session, email, role=role, name=name, locale=locale)
            users.change_role(session, user, role, _asked_locales())
            subject = audit.of_person(user)
            audit.record(session, admin.id, "person-invited", subject, role=role)
            link = invitations.make_link(session, user)
    except BadEmail:
        return _list_page({"email": gettext("This is not a mail address.")}, 422)
    except EmailTaken:
        return _list_page({"email": gettext("Somebody has this address already.")}, 422)
    return _person_page(user, 200, {}, link=invitations.hand_over(user, link))


def show_person(user_id: int) -> Response:
    """One person: role, languages, state."""
    gate.require(Action.PEOPLE)
    return _person_page(_find(user_id), 200, {})


def change_person(user_id: int) -> Response:
    """Give somebody another name, role or languages."""
    admin, role = gate.require(Action.PEOPLE), _asked_role()
    wrong = _wrong_role(role)
    if role is None or wrong:
        return _person_page(_find(user_id), 422, wrong)
    change = partial(users.change_role, role=role, locales=_asked_locales())

    def deed(session: Session, user: User) -> None:
        user.name = _asked_name() or user.name
        before = f"{user.role} {' '.join(user.locales)}".strip()
        change(session, user)
        after = f"{user.role} {' '.join(user.locales)}".strip()
        subject = audit.of_person(user)
        audit.record(session, admin.id, "person-changed", subject, before=before, after=after)

    return _change(user_id, deed)


def change_state(user_id: int, deed: str) -> Response:
    """Close or open an account, or take its second factor away."""
    admin = gate.require(Action.PEOPLE)
    act, name = DEEDS[deed]

    def change(session: Session, user: User) -> None:
        act(session, user)
        audit.record(session, admin.id, name, audit.of_person(user))

    return _change(user_id, change)


def send_link(user_id: int) -> Response:
    """A new link: to accept the invitation, or to choose a new password."""
    admin = gate.require(Action.PEOPLE)
    with writing() as session:
        user = _get(session, user_id)
        if user.disabled_at is not None:
            raise Problem("conflict", gettext("This account is deactivated."))
        link = invitations.make_link(session, user)
        audit.record(session, admin.id, "link-made", audit.of_person(user))
    return _person_page(user, 200, {}, link=invitations.hand_over(user, link))


def _change(user_id: int, deed: Callable[[Session, User], object]) -> Response:
    try:
        with writing() as session:
            deed(session, _get(session, user_id))
    except LastAdmin:
        message = gettext("There must be another administrator first.")
        return _person_page(_find(user_id), 422, {"role": message})
    return redirect(href(f"/admin/people/{user_id}?done=saved"), 303)


def _asked_role() -> Role | None:
    value = request.form.get("role", "")
    return Role(value) if value in list(Role) else None


def _wrong_role(role: Role | None) -> dict[str, str]:
    """What is wrong with the role asked for, by field: a translator without a language could do nothing."""
    if role is None:
        return {"role": gettext("Choose one of the roles.")}
    if role is Role.TRANSLATOR and not _asked_locales():
        return {"locales": gettext("Choose at least one language.")}
    return {}


def _asked_name() -> str:
    return person_name(request.form.get("name", ""))


def _asked_locales() -> list[str]:
    known = get_locales().current
    return [value for value in request.form.getlist("locales[]") if value in known]


def _find(user_id: int) -> User:
    return _get(reading(), user_id)


def _get(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def _list_page(errors: dict[str, str], status: int) -> Response:
    body = render_template(
        "admin/people.html",
        user=gate.current_user(),
        people=users.list_users(reading()),
        roles=Role,
        errors=errors,
        filled=request.form,
    )
    return finished(make_response(body, status))


def _person_page(person: User, status: int, errors: dict[str, str], link: str = "") -> Response:
    body = render_template(
        "admin/person.html",
        user=gate.current_user(),
        person=person,
        roles=Role,
        errors=errors,
        filled=request.form,
        link=link,
        is_sent=request.method == "POST" and status == 200 and not link,
    )
    return finished(make_response(body, status))
