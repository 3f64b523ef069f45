"""How the values of settings are read: each function takes what was given and says what it must be.

They raise ValueError with the end of the sentence "it must be ...".
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError

MEDIA_SCHEMES = ("s3", "gs", "az")
MAIL_SCHEMES = ("smtp", "smtp+starttls", "smtps")
PSEUDO, PSEUDO_RTL = "qps", "qps-Arab"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def as_text(value: Any) -> str:
    return str(value).strip()


def as_integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("a whole number")
    try:
        return int(value)
    except ValueError:
        raise ValueError("a whole number") from None


def as_count(value: Any) -> int:
    number = as_integer(value)
    if number < 0:
        raise ValueError("a whole number from 0 up")
    return number


def as_positive(value: Any) -> int:
    number = as_integer(value)
    if number < 1:
        raise ValueError("a whole number from 1 up")
    return number


def as_words(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else list(value)
    return tuple(part.strip() for part in parts if part.strip())


def as_path(value: Any) -> Path:
    return Path(value).expanduser().absolute()


def is_pseudo(locale: str) -> bool:
    """Whether this is one of the locales that show developers what is not translatable."""
    return locale in (PSEUDO, PSEUDO_RTL)


def canonical_locale(value: Any) -> str:
    """The BCP 47 spelling of a locale (`pt_br` -> `pt-BR`); ValueError if CLDR does not know it."""
    tag = str(value).strip().replace("_", "-")
    for pseudo in (PSEUDO, PSEUDO_RTL):
        if tag.lower() == pseudo.lower():
            return pseudo
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError("a locale that CLDR knows, such as en, pt-BR or zh-Hans") from None
    parts = (locale.language, locale.script, locale.territory)
    written = {part.lower() for part in tag.split("-")}
    name = "-".join(part for part in parts if part and part.lower() in written)
    # An older code (`iw`), a variant or an encoding would silently become another language, or none.
    if name.lower() != tag.lower() or locale.language in ("root", "und"):
        raise ValueError("a locale that CLDR knows, such as en, pt-BR or zh-Hans")
    return name


def as_locales(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(canonical_locale(part) for part in as_words(value)))


def as_base_url(value: Any) -> str:
    text = as_text(value).rstrip("/")
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("an absolute URL such as https://example.org or https://example.org/mount")
    return text


def as_database_url(value: Any) -> str:
    text = as_text(value)
    if text and not text.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise ValueError("sqlite:////path/to/file, or postgresql://user@host/name")
    return text


def as_media_url(value: Any) -> str:
    text = as_text(value).rstrip("/")
    parts = urlsplit(text)
    if text and (parts.scheme not in MEDIA_SCHEMES or not parts.netloc or parts.query):
        raise ValueError("object storage such as s3://bucket/folder, gs://bucket or az://container")
    return text


def as_mail_url(value: Any) -> str:
    text = as_text(value)
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in MAIL_SCHEMES or not parts.hostname:
        raise ValueError(
            "smtp+starttls://user:password@host, smtps://user:password@host or smtp://localhost"
        )
    if not unquote(f"{parts.username or ''}{parts.password or ''}").isascii():
        raise ValueError(
            "a URL whose user and password are ASCII: SMTP's sign-in has no other letters"
        )
    if parts.scheme == "smtp" and parts.password and parts.hostname not in _LOOPBACK:
        raise ValueError("smtp+starttls:// or smtps://, as it holds a password")
    return text


def as_sentry_dsn(value: Any) -> str:
    text = as_text(value)
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.username or not parts.path):
        raise ValueError("a DSN such as https://key@sentry.example.org/1")
    return text


def as_timezone(value: Any) -> str:
    try:
        return ZoneInfo(as_text(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone name such as Europe/Berlin or UTC") from None


def one_of(*choices: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        text = as_text(value).lower()
        if text not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return text

    return parse
