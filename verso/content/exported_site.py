"""The file `site.toml` of an export: settings, redirects, tags, authors, and what pictures say."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content.importers.site import (
    HIDDEN,
    PICTURES,
    PLAIN,
    SITE_FOLDER,
    SWITCHES,
    WORDS,
)
from verso.content.redirect_rules import typed
from verso.content.site_settings import ON, SITE_ID
from verso.models import Author, Kind, Media, OldUrl, Redirect, SiteSetting, Tag

CENTRE = 50


def site_tables(session: Session, names: dict[int, str]) -> dict[str, Any]:
    """The tables of the file, without those that would be empty; `names` are the files of media."""
    tables = {
        **_settings(session, names),
        "gone": _gone(session),
        "redirects": _redirects(session),
        "tags": {
            tag.slug: {name.locale: name.name for name in tag.names}
            for tag in session.scalars(select(Tag).order_by(Tag.slug))
        },
        "authors": {
            author.slug: author.name
            for author in session.scalars(select(Author).order_by(Author.slug))
        },
        "media": _media(session),
    }
    return {name: table for name, table in tables.items() if table}


def pictures_of_site(session: Session) -> list[Media]:
    """The logo and the picture for sharing, where there are some."""
    query = select(SiteSetting.value).where(SiteSetting.name.in_(PICTURES))
    ids = [int(value) for value in session.scalars(query) if value.isdigit()]
    return list(session.scalars(select(Media).where(Media.id.in_(ids)).order_by(Media.id)))


def old_url(row: OldUrl) -> str:
    """An old address as the whole path of a URL."""
    return f"/{row.locale}/{'blog/' if row.kind == Kind.POST else ''}{row.path}"


def _settings(session: Session, names: dict[int, str]) -> dict[str, Any]:
    query = select(SiteSetting).order_by(SiteSetting.name, SiteSetting.locale)
    values: dict[str, dict[str, str]] = {}
    for row in session.scalars(query):
        values.setdefault(row.name, {})[row.locale] = row.value
    tables: dict[str, Any] = {}
    if SITE_ID[0] in values:
        tables["id"] = values[SITE_ID[0]][""]
    if HIDDEN in values:
        tables[HIDDEN] = values[HIDDEN][""].split()
    for name in SWITCHES:
        tables |= {name: True} if values.get(name, {}).get("") == ON else {}
    for name in PLAIN:
        tables |= {name: values[name][""]} if name in values else {}
    for name in PICTURES:
        value = values.get(name, {}).get("", "")
        if value.isdigit() and int(value) in names:
            tables[name] = f"{SITE_FOLDER}/{names[int(value)]}"
    for name in WORDS:
        if table := values.get(name):
            tables[name] = table[""] if set(table) == {""} else table
    return tables


def _gone(session: Session) -> list[str]:
    rows = session.scalars(select(OldUrl).where(OldUrl.document_id.is_(None)))
    return sorted(old_url(row) for row in rows)


def _redirects(session: Session) -> list[dict[str, Any]]:
    rows = session.scalars(select(Redirect)).all()
    return [
        {
            "source": typed(row.source),
            "target": row.target,
            "code": row.code,
            "created": row.created_at,
        }
        for row in sorted(rows, key=lambda row: row.source)
    ]


def _media(session: Session) -> dict[str, Any]:
    """What pictures say and where their focus is, by the digest of their bytes."""
    tables: dict[str, Any] = {}
    for media in session.scalars(select(Media).order_by(Media.digest, Media.id)):
        focus = [media.focus_x, media.focus_y]
        alts = {text.locale: text.alt for text in media.texts if text.alt}
        table: dict[str, Any] = {"alt": alts} if alts else {}
        table |= {"focus": focus} if focus != [CENTRE, CENTRE] else {}
        if table:
            tables.setdefault(media.digest, table)
    return tables
