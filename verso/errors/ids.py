"""Error ids: short, random, and easy to read over the telephone."""

import re
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID = re.compile(rf"[{_ALPHABET}]{{12}}")


def new_error_id() -> str:
    """Twelve characters that can be read over the telephone (Crockford's alphabet, 60 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def is_error_id(text: str) -> bool:
    """Whether a text has the form of an id."""
    return _ID.fullmatch(text) is not None
