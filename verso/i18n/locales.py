"""The language of a request: from its path, else a remembered choice, else what the browser asks for."""

from collections.abc import Callable, Collection
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs

from babel import Locale
from flask import Flask, current_app, request
from werkzeug.wrappers import Request

from verso.config import Settings
from verso.i18n.catalogs import Catalogs
from verso.i18n.messages import SOURCE_LOCALE
from verso.i18n.negotiation import likely, negotiate
from verso.sections import Section, match_locale, section_of, split_locale
from verso.values import PSEUDO, PSEUDO_RTL, is_pseudo

LANGUAGE_COOKIE = "verso_language"
ADMIN_LANGUAGE_COOKIE = "verso_admin_language"
# The language of whatever is not an answer to a request; set by `speaking.speak`.
SPOKEN: ContextVar[str | None] = ContextVar("verso_spoken", default=None)
_PSEUDO_NAMES = {PSEUDO: "⟦Þšëûðö⟧", PSEUDO_RTL: "⟦Þšëûðö RTL⟧"}
_DECIDED = "_verso_locale"
RTL_SCRIPTS = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"})


@dataclass(frozen=True, slots=True)
class Locales:
    """The locales in which the site may be read, in the operator's order; hidden ones by editors only."""

    configured: tuple[str, ...]
    default: str
    catalogs: Catalogs
    hidden: Callable[[], Collection[str]] = frozenset

    @property
    def current(self) -> tuple[str, ...]:
        """The set in force now: the one configured, else every locale with a catalog."""
        return self.configured or self.catalogs.locales()

    @property
    def offered(self) -> tuple[str, ...]:
        """Those of the current set that visitors are offered; the default one always is."""
        hidden = self.hidden()
        if not hidden:
            return self.current
        return tuple(name for name in self.current if name not in hidden or name == self.default)

    def is_hidden(self, locale: str | None) -> bool:
        """Whether visitors are refused this locale of the site."""
        return locale in self.current and locale not in self.offered

    def negotiate(self, accept_language: str) -> str:
        return negotiate(accept_language[:4096], self.offered, self.default)


def init_app(
    app: Flask, settings: Settings, catalogs: Catalogs, hidden: Callable[[], Collection[str]]
) -> None:
    app.extensions["verso.locales"] = Locales(
        settings.LOCALES, settings.DEFAULT_LOCALE, catalogs, hidden
    )


def get_locales() -> Locales:
    """The locales of the current application."""
    locales: Locales = current_app.extensions["verso.locales"]
    return locales


def current_locale() -> str:
    """The locale of the current request, decided once; else the one spoken, else the default."""
    spoken = SPOKEN.get()
    if spoken is not None:
        return spoken
    if not request:
        return get_locales().default
    # On the request and not on `g`: several requests may share one application context.
    known = vars(request)
    decided: str | None = known.get(_DECIDED)
    if decided is None:
        decided = known[_DECIDED] = locale_of(request, get_locales())
    return decided


def locale_of(request: Request, locales: Locales) -> str:
    """Decide the language of a request: its first path segment, else by section.

    api: `?lang=`, then Accept-Language. admin: the language of the person signed in (a cookie).
    the others: the cookie of an explicit choice, then Accept-Language, then the default.
    """
    prefix, _ = split_locale(request.path, locales.current)
    return prefix or _asked_locale(request, locales)


def leave_hidden() -> None:
    """Answer this request in a language that is offered: that of its path is hidden."""
    vars(request)[_DECIDED] = _asked_locale(request, get_locales())


def _asked_locale(request: Request, locales: Locales) -> str:
    section = section_of(request.path, locales.current)
    # The admin is there in every language for those who work on the hidden ones.
    offered = locales.current if section is Section.ADMIN else locales.offered
    if section is Section.API:
        asked = _asked_in_query(request.query_string)
    else:
        name = ADMIN_LANGUAGE_COOKIE if section is Section.ADMIN else LANGUAGE_COOKIE
        asked = read_cookie(request, name)
    chosen = match_locale(asked, offered) if asked else None
    return chosen or locales.negotiate(request.headers.get("Accept-Language", ""))


def read_cookie(request: Request, name: str) -> str:
    """The value of a cookie of ours. Over HTTPS only the prefixed one counts: others may set the plain."""
    return request.cookies.get("__Host-" + name if request.is_secure else name) or ""


def _asked_in_query(query: bytes) -> str:
    values = parse_qs(query[:4096].decode("latin-1")).get("lang", [""])
    return values[0][:64]


def babel_locale(locale: str) -> Locale:
    """The CLDR data of one of our locales; English for the pseudo-locales, which CLDR does not have."""
    return Locale.parse(SOURCE_LOCALE if is_pseudo(locale) else locale, sep="-")


def direction(locale: str) -> str:
    """`rtl` or `ltr`, by the script that the locale is written in."""
    tag = likely(locale)
    if locale == PSEUDO_RTL:
        return "rtl"
    return "rtl" if tag and tag.script in RTL_SCRIPTS else "ltr"


@lru_cache(maxsize=256)
def autonym(locale: str) -> str:
    """What a language calls itself, with a capital as in a list: `Français`."""
    if is_pseudo(locale):
        return _PSEUDO_NAMES[locale]
    name = babel_locale(locale).get_display_name() or locale
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=4096)
def language_name(locale: str, in_locale: str) -> str:
    """What a language is called in another one: `anglais` for en in fr."""
    if is_pseudo(locale):
        return _PSEUDO_NAMES[locale]
    return babel_locale(locale).get_display_name(babel_locale(in_locale)) or locale
