"""Passwords: hashed with argon2id, checked in the same time whether the account exists or not."""

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 512

# OWASP's second choice for argon2id: 19 MiB, two passes, one lane; about 20 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# A flood of sign-ins must not take the memory or the processors from the readers.
_at_once = BoundedSemaphore(4)


class WeakPassword(ValueError):
    """The password is too short, too long, or one of the first that anybody tries."""


_COMMON = frozenset(
    ("password", "passwort", "motdepasse", "qwertyuiop", "1234567890", "0123456789", "letmein")
)


def check_strength(password: str, email: str) -> None:
    """Raise WeakPassword unless the password is fit; any characters are fine."""
    folded = password.casefold().strip()
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH or len(set(folded)) < 4:
        raise WeakPassword
    stem = folded.strip("0123456789!.?")
    if folded in _COMMON or stem in _COMMON or folded == email.casefold():
        raise WeakPassword


def hash_password(password: str) -> str:
    """The argon2id hash, with its salt and parameters."""
    with _at_once:
        return _hasher.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; no account, or none yet, takes as long."""
    known = password_hash or _nobodys_hash()
    try:
        with _at_once:
            _hasher.verify(known, password[:MAX_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


@cache
def _nobodys_hash() -> str:
    return hash_password("nobody has this password")
