"""Accounts: making them, finding them, changing their password and language."""

from datetime import UTC, datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from verso.models import OneTimeToken, Purpose, Role, User
from verso.people.logins import end_all
from verso.people.passwords import check_strength, hash_password, verify


class BadEmail(ValueError):
    """Not an address that mail could be sent to."""


class EmailTaken(ValueError):
    """Another account has this address."""


def create_user(
    session: Session, email: str, password: str, *, role: Role, name: str = "", locale: str = "en"
) -> User:
    """A new account. Raises BadEmail, EmailTaken or WeakPassword."""
    email = normal_email(email)
    if find_user(session, email) is not None:
        raise EmailTaken(email)
    check_strength(password, email)
    user = User(
        email=email,
        name=name.strip() or email.partition("@")[0],
        role=role,
        locale=locale,
        password_hash=hash_password(password),
        created_at=datetime.now(UTC),
    )
    session.add(user)
    # A link for the first account is worth nothing once there is one.
    session.execute(delete(OneTimeToken).where(OneTimeToken.purpose == Purpose.SETUP))
    session.flush()
    return user


def normal_email(email: str) -> str:
    """The address as accounts keep it, in lower case; BadEmail if it is none."""
    try:
        checked = validate_email(email.strip()[:254], check_deliverability=False)
    except EmailNotValidError as error:
        raise BadEmail(str(error)) from error
    return checked.normalized.lower()


def find_user(session: Session, email: str) -> User | None:
    """The account with this address, if any."""
    return session.scalar(select(User).where(User.email == email.strip().lower()[:254]))


def anybody(session: Session) -> bool:
    """Whether there is any account yet."""
    return session.scalar(select(User.id).limit(1)) is not None


def authenticate(session: Session, email: str, password: str) -> User | None:
    """The account that an address and password open; it takes as long for an unknown address."""
    user = find_user(session, email)
    return user if verify(user.password_hash if user else None, password) else None


def change_password(session: Session, user: User, password: str) -> None:
    """Set a password and end every signed-in browser of the account. Raises WeakPassword."""
    check_strength(password, user.email)
    user.password_hash = hash_password(password)
    end_all(session, user)
