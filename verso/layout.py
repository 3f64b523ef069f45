"""The frame of every HTML page: its language, the menu, the languages to switch to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, request
from markupsafe import Markup

from verso.content import markdown
from verso.content.colours import ACCENTS, Scheme
from verso.content.pictures import Picture, illustrate
from verso.content.site_settings import ACCENT_DARK, ACCENT_LIGHT, LOGO, SHARING
from verso.content.snapshot import Snapshot
from verso.content.urls import home_url
from verso.current import get_navigation
from verso.db import reading
from verso.i18n.locales import autonym, current_locale, direction, get_locales, language_name
from verso.links import absolute, href
from verso.models import Document
from verso.sections import split_locale

LOCALIZED_TYPES = frozenset({"text/html", "application/atom+xml", "application/feed+json"})


@dataclass(frozen=True, slots=True)
class Language:
    """One entry of the language switcher."""

    locale: str
    name: str
    dir: str
    url: str
    is_current: bool


def init_app(app: Flask) -> None:
    app.context_processor(page_context)
    app.after_request(say_language)
    app.jinja_env.filters["illustrated"] = illustrated
    app.jinja_env.globals.update(direction=direction, lang_of=lang_of, language_name=language_name)


def page_context() -> dict[str, Any]:
    """The variables of the base template; it fails for no page, also not for an error page."""
    locale = current_locale()
    return {"locale": locale, "dir": direction(locale), "layout": Layout(locale)}


class Layout:
    """What the frame around a page shows; evaluated as the template asks, in the page's language."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._default = get_locales().default

    @property
    def snapshot(self) -> Snapshot:
        """The navigation: fresh where the view asked for it, else as it is remembered."""
        found: Snapshot | None = g.get("verso_snapshot")
        return found or get_navigation().remembered

    @property
    def site_name(self) -> str:
        return self.snapshot.setting("name", self.locale, self._default, "Verso")

    @property
    def tagline(self) -> str:
        return self.snapshot.setting("tagline", self.locale, self._default)

    @property
    def description(self) -> str:
        return self.snapshot.setting("description", self.locale, self._default)

    @property
    def footer(self) -> Markup:
        """What stands below every page, rendered; nothing where no words were set."""
        return Markup(rendered_footer(self.snapshot.setting("footer", self.locale, self._default)))

    @property
    def logo(self) -> Picture | None:
        return self.snapshot.pictures.get(LOGO)

    @property
    def sharing(self) -> Picture | None:
        """The picture that stands for a page that has none, where somebody shares it."""
        return self.snapshot.pictures.get(SHARING)

    @property
    def accent(self) -> str | None:
        """The stylesheet with the accent colours of this site, if it has its own."""
        chosen = [self.snapshot.settings.get(key) for key in (ACCENT_LIGHT, ACCENT_DARK)]
        if not any(chosen):
            return None
        light, dark = (one or ACCENTS[scheme] for one, scheme in zip(chosen, Scheme, strict=True))
        return href(f"/static/accent/{light[1:]}-{dark[1:]}.css")

    @property
    def insider(self) -> str:
        """Why only people signed in see this page: "maintenance", "hidden", or nothing."""
        return str(g.get("verso_insider", ""))

    @property
    def menu(self) -> list[Any]:
        return self.snapshot.menu(self.locale)

    @property
    def languages(self) -> list[Language]:
        """Where this page is in each language, the query kept."""
        query = request.query_string.decode("latin-1")
        suffix = "?" + query if query else ""
        urls: Mapping[str, str] = g.get("verso_alternates") or swapped_urls()
        return [
            Language(name, autonym(name), direction(name), href(url) + suffix, name == self.locale)
            for name, url in urls.items()
        ]

    @property
    def every_language(self) -> list[Language]:
        """The languages of the site, also those that visitors are not offered."""
        names = get_locales().current
        return [Language(name, autonym(name), direction(name), "", False) for name in names]

    def all_languages(self, document: Document) -> list[Language]:
        """The languages of the site, and those that only this document has."""
        names = dict.fromkeys((*get_locales().current, *(text.locale for text in document.texts)))
        return [Language(name, autonym(name), direction(name), "", False) for name in names]

    @property
    def homes(self) -> dict[str, str]:
        """The home page in every language."""
        return {locale: home_url(locale) for locale in get_locales().offered}

    @property
    def no_index(self) -> bool:
        """Whether search engines should leave this page out: it is one of many cuts of a list."""
        return bool(g.get("verso_no_index"))

    def is_here(self, url: str) -> bool:
        return quote(request.path) == url

    def alternates(self, translated: Mapping[str, str]) -> dict[str, str]:
        """hreflang and absolute URL of each language that this page really has, and x-default."""
        urls = {name: absolute(url) for name, url in translated.items()}
        if len(urls) > 1:
            urls["x-default"] = urls.get(self._default) or next(iter(urls.values()))
        return urls

    def canonical(self, translated: Mapping[str, str], text_locale: str) -> str:
        """The one URL of this page; shown in its source language, that of its source."""
        return absolute(translated.get(text_locale) or quote(request.path))

    @property
    def here(self) -> str:
        """The path of this page without the mount, and its query, for the switcher's form."""
        query = request.query_string.decode("latin-1")
        return request.path + ("?" + query if query else "")


def swapped_urls() -> dict[str, str]:
    """This path under every locale's prefix; where it has none, every locale's home."""
    prefix, rest = split_locale(request.path, get_locales().current)
    tail = "/".join(rest) if prefix else ""
    slash = "/" if tail and request.path.endswith("/") else ""
    return {locale: quote(f"/{locale}/{tail}{slash}") for locale in get_locales().offered}


@lru_cache(maxsize=64)
def rendered_footer(source: str) -> str:
    """The HTML of a footer; it is short and stands on every page."""
    return markdown.render(source, id_prefix="footer-").html


def illustrated(html: str, locale: str, *, eager: bool = False) -> str:
    """Rendered content with our media in all their sizes; see illustrate."""
    return illustrate(reading(), html, locale, eager=eager)


def use_navigation() -> Snapshot:
    """Refresh the navigation for this page; views of public pages call it, error pages do not."""
    snapshot: Snapshot = get_navigation().current(reading())
    g.verso_snapshot = snapshot
    return snapshot


def lang_of(text_locale: str, page_locale: str) -> Markup:
    """The lang and dir attributes of a passage in another language than its page's."""
    if text_locale == page_locale:
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(text_locale, direction(text_locale))


def say_language(response: Response) -> Response:
    """Name the languages of an answer: the page's, and its text's where that is another."""
    is_page = response.status_code == 200 and response.mimetype in LOCALIZED_TYPES
    if is_page and "Content-Language" not in response.headers:
        languages = dict.fromkeys((current_locale(), g.get("verso_text_locale")))
        response.headers["Content-Language"] = ", ".join(filter(None, languages))
    return response
