"""The first account: made through a link that the first start prints and that works once."""

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.admin.forms import person_name
from verso.db import reading, writing
from verso.errors.problem import Problem
from verso.errors.respond import finished
from verso.i18n.gettext import gettext, ngettext
from verso.i18n.locales import current_locale
from verso.links import href
from verso.models import Purpose, Role
from verso.people import audit, logins, tokens
from verso.people.passwords import MIN_LENGTH, WeakPassword
from verso.people.users import BadEmail, EmailTaken, create_user


def show_setup(token: str) -> Response:
    """The form for the first administrator."""
    if not tokens.is_valid(reading(), Purpose.SETUP, token):
        raise _used_up()
    return _page({}, 200)


def set_up(token: str) -> Response:
    """Make the account, use the link up and sign in."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    name = person_name(request.form.get("name", ""))
    try:
        with writing() as session:
            if not tokens.use(session, Purpose.SETUP, token):
                raise _used_up()
            user = create_user(
                session, email, password, role=Role.ADMIN, name=name, locale=current_locale()
            )
            login = logins.begin(session, user, request.user_agent.string)
            audit.record(session, user.id, "site-set-up", audit.of_person(user))
    except BadEmail:
        return _page({"email": gettext("This is not a mail address.")}, 422)
    except EmailTaken:
        return _page({"email": gettext("Somebody has this address already.")}, 422)
    except WeakPassword:
        return _page({"password": weak_password()}, 422)
    return gate.let_in(redirect(href("/admin/"), 303), login, user)


def weak_password() -> str:
    """Why a password was refused."""
    return ngettext(
        "Choose at least %(num)s character, not too alike and not one that everybody tries.",
        "Choose at least %(num)s characters, not too alike and not one that everybody tries.",
        MIN_LENGTH,
    )


def _used_up() -> Problem:
    return Problem(
        "gone",
        gettext("This link was used already or is too old. `verso init` prints a new one."),
    )


def _page(errors: dict[str, str], status: int) -> Response:
    body = render_template("admin/setup.html", errors=errors, filled=request.form)
    return finished(make_response(body, status))
