"""Tokens that work once: the token goes out in a URL, a cookie or a challenge, its SHA-256 stays."""

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from verso.db import delete_piece
from verso.models import OneTimeToken, Purpose, User
from verso.people.logins import digest

LIFETIMES = {
    Purpose.SETUP: timedelta(hours=24),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.RESET: timedelta(hours=1),
    Purpose.SECOND_STEP: timedelta(minutes=10),
    Purpose.NEW_PASSKEY: timedelta(minutes=10),
    Purpose.PASSKEY: timedelta(minutes=10),
}


def issue(session: Session, purpose: Purpose, user: User | None = None, **facts: str) -> str:
    """A new token; the earlier ones of an account's become void, those of nobody work on."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    session.execute(delete(OneTimeToken).where(OneTimeToken.expires_at < now))
    if user is not None:
        void(session, purpose, user.id)
    made = OneTimeToken(
        token_hash=digest(token), purpose=purpose, expires_at=now + LIFETIMES[purpose]
    )
    made.user_id, made.facts = (user.id if user else None), facts
    session.add(made)
    return token


def find(session: Session, purpose: Purpose, token: str) -> OneTimeToken | None:
    """What the database knows of a token that still opens what it is for."""
    found = session.scalar(select(OneTimeToken).where(_is(purpose, token)))
    return found if found is not None and found.expires_at > datetime.now(UTC) else None


def is_valid(session: Session, purpose: Purpose, token: str) -> bool:
    """Whether the token still opens what it is for."""
    return find(session, purpose, token) is not None


def take(session: Session, purpose: Purpose, token: str) -> OneTimeToken | None:
    """Use this one token up: what it stood for once, also when two browsers try; then None."""
    found = find(session, purpose, token)
    if found is None:
        return None
    spent = delete(OneTimeToken).where(_is(purpose, token)).returning(OneTimeToken.token_hash)
    session.expunge(found)
    return found if session.scalar(spent) else None


def use(session: Session, purpose: Purpose, token: str) -> bool:
    """Use a token up, and all others of its purpose and account: True once."""
    found = take(session, purpose, token)
    if found is None:
        return False
    void(session, purpose, found.user_id)
    return True


def void(session: Session, purpose: Purpose, user_id: int | None) -> None:
    """Let all tokens of one purpose and account, or of nobody's, be worth nothing."""
    is_theirs = OneTimeToken.user_id.is_not_distinct_from(user_id)
    session.execute(delete(OneTimeToken).where(OneTimeToken.purpose == purpose, is_theirs))


def prune(session: Session) -> int:
    """Delete some of the tokens that have expired; how many that were."""
    expires_at = OneTimeToken.expires_at
    return delete_piece(session, OneTimeToken, expires_at < datetime.now(UTC), order=expires_at)


def _is(purpose: Purpose, token: str) -> ColumnElement[bool]:
    return (OneTimeToken.token_hash == digest(token)) & (OneTimeToken.purpose == purpose)
