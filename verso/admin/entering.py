"""What every way into the admin ends with: a new login, the old one ended, the deed written down."""

from flask import current_app, redirect, request
from werkzeug.wrappers import Response

from verso.admin import gate
from verso.cookies import delete_cookie, set_cookie
from verso.current import get_settings
from verso.db import get_database, writing
from verso.i18n.locales import read_cookie
from verso.links import href
from verso.models import Purpose, User
from verso.people import audit, logins, tokens
from verso.people.post import Post
from verso.people.throttle import Throttle
from verso.people.users import find_user

STEP_COOKIE = "verso_step"


def enter(user: User, target: str, how: str = "password") -> Response:
    """Sign this browser in and send it on; whatever login it had is worth nothing any more."""
    with writing() as session:
        account = session.get_one(User, user.id)
        token = logins.begin(session, account, request.user_agent.string)
        old = read_cookie(request, gate.LOGIN_COOKIE)
        if old:
            logins.end(session, old)
        subject = audit.of_person(account)
        audit.prune(session, get_settings().AUDIT_DAYS)
        audit.record(session, account.id, "signed-in", subject, how=how, address=address())
    response = gate.let_in(redirect(href(target), 303), token, user)
    if read_cookie(request, STEP_COOKIE):
        delete_cookie(response, STEP_COOKIE)
    return response


def ask_code(user: User, target: str) -> Response:
    """Remember that the password was right, for ten minutes, and ask for the second factor."""
    with writing() as session:
        token = tokens.issue(session, Purpose.SECOND_STEP, user, target=target)
    response = redirect(href("/admin/sign-in/code"), 303)
    age = int(tokens.LIFETIMES[Purpose.SECOND_STEP].total_seconds())
    set_cookie(response, STEP_COOKIE, token, max_age=age)
    return response


def note_refused(email: str, what: str) -> None:
    """Write down that somebody could not sign in; what is no account's address is not kept."""
    with get_database().writing() as session:
        user = find_user(session, email)
        subject = audit.of_person(user) if user else audit.Subject("person")
        audit.record(session, None, "sign-in-failed", subject, wrong=what, address=address())


def address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""


def throttle() -> Throttle:
    """What counts attempts in this process."""
    found: Throttle = current_app.extensions["verso.throttle"]
    return found


def find_post() -> Post | None:
    """What sends mail to people, if a mail server and the public address are set."""
    found: Post | None = current_app.extensions["verso.post"]
    return found
