"""The last resort: one small finished page per section and locale, made at start-up, needing nothing."""

import base64
import hashlib
import json
from collections.abc import Mapping
from html import escape

from flask import Flask

from verso.errors.catalogue import BY_SLUG
from verso.i18n.gettext import translate
from verso.i18n.locales import Locales, direction
from verso.sections import Section

_ID = "{error_id}"
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;min-height:100vh;display:grid;place-content:center;padding:2rem;"
    "font:1.125rem/1.6 Georgia,serif;background:light-dark(#fafaf5,#15191a);"
    "color:light-dark(#1b2122,#e6e6de)}"
    "main{max-inline-size:34rem}h1{line-height:1.2}code{font-family:monospace}"
    "a{color:inherit}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
CSP = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

Pages = Mapping[tuple[bool, str], str]


def make_pages(app: Flask, locales: Locales) -> Pages:
    """The pages by (is it the API?, locale); their only gap is the error id."""
    with app.app_context():
        return {
            (is_api, locale): (_json(locale) if is_api else _html(locale))
            for locale in locales.current
            for is_api in (False, True)
        }


def page(pages: Pages, section: Section, locale: str, error_id: str) -> tuple[bytes, str]:
    """The body and content type for a section in a locale."""
    is_api = section is Section.API
    body = pages.get((is_api, locale)) or next(
        text for (api, _), text in pages.items() if api is is_api
    )
    kind = "application/problem+json" if is_api else "text/html; charset=utf-8"
    return body.replace(_ID, error_id).encode(), kind


def _html(locale: str) -> str:
    kind = BY_SLUG["internal-error"]
    title, detail, advice = (
        escape(translate(message, locale)) for message in (kind.title, kind.detail, kind.advice)
    )
    number = escape(translate("Error number:", locale))
    return (
        f'<!DOCTYPE html>\n<html lang="{locale}" dir="{direction(locale)}">\n<head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n"
        f"<body><main><h1>{title}</h1><p>{detail} {advice}</p>"
        f"<p>{number} <code>{_ID}</code></p></main></body>\n</html>\n"
    )


def _json(locale: str) -> str:
    kind = BY_SLUG["internal-error"]
    body = {
        "type": f"/problems/{kind.slug}",
        "title": translate(kind.title, locale),
        "status": kind.status,
        "detail": translate(kind.detail, locale),
        "instance": f"urn:verso:error:{_ID}",
        "code": kind.code,
    }
    return json.dumps(body, ensure_ascii=False)
