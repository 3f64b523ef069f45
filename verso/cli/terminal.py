"""The terminal of a command: the language that it is set to, and what it can show."""

import logging
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask.cli import with_appcontext

from verso.i18n.locales import get_locales
from verso.i18n.messages import SOURCE_LOCALE
from verso.i18n.negotiation import negotiate
from verso.i18n.speaking import speak

# POSIX: the first one that is set counts.
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_SCRIPTS = {"latin": "Latn", "cyrillic": "Cyrl", "devanagari": "Deva"}
P = ParamSpec("P")
R = TypeVar("R")


def in_terminals_language(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command within the application, speaking the language of the terminal."""

    @wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> R:
        offered = get_locales().catalogs.locales()
        locale = terminal_locale(os.environ, offered) if _is_unicode() else SOURCE_LOCALE
        with speak(locale), _without_log():
            return command(*arguments, **options)

    return with_appcontext(run)


@contextmanager
def _without_log() -> Iterator[None]:
    """What is wrong with a catalog is said by the commands that are asked for it, and once."""
    log = logging.getLogger("verso.translations")
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False


def terminal_locale(environ: Mapping[str, str], offered: Sequence[str]) -> str:
    """The offered locale that suits `de_AT.UTF-8` and the like; English where nothing is set."""
    named = next(filter(None, (environ.get(name, "") for name in VARIABLES)), "")
    name, _, modifier = named.partition("@")
    tag = name.partition(".")[0].replace("_", "-")
    if script := _SCRIPTS.get(modifier):
        language, *rest = tag.split("-")
        tag = "-".join((language, script, *rest))
    return negotiate(tag, tuple(offered), SOURCE_LOCALE)


def say(text: str) -> None:
    """Print a line; signs that the terminal does not have become question marks."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding))


def bar(percent: int, width: int = 20) -> str:
    """A bar of so many columns; it is full for 100 only."""
    full, rest = ("█", "░") if _is_unicode() else ("#", ".")
    filled = percent * width // 100
    return full * filled + rest * (width - filled)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_columns_of(letter) for letter in text)


def padded(text: str, width: int) -> str:
    """A text at the end of so many columns."""
    return " " * (width - columns(text)) + text


def _columns_of(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "utf-8").lower().replace("-", "").startswith("utf")
