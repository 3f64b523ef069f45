"""Signed-in browsers: a random token in a cookie, its SHA-256 in the database, limits in time."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, joinedload

from verso.db import delete_piece
from verso.models import Login, User

COOKIE = "verso_login"
IDLE = timedelta(days=14)
ABSOLUTE = timedelta(days=90)
# seen_at is written at most this often, so that reading pages does not write each time.
SEEN_EVERY = timedelta(hours=1)
# For so long after the password or a passkey was asked for, it is not asked for again.
CONFIRMED = timedelta(minutes=10)


def begin(session: Session, user: User, user_agent: str = "") -> str:
    """Sign a browser in: the token for its cookie, new at every sign-in."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    login = Login(token_hash=digest(token), user_id=user.id, created_at=now, seen_at=now)
    login.confirmed_at, login.user_agent = now, user_agent[:300].replace("\x00", "")
    session.add(login)
    session.execute(delete(Login).where(Login.created_at < now - ABSOLUTE))
    return token


def find(session: Session, token: str) -> Login | None:
    """The login of a token that is neither idle nor too old, and whose account is not closed."""
    login = session.get(Login, digest(token), options=[joinedload(Login.user)])
    if login is None or _is_over(login) or login.user.disabled_at is not None:
        return None
    return login


def find_all(session: Session, user: User) -> Sequence[Login]:
    """Where somebody is signed in, the browser seen last first."""
    query = select(Login).where(Login.user_id == user.id).order_by(Login.seen_at.desc())
    return [login for login in session.scalars(query) if not _is_over(login)]


def is_due(login: Login) -> bool:
    """Whether seen_at should be written again."""
    return datetime.now(UTC) - login.seen_at > SEEN_EVERY


def is_confirmed(login: Login) -> bool:
    """Whether the password or a passkey was asked for a moment ago."""
    return datetime.now(UTC) - login.confirmed_at < CONFIRMED


def touch(session: Session, token: str) -> None:
    """Write that the browser was seen now."""
    login = session.get(Login, digest(token))
    if login is not None:
        login.seen_at = datetime.now(UTC)


def confirm(session: Session, token: str) -> None:
    """Write that the password was asked for now."""
    login = session.get(Login, digest(token))
    if login is not None:
        login.confirmed_at = datetime.now(UTC)


def end(session: Session, token: str) -> None:
    """Sign one browser out; its token is worth nothing from now on."""
    session.execute(delete(Login).where(Login.token_hash == digest(token)))


def end_named(session: Session, user: User, name: str) -> Login | None:
    """Sign out the browser of an account that a form names, and return it; None if there is none."""
    found = next((login for login in find_all(session, user) if login.name == name), None)
    if found is not None:
        session.delete(found)
    return found


def end_all(session: Session, user: User, *, but: str = "") -> None:
    """Sign every browser of an account out, but for the one with a token."""
    others = delete(Login).where(Login.user_id == user.id)
    session.execute(others.where(Login.token_hash != digest(but)) if but else others)


def prune(session: Session) -> int:
    """Delete some of the logins that are over; how many that were."""
    now = datetime.now(UTC)
    is_over = or_(Login.seen_at < now - IDLE, Login.created_at < now - ABSOLUTE)
    return delete_piece(session, Login, is_over, order=Login.created_at)


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return sha256(token.encode()).hexdigest()


def _is_over(login: Login) -> bool:
    now = datetime.now(UTC)
    return now - login.seen_at > IDLE or now - login.created_at > ABSOLUTE
