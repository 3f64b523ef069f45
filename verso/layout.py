"""What every HTML page needs: language, menu, languages to switch to, links that know the mount."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, g, request
from markupsafe import Markup
from whitenoise import WhiteNoise

from verso.config import Settings
from verso.content.navigation import Navigation, Snapshot
from verso.content.urls import home_url
from verso.db import reading
from verso.headers import SECURITY_HEADERS
from verso.i18n.locales import autonym, current_locale, direction, get_locales, language_name
from verso.models import Document
from verso.sections import split_locale

STATIC = Path(__file__).parent / "static"
_LOCAL_LINK = re.compile(r'(\s(?:href|src)=")/(?!/)')


@dataclass(frozen=True, slots=True)
class Language:
    """One entry of the language switcher."""

    locale: str
    name: str
    dir: str
    url: str
    is_current: bool


def init_app(app: Flask, settings: Settings, navigation: Navigation) -> None:
    prefix = f"static/{_digest()}"
    app.extensions["verso.navigation"] = navigation
    app.extensions["verso.static"] = prefix
    app.extensions["verso.settings"] = settings
    files = WhiteNoise(
        app.wsgi_app,
        root=STATIC,
        prefix=prefix,
        max_age=31_536_000,
        allow_all_origins=False,
        add_headers_function=_secure_file,
    )

    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        """Static files for reading; everything else, also a wrong method on them, is the app's."""
        reads = environ.get("REQUEST_METHOD") in ("GET", "HEAD")
        return (files if reads else files.application)(environ, start_response)

    app.wsgi_app = serve  # type: ignore[method-assign]
    app.context_processor(page_context)
    app.jinja_env.filters["mounted"] = mounted
    app.jinja_env.globals.update(
        absolute=absolute,
        asset=asset,
        direction=direction,
        href=href,
        lang_of=lang_of,
        language_name=language_name,
    )


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

    def all_languages(self, document: Document) -> list[Language]:
        """The languages of the site, and those that only this document has."""
        names = dict.fromkeys((*get_locales().current, *(text.locale for text in document.texts)))
        return [Language(name, autonym(name), direction(name), "", False) for name in names]

    @property
    def homes(self) -> dict[str, str]:
        """The home page in every language."""
        return {locale: home_url(locale) for locale in get_locales().current}

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
    locales = get_locales().current
    prefix, rest = split_locale(request.path, locales)
    tail = "/".join(rest) if prefix else ""
    slash = "/" if tail and request.path.endswith("/") else ""
    return {locale: quote(f"/{locale}/{tail}{slash}") for locale in locales}


def use_navigation() -> Snapshot:
    """Refresh the navigation for this page; views of public pages call it, error pages do not."""
    snapshot: Snapshot = get_navigation().current(reading())
    g.verso_snapshot = snapshot
    return snapshot


def get_navigation() -> Navigation:
    navigation: Navigation = current_app.extensions["verso.navigation"]
    return navigation


def get_settings() -> Settings:
    """The settings of the current application."""
    settings: Settings = current_app.extensions["verso.settings"]
    return settings


def href(path: str) -> str:
    """A path of this site under the mount it runs at; it needs no router and cannot fail."""
    return request.root_path.rstrip("/") + path


def absolute(path: str) -> str:
    """The absolute URL of a path: from BASE_URL, else from the request, on a trusted host only."""
    base = get_settings().BASE_URL
    return (base or request.host_url.rstrip("/") + request.root_path.rstrip("/")) + path


def asset(name: str) -> str:
    """The URL of a static file, which changes with the files' content."""
    return href(f"/{current_app.extensions['verso.static']}/{name}")


def lang_of(text_locale: str, page_locale: str) -> Markup:
    """The lang and dir attributes of a passage in another language than its page's."""
    if text_locale == page_locale:
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(text_locale, direction(text_locale))


def mounted(html: str, prefix: str | None = None) -> Markup:
    """Rendered content with its local links under the mount (or under an absolute prefix)."""
    root = request.root_path.rstrip("/") if prefix is None else prefix
    # The renderer cleaned this HTML as its last step; only link prefixes are added here.
    return Markup(_LOCAL_LINK.sub(rf"\g<1>{root}/", html) if root else html)


def _digest() -> str:
    """A name for the static files as they are: it changes when one of them does."""
    digest = hashlib.sha256()
    for file in sorted(STATIC.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(STATIC)).encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def _secure_file(headers: Any, path: str, url: str) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value
