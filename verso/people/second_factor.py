"""The second factor: codes of an app (TOTP, RFC 6238), each good once, and recovery codes."""

import secrets
from datetime import UTC, datetime
from hashlib import sha256

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from verso.models import RecoveryCode, User

STEP = 30
RECOVERY_CODES = 10
# Of the name of the site; a picture of more would be too fine for a telephone.
MAX_ISSUER = 40
# Without what looks like something else: 0 and o, 1 and l and i.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def propose(user: User) -> str:
    """A secret for somebody's app; it counts once a code of it was typed."""
    if user.totp_at is None or user.totp_secret is None:
        user.totp_secret, user.totp_at = pyotp.random_base32(), None
    return user.totp_secret


def uri_of(user: User, site: str) -> str:
    """What an app reads out of the picture: otpauth://…, with the name of the site."""
    codes = pyotp.TOTP(user.totp_secret or "")
    site = site[:MAX_ISSUER]
    return codes.provisioning_uri(name=user.email, issuer_name=site.replace(":", " ") or "Verso")


def enable(session: Session, user: User, code: str) -> list[str] | None:
    """Let the second factor count from now on: its recovery codes, or None if the code is wrong."""
    if user.totp_at is not None or not accept_code(user, code):
        return None
    user.totp_at = datetime.now(UTC)
    return renew_codes(session, user)


def disable(session: Session, user: User) -> None:
    """Go without a second factor."""
    user.totp_secret = user.totp_at = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def renew_codes(session: Session, user: User) -> list[str]:
    """New recovery codes, to be shown once; the earlier ones are void."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user.id, code_hash=_digest(user, code)) for code in codes)
    return codes


def count_codes(session: Session, user: User) -> int:
    """How many recovery codes are left."""
    query = select(func.count()).where(RecoveryCode.user_id == user.id)
    return session.scalar(query) or 0


def accept(session: Session, user: User, typed: str) -> str:
    """What was typed: `code` of the app, `recovery` code, or nothing valid; each is good once.

    The user's row must be locked by the transaction: of two that type the same, one gets in.
    """
    if accept_code(user, typed):
        return "code"
    spent = delete(RecoveryCode).where(
        RecoveryCode.user_id == user.id, RecoveryCode.code_hash == _digest(user, typed)
    )
    return "recovery" if session.scalar(spent.returning(RecoveryCode.user_id)) else ""


def accept_code(user: User, typed: str) -> bool:
    """Whether this is the code of now, of 30 seconds ago or to come, and of no step used before."""
    code = "".join(typed.split())
    if user.totp_secret is None or not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    codes, now = pyotp.TOTP(user.totp_secret), int(datetime.now(UTC).timestamp()) // STEP
    for step in (now - 1, now, now + 1):
        if step > user.totp_step and secrets.compare_digest(codes.at(step * STEP), code):
            user.totp_step = step
            return True
    return False


def _new_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def _digest(user: User, code: str) -> str:
    """Sixty random bits need no slow hash."""
    letters = "".join(sign for sign in code.casefold() if sign.isalnum())
    return sha256(f"{user.id}:{letters}".encode()).hexdigest()
