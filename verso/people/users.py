"""Accounts: making them, finding them, changing their password and language."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from verso.models import OneTimeToken, Purpose, Role, User, UserLocale
from verso.people.logins import end_all
from verso.people.passwords import check_strength, hash_password, verify


class BadEmail(ValueError):
    """Not an address that mail could be sent to."""


class LastAdmin(ValueError):
    """Without this administrator nobody could let anybody in."""


class EmailTaken(ValueError):
    """Another account has this address."""


def create_user(
    session: Session, email: str, password: str, *, role: Role, name: str = "", locale: str = "en"
) -> User:
    """A new account. Raises BadEmail, EmailTaken or WeakPassword."""
    check_strength(password, normal_email(email))
    user = invite_user(session, email, role=role, name=name, locale=locale)
    user.password_hash = hash_password(password)
    return user


def invite_user(
    session: Session, email: str, *, role: Role, name: str = "", locale: str = "en"
) -> User:
    """A new account that nobody can sign in to yet. Raises BadEmail or EmailTaken."""
    email = normal_email(email)
    if find_user(session, email) is not None:
        raise EmailTaken(email)
    user = User(
        email=email,
        name=name.strip()[:200] or email.partition("@")[0],
        role=role,
        locale=locale,
        password_hash="",
        created_at=datetime.now(UTC),
        locale_links=[],
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
    is_right = verify(user.password_hash if user else None, password)
    return user if is_right and user is not None and user.disabled_at is None else None


def change_password(session: Session, user: User, password: str) -> None:
    """Set a password, end every signed-in browser and void every link. Raises WeakPassword."""
    check_strength(password, user.email)
    user.password_hash = hash_password(password)
    close_ways_in(session, user)


def close_ways_in(session: Session, user: User) -> None:
    """Sign every browser of an account out, and let its links be worth nothing."""
    end_all(session, user)
    session.execute(delete(OneTimeToken).where(OneTimeToken.user_id == user.id))


def change_role(session: Session, user: User, role: Role, locales: Iterable[str]) -> None:
    """Give somebody a role, and a translator locales. Raises LastAdmin."""
    if role != Role.ADMIN:
        _expect_another_admin(session, user)
    user.role = role
    set_locales(user, locales if role == Role.TRANSLATOR else ())


def disable(session: Session, user: User) -> None:
    """Close an account: its browsers are signed out at once, its links void. Raises LastAdmin."""
    _expect_another_admin(session, user)
    user.disabled_at = datetime.now(UTC)
    close_ways_in(session, user)


def enable(user: User) -> None:
    """Open a closed account again."""
    user.disabled_at = None


def list_users(session: Session) -> Sequence[User]:
    """Everybody, by name; who may not sign in comes last."""
    query = select(User).order_by(User.disabled_at.is_not(None), User.name, User.id)
    return session.scalars(query).all()


def _expect_another_admin(session: Session, user: User) -> None:
    # Locked, so that two administrators cannot close each other's accounts at once.
    query = select(User).where(User.role == Role.ADMIN, User.disabled_at.is_(None))
    working = [one for one in session.scalars(query.with_for_update()) if not one.is_invited]
    if working == [user]:
        raise LastAdmin(user.email)


def set_locales(user: User, locales: Iterable[str]) -> None:
    """Let somebody, if a translator, write in these locales and no others."""
    kept = {link.locale: link for link in user.locale_links}
    wanted = sorted(set(locales))
    user.locale_links = [kept.get(one) or UserLocale(locale=one) for one in wanted]
