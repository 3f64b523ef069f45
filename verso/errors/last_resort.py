"""The last resort: one small finished page per section and locale, made at start-up, needing nothing."""

import base64
import hashlib
import json
from dataclasses import dataclass
from html import escape
from typing import Any

from flask import Flask

from verso.errors.catalogue import BY_SLUG, PROBLEMS
from verso.errors.kinds import ProblemType
from verso.i18n.gettext import N_, translate
from verso.i18n.locales import Locales, direction
from verso.sections import Section

# The gaps of a page, filled when it is sent.
_ID = "{error_id}"
_MOUNT = "{mount}"
_NAMES = {
    Section.SITE: (N_("Website"), N_("To the home page"), "/{locale}/"),
    Section.BLOG: (N_("Blog"), N_("To the blog"), "/{locale}/blog/"),
    Section.ADMIN: (N_("Admin"), N_("To the start of the admin"), "/admin/"),
}
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;min-height:100vh;display:grid;grid-template:auto 1fr/minmax(0,1fr);"
    "font:1.125rem/1.6 Georgia,serif;background:light-dark(#fafaf5,#15191a);"
    "color:light-dark(#1b2122,#e6e6de)}"
    "header{padding:1rem 2rem;border-block-end:1px solid}header p{margin:0}"
    "main{place-self:center;max-inline-size:min(34rem,100vw - 4rem);padding:2rem;"
    "overflow-wrap:anywhere;hyphens:auto}"
    "h1{line-height:1.2}code{font-family:monospace}a{color:inherit}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
CSP = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Page:
    """A finished answer: its bytes, their type and the locale that they are really in."""

    body: bytes
    content_type: str
    locale: str


class LastResort:
    """What is said when nothing else works: pages, problems and a notice, all made beforehand.

    A locale that appears while the site runs is answered in the default one.
    """

    def __init__(self, app: Flask, locales: Locales, base_url: str) -> None:
        self._default = locales.default
        prepared = dict.fromkeys((*locales.current, locales.default))
        with app.app_context():
            self._pages = {
                (section, locale): _html(section, locale)
                for locale in prepared
                for section in Section
                if section is not Section.API
            }
            self._problems = {
                (kind.slug, locale): _problem(kind, locale, base_url or _MOUNT)
                for locale in prepared
                for kind in PROBLEMS
            }
            self._notices = {locale: _notice(locale) for locale in prepared}

    def page(self, section: Section, locale: str, mount: str, error_id: str) -> Page:
        """The answer of a section; mount is the percent-encoded path that the site runs under."""
        locale = self._prepared(locale)
        if section is Section.API:
            body = json.dumps(self.problem("internal-error", locale, mount, error_id))
            return Page(body.encode(), "application/problem+json", locale)
        text = self._pages[section, locale].replace(_MOUNT, mount).replace(_ID, error_id)
        return Page(text.encode(), "text/html; charset=utf-8", locale)

    def problem(self, slug: str, locale: str, mount: str, error_id: str) -> dict[str, Any]:
        """The members of a problem (RFC 9457), as in the API's own answers."""
        members = self._problems[slug, self._prepared(locale)]
        return {
            **members,
            "type": members["type"].replace(_MOUNT, mount),
            "instance": f"urn:verso:error:{error_id}",
        }

    def notice(self, locale: str, error_id: str) -> str:
        """What stands at the end of a page that broke half-way."""
        return self._notices[self._prepared(locale)].replace(_ID, error_id)

    def _prepared(self, locale: str) -> str:
        return locale if locale in self._notices else self._default


def _html(section: Section, locale: str) -> str:
    kind = BY_SLUG["internal-error"]
    title, detail, advice = (
        escape(translate(message, locale)) for message in (kind.title, kind.detail, kind.advice)
    )
    name, home, path = _NAMES.get(section) or _plain_names(section)
    return (
        f'<!DOCTYPE html>\n<html lang="{locale}" dir="{direction(locale)}">\n<head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n"
        f'<body data-section="{section}"><header class="masthead">'
        f"<p>{escape(translate(name, locale))}</p></header>\n"
        f"<main><h1>{title}</h1><p>{detail} {advice}</p>"
        f"<p>{_number(locale)}</p>"
        f'<p><a href="{_MOUNT}{path.format(locale=locale)}">{escape(translate(home, locale))}</a></p>'
        "</main></body>\n</html>\n"
    )


def _plain_names(section: Section) -> tuple[str, str, str]:
    """Of a section that is not in the table: its proper name, also as the link to its first page."""
    return section.proper_name, section.proper_name, f"/{{locale}}/{section}/"


def _problem(kind: ProblemType, locale: str, base: str) -> dict[str, Any]:
    members = {
        "type": f"{base}/problems/{kind.slug}",
        "title": translate(kind.title, locale),
        "status": kind.status,
        "detail": translate(kind.detail, locale),
        "code": kind.code,
    }
    return members | ({"retryable": True} if kind.retryable else {})


def _notice(locale: str) -> str:
    title = escape(translate(BY_SLUG["internal-error"].title, locale))
    return (
        f"\n<!-- stream error {_ID} -->\n"
        f'<div role="alert" lang="{locale}" dir="{direction(locale)}">'
        f"<p>{title}</p><p>{_number(locale)}</p></div>\n"
    )


def _number(locale: str) -> str:
    return f"{escape(translate('Error number:', locale))} <code>{_ID}</code>"
