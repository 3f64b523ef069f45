"""Signed-in browsers: a random token in a cookie, its SHA-256 in the database, limits in time."""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete
from sqlalchemy.orm import Session, joinedload

from verso.models import Login, User

COOKIE = "verso_login"
IDLE = timedelta(days=14)
ABSOLUTE = timedelta(days=90)
# seen_at is written at most this often, so that reading pages does not write each time.
SEEN_EVERY = timedelta(hours=1)


def begin(session: Session, user: User) -> str:
    """Sign a browser in: the token for its cookie, new at every sign-in."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    session.add(Login(token_hash=digest(token), user_id=user.id, created_at=now, seen_at=now))
    session.execute(delete(Login).where(Login.created_at < now - ABSOLUTE))
    return token


def find(session: Session, token: str) -> Login | None:
    """The login of a token that is neither idle nor too old."""
    login = session.get(Login, digest(token), options=[joinedload(Login.user)])
    now = datetime.now(UTC)
    if login is None or now - login.seen_at > IDLE or now - login.created_at > ABSOLUTE:
        return None
    return login


def is_due(login: Login) -> bool:
    """Whether seen_at should be written again."""
    return datetime.now(UTC) - login.seen_at > SEEN_EVERY


def touch(session: Session, token: str) -> None:
    """Write that the browser was seen now."""
    login = session.get(Login, digest(token))
    if login is not None:
        login.seen_at = datetime.now(UTC)


def end(session: Session, token: str) -> None:
    """Sign one browser out; its token is worth nothing from now on."""
    session.execute(delete(Login).where(Login.token_hash == digest(token)))


def end_all(session: Session, user: User) -> None:
    """Sign every browser of an account out."""
    session.execute(delete(Login).where(Login.user_id == user.id))


def digest(token: str) -> str:
    """What the database keeps of a token."""
    return sha256(token.encode()).hexdigest()
