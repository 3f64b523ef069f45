"""Typed settings, read once from `VERSO_*` variables, a TOML file and the factory's overrides."""

import difflib
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError

PREFIX = "VERSO_"


class ConfigError(Exception):
    """A setting is unknown or malformed; the message names it, its value and the way out."""


def _text(value: Any) -> str:
    return str(value).strip()


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("a whole number")
    try:
        return int(value)
    except ValueError:
        raise ValueError("a whole number") from None


def _count(value: Any) -> int:
    number = _integer(value)
    if number < 0:
        raise ValueError("a whole number from 0 up")
    return number


def _words(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else list(value)
    return tuple(part.strip() for part in parts if part.strip())


def _path(value: Any) -> Path:
    return Path(value).expanduser().absolute()


def canonical_locale(value: Any) -> str:
    """The BCP 47 spelling of a locale (`pt_br` -> `pt-BR`); ValueError if CLDR does not know it."""
    tag = str(value).strip().replace("_", "-")
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError("a locale that CLDR knows, such as en, pt-BR or zh-Hans") from None
    parts = (locale.language, locale.script, locale.territory)
    written = {part.lower() for part in tag.split("-")}
    return "-".join(part for part in parts if part and part.lower() in written)


def _locales(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(canonical_locale(part) for part in _words(value)))


def _base_url(value: Any) -> str:
    text = _text(value).rstrip("/")
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("an absolute URL such as https://example.org or https://example.org/mount")
    return text


def _database_url(value: Any) -> str:
    text = _text(value)
    if text and not text.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise ValueError("sqlite:////path/to/file, or postgresql://user@host/name")
    return text


def _timezone(value: Any) -> str:
    try:
        return ZoneInfo(_text(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone name such as Europe/Berlin or UTC") from None


def _one_of(*choices: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        text = _text(value).lower()
        if text not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return text

    return parse


def _setting(parse: Callable[[Any], Any], default: Any, doc: str) -> Any:
    return field(default=default, metadata={"parse": parse, "doc": doc})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting that an operator may give; docs/settings.md is held to this list by a test."""

    INSTANCE_PATH: Path = _setting(
        _path, Path("instance").absolute(), "Folder of the database, media, key and logs."
    )
    DATABASE_URL: str = _setting(
        _database_url, "", "SQLAlchemy URL; empty means `verso.db` (SQLite) in the instance folder."
    )
    SECRET_KEY: str = _setting(
        _text, "", "Signing key; empty means one made in the instance folder on first start."
    )
    BASE_URL: str = _setting(
        _base_url, "", "Public address with its mount path, for absolute links."
    )
    TRUSTED_HOSTS: tuple[str, ...] = _setting(
        _words,
        (),
        "Host names that requests may carry; empty means any. `.example.org` allows subdomains.",
    )
    TRUSTED_PROXIES: int = _setting(
        _count, 0, "How many reverse proxies in front may be believed (X-Forwarded-*)."
    )
    DEFAULT_LOCALE: str = _setting(
        canonical_locale, "en", "Language of a visitor for whom nothing better is known."
    )
    LOCALES: tuple[str, ...] = _setting(
        _locales, (), "Languages of the site, in order; empty means every language with a catalog."
    )
    TIMEZONE: str = _setting(_timezone, "UTC", "Time zone in which dates are shown and typed.")
    MAX_BODY_BYTES: int = _setting(
        _count, 16 * 1024 * 1024, "Largest request body, in bytes; a larger one is answered 413."
    )
    ADMINS: tuple[str, ...] = _setting(
        _words, (), "Mail addresses of the people who run the site; the first is in security.txt."
    )
    LOG_FORMAT: str = _setting(
        _one_of("console", "json"), "console", "`console` for people, `json` for machines."
    )
    LOG_LEVEL: str = _setting(
        _one_of("debug", "info", "warning", "error"), "info", "Least severe level that is logged."
    )
    LOG_FILE: str = _setting(
        _text, "", "File for the log, rotated at 10 MB, five kept; empty means standard error."
    )

    @property
    def database_url(self) -> str:
        """The URL in force: the one given, or SQLite in the instance folder."""
        return self.DATABASE_URL or f"sqlite:///{self.INSTANCE_PATH / 'verso.db'}"

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
        shown = "(hidden)" if name == "SECRET_KEY" else repr(value)
        raise ConfigError(f"{where}={shown} is not valid: it must be {error}.") from error


def _checked(settings: Settings) -> Settings:
    if settings.LOCALES and settings.DEFAULT_LOCALE not in settings.LOCALES:
        raise ConfigError(
            f"DEFAULT_LOCALE={settings.DEFAULT_LOCALE!r} is not one of "
            f"LOCALES={','.join(settings.LOCALES)!r}: add it there, or choose one of them."
        )
    if settings.SECRET_KEY and len(settings.SECRET_KEY) < 32:
        raise ConfigError(
            "SECRET_KEY is shorter than 32 characters: leave it empty and Verso makes a good one."
        )
    return settings
