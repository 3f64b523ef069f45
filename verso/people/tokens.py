"""Links that work once: the token goes out in a URL, its SHA-256 stays."""

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from verso.models import OneTimeToken, Purpose
from verso.people.logins import digest

LIFETIME = timedelta(hours=24)


def issue(session: Session, purpose: Purpose) -> str:
    """A new token; earlier ones of the same purpose work on until one of them was used."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(OneTimeToken).where(OneTimeToken.expires_at < datetime.now(UTC)))
    expires_at = datetime.now(UTC) + LIFETIME
    session.add(OneTimeToken(token_hash=digest(token), purpose=purpose, expires_at=expires_at))
    return token


def is_valid(session: Session, purpose: Purpose, token: str) -> bool:
    """Whether the token still opens what it is for."""
    query = select(OneTimeToken).where(
        OneTimeToken.token_hash == digest(token), OneTimeToken.purpose == purpose
    )
    found = session.scalar(query)
    return found is not None and found.expires_at > datetime.now(UTC)


def use(session: Session, purpose: Purpose, token: str) -> bool:
    """Use a token up, and all others of its purpose: True once, also when two browsers try."""
    if not is_valid(session, purpose, token):
        return False
    spent = delete(OneTimeToken).where(OneTimeToken.purpose == purpose)
    return digest(token) in session.scalars(spent.returning(OneTimeToken.token_hash)).all()
