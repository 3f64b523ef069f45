"""Typed settings, read once from `VERSO_*` variables, a TOML file and the factory's overrides."""

import difflib
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from verso.values import (
    as_base_url,
    as_count,
    as_database_url,
    as_locales,
    as_mail_url,
    as_media_url,
    as_path,
    as_positive,
    as_sentry_dsn,
    as_text,
    as_timezone,
    as_words,
    canonical_locale,
    one_of,
)

PREFIX = "VERSO_"
# Settings whose value no message repeats.
SECRET = frozenset({"SECRET_KEY", "DATABASE_URL", "MAIL_URL", "SENTRY_DSN"})


class ConfigError(Exception):
    """A setting is unknown or malformed; the message names it, its value and the way out."""


def _setting(parse: Callable[[Any], Any], default: Any, doc: str) -> Any:
    return field(default=default, metadata={"parse": parse, "doc": doc})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting that an operator may give; docs/settings.md is held to this list by a test."""

    INSTANCE_PATH: Path = _setting(
        as_path, Path("instance").absolute(), "Folder of the database, media, key and logs."
    )
    DATABASE_URL: str = _setting(
        as_database_url,
        "",
        "SQLAlchemy URL; empty means `verso.db` (SQLite) in the instance folder.",
    )
    SECRET_KEY: str = _setting(
        as_text, "", "Signing key; empty means one made in the instance folder on first start."
    )
    BASE_URL: str = _setting(
        as_base_url, "", "Public address with its mount path, for absolute links."
    )
    TRUSTED_HOSTS: tuple[str, ...] = _setting(
        as_words,
        (),
        "Host names that requests may carry; empty means any. `.example.org` allows subdomains.",
    )
    TRUSTED_PROXIES: int = _setting(
        as_count, 0, "How many reverse proxies in front may be believed (X-Forwarded-*)."
    )
    DEFAULT_LOCALE: str = _setting(
        canonical_locale, "en", "Language of a visitor for whom nothing better is known."
    )
    LOCALES: tuple[str, ...] = _setting(
        as_locales,
        (),
        "Languages of the site, in order; empty means every language with a catalog.",
    )
    TIMEZONE: str = _setting(as_timezone, "UTC", "Time zone in which dates are shown and typed.")
    MAX_BODY_BYTES: int = _setting(
        as_count, 16 * 1024 * 1024, "Largest request body, in bytes; a larger one is answered 413."
    )
    MEDIA_URL: str = _setting(
        as_media_url,
        "",
        "Object storage for media, as in s3://bucket/folder; empty means a folder in the instance folder.",
    )
    MAX_UPLOAD_BYTES: int = _setting(
        as_positive, 25 * 1024 * 1024, "Largest image file that can be uploaded, in bytes."
    )
    ADMINS: tuple[str, ...] = _setting(
        as_words,
        (),
        "Mail addresses of the people who run the site; failures are mailed to them, and the first is in security.txt.",
    )
    LOG_FORMAT: str = _setting(
        one_of("console", "json"), "console", "`console` for people, `json` for machines."
    )
    LOG_LEVEL: str = _setting(
        one_of("debug", "info", "warning", "error"), "info", "Least severe level that is logged."
    )
    LOG_FILE: str = _setting(as_text, "", "File for the log; empty means standard error.")
    LOG_FILE_BYTES: int = _setting(
        as_count, 10_000_000, "Size at which the log's file is rotated; 0 means never."
    )
    LOG_FILE_COUNT: int = _setting(as_count, 5, "How many rotated files of the log are kept.")
    INBOX_DAYS: int = _setting(
        as_positive, 90, "Days after which a failure that does not return leaves the inbox."
    )
    INBOX_EVENTS: int = _setting(
        as_positive, 50, "Events kept per group of failures: the first, and the latest."
    )
    INBOX_BYTES: int = _setting(
        as_positive, 50_000_000, "Size that all kept events may have together, in bytes."
    )
    AUDIT_DAYS: int = _setting(as_positive, 730, "Days after which an entry leaves the audit log.")
    JOBS: str = _setting(
        one_of("thread", "command"),
        "thread",
        "`thread` runs background jobs in each served process; `command` leaves them to `verso jobs run`.",
    )
    MAIL_URL: str = _setting(
        as_mail_url,
        "",
        "Mail server, as in smtp+starttls://user:password@host:587; empty means no mail.",
    )
    MAIL_FROM: str = _setting(as_text, "", "Sender of mails; empty means the first of ADMINS.")
    MAIL_DIGEST_SECONDS: int = _setting(
        as_positive, 3600, "Least time between two digests of failures that were mailed before."
    )
    SENTRY_DSN: str = _setting(
        as_sentry_dsn, "", "Where failures are sent too; needs the extra `verso[sentry]`."
    )

    @property
    def database_url(self) -> str:
        """The URL in force: the one given, or SQLite in the instance folder."""
        return self.DATABASE_URL or f"sqlite:///{self.INSTANCE_PATH / 'verso.db'}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never appear in a report: keys, and the passwords inside of URLs."""
        passwords = [urlsplit(url).password or "" for url in (self.DATABASE_URL, self.MAIL_URL)]
        key = urlsplit(self.SENTRY_DSN).username or ""
        found = {self.SECRET_KEY, self.SENTRY_DSN, key, *passwords, *map(unquote, passwords)}
        return tuple(found - {""})

    @property
    def media_path(self) -> Path:
        """Folder of the media files."""
        return self.INSTANCE_PATH / "media"


NAMES = tuple(spec.name for spec in fields(Settings))


def load(overrides: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings: overrides win over variables, variables over the `VERSO_CONFIG` file.

    Raises ConfigError with a sentence for an unknown name or a bad value.
    """
    environ = os.environ if environ is None else environ
    # VERSO_TEST_* tell the test suite what it may use.
    given = {
        name: value
        for name, value in environ.items()
        if name.startswith(PREFIX) and not name.startswith(PREFIX + "TEST_")
    }
    config_file = given.pop(PREFIX + "CONFIG", "")
    values: dict[str, tuple[Any, str]] = {}
    if config_file:
        for name, value in _read_file(Path(config_file)).items():
            values[_known(name, f"in {config_file}")] = (value, f"{name} in {config_file}")
    for name, value in given.items():
        if value.strip() or name == PREFIX + "SECRET_KEY":
            values[_known(name.removeprefix(PREFIX), "in the environment", PREFIX)] = (value, name)
    for name, value in overrides.items():
        values[_known(name, "passed to create_app")] = (value, name)
    parsed = {name: _parse(name, value, where) for name, (value, where) in values.items()}
    return _checked(Settings(**parsed))


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"VERSO_CONFIG={path} cannot be read as TOML: {error}") from error


def _known(name: str, where: str, prefix: str = "") -> str:
    if name in NAMES:
        return name
    near = difflib.get_close_matches(name, NAMES, n=1)
    hint = f" Did you mean {prefix}{near[0]}?" if near else " docs/settings.md lists them all."
    raise ConfigError(f"Unknown setting {prefix}{name} {where}.{hint}")


def _parse(name: str, value: Any, where: str) -> Any:
    spec = next(spec for spec in fields(Settings) if spec.name == name)
    try:
        return spec.metadata["parse"](value)
    except (ValueError, TypeError) as error:
        shown = "(hidden)" if name in SECRET else repr(value)
        raise ConfigError(f"{where}={shown} is not valid: it must be {error}.") from error


def _checked(settings: Settings) -> Settings:
    if settings.LOCALES and settings.DEFAULT_LOCALE not in settings.LOCALES:
        raise ConfigError(
            f"DEFAULT_LOCALE={settings.DEFAULT_LOCALE!r} is not one of "
            f"LOCALES={','.join(settings.LOCALES)!r}: add it there, or choose one of them."
        )
    if settings.MAIL_URL and not settings.ADMINS:
        raise ConfigError("MAIL_URL is set but ADMINS is empty: say who should get the mail.")
    if settings.SECRET_KEY and len(settings.SECRET_KEY) < 32:
        raise ConfigError(
            "SECRET_KEY is shorter than 32 characters: leave it empty and Verso makes a good one."
        )
    return settings
