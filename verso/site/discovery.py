"""What programs look for at fixed places: sitemaps, robots.txt, security.txt."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from flask import Response, render_template
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound

from verso.content.urls import blog_url, document_url, home_url
from verso.current import get_settings
from verso.db import reading
from verso.i18n.locales import get_locales
from verso.links import absolute
from verso.models import Document, DocumentText

# Documents per sitemap: with twelve locales it stays below the protocol's 50,000 URLs.
SITEMAP_SIZE = 1000
XML = "application/xml; charset=utf-8"
Rows = list[tuple[dict[str, str], datetime | None]]
TEXT = "text/plain; charset=utf-8"


def sitemap_index() -> Response:
    """`/sitemap.xml`: one sitemap for each thousand document ids, and number 0 for the rest."""
    urls = [absolute(f"/sitemap/{number}.xml") for number in range(_sitemaps() + 1)]
    return Response(render_template("site/sitemap_index.xml", urls=urls), content_type=XML)


def sitemap(number: int) -> Response:
    """One sitemap: every URL with the same document's in the other languages."""
    if number == 0:
        locales = get_locales().offered
        entries = [{name: make(name) for name in locales} for make in (home_url, blog_url)]
        rows: Rows = [(_absolute(urls), None) for urls in entries]
    else:
        if number > _sitemaps():
            raise NotFound
        rows = [(_absolute(urls), changed) for urls, changed in _documents(number)]
    body = render_template("site/sitemap.xml", rows=rows, default=get_locales().default)
    return Response(body, content_type=XML)


def robots() -> Response:
    lines = ("User-agent: *", "Disallow: /admin/", f"Sitemap: {absolute('/sitemap.xml')}", "")
    return Response("\n".join(lines), content_type=TEXT)


def security() -> Response:
    """`/.well-known/security.txt` (RFC 9116): the first of ADMINS, else the home page."""
    admins = get_settings().ADMINS
    contact = f"mailto:{admins[0]}" if admins else absolute("/")
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=180)
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        f"Preferred-Languages: {', '.join(get_locales().offered)}",
        f"Canonical: {absolute('/.well-known/security.txt')}",
        "",
    )
    return Response("\n".join(lines), content_type=TEXT)


def _sitemaps() -> int:
    """How many sitemaps of documents there are, at least one."""
    highest = reading().scalar(select(func.max(Document.id))) or 1
    return (highest - 1) // SITEMAP_SIZE + 1


def _documents(number: int) -> list[tuple[dict[str, str], datetime]]:
    first = (number - 1) * SITEMAP_SIZE
    query = (
        select(Document)
        .where(Document.id > first, Document.id <= first + SITEMAP_SIZE)
        .where(Document.listed_at <= datetime.now(UTC))
        .options(selectinload(Document.texts).defer(DocumentText.body).defer(DocumentText.html))
        .order_by(Document.id)
    )
    session, offered = reading(), get_locales().offered
    return [
        (
            {
                text.locale: document_url(session, document, text.locale)
                for text in document.texts
                if text.locale in offered
            },
            document.updated_at,
        )
        for document in session.scalars(query)
    ]


def _absolute(urls: Mapping[str, str]) -> dict[str, str]:
    return {locale: absolute(url) for locale, url in urls.items()}
