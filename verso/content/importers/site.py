"""The file `site.toml` beside pages and posts: what the site is called, its tags and authors."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content import site_settings
from verso.content.importers.files import MAX_FILE
from verso.content.importers.frontmatter import BrokenFile
from verso.content.importers.report import Report
from verso.content.importers.sources import SECTION_FOLDERS
from verso.content.paths import add_old_url
from verso.content.taxonomy import make_author, make_tag, name_tag
from verso.models import Author, Kind, OldUrl, Tag

SITE_FILE = "site.toml"
# Settings that have a value per language, as tables in the file.
SETTINGS = ("name", "tagline", "description", "footer")


def is_export(folder: Path) -> bool:
    """Whether an export wrote this folder: it holds the file of the site beside its sections."""
    return (folder / SITE_FILE).is_file() and all(
        (folder / one).is_dir() for one in SECTION_FOLDERS
    )


def read_site(folder: Path) -> Mapping[str, Any]:
    """The tables of the file, or nothing where there is none; BrokenFile names a wrong line."""
    file = folder / SITE_FILE
    if not file.is_file():
        return {}
    if file.stat().st_size > MAX_FILE:
        raise BrokenFile(SITE_FILE, None, "the file is too large")
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BrokenFile(SITE_FILE, None, str(error)) from error


def write_site(session: Session, tables: Mapping[str, Any], report: Report) -> None:
    """Take over settings, and tags and authors by their slugs, before documents name them."""
    for name in SETTINGS:
        for locale, value in texts_of(tables.get(name)).items():
            _set(session, name, locale, value, report)
    for slug, names in _tables(tables.get("tags")).items():
        tag = session.scalar(select(Tag).where(Tag.slug == slug))
        if tag is None:
            make_tag(session, slug, texts_of(names))
        else:
            for locale, value in texts_of(names).items():
                name_tag(tag, locale, value)
    gone = tables.get("gone")
    for url in gone if isinstance(gone, list) else []:
        _keep_gone(session, str(url))
    for slug, name in texts_of(tables.get("authors")).items():
        if session.scalar(select(Author.id).where(Author.slug == slug)) is None:
            make_author(session, slug, name)


def _keep_gone(session: Session, url: str) -> None:
    """Remember a URL such as `/en/blog/x` whose document was withdrawn for good."""
    locale, _, path = url.strip("/").partition("/")
    kind = Kind.POST if path.startswith("blog/") else Kind.PAGE
    path = path.removeprefix("blog/")
    query = select(OldUrl.id).where(
        OldUrl.kind == kind, OldUrl.path == path, OldUrl.locale == locale
    )
    if path and session.scalar(query) is None:
        add_old_url(session, kind, path, locale, None, datetime.now(UTC))


def _set(session: Session, name: str, locale: str, value: str, report: Report) -> None:
    if site_settings.save(session, {(name, locale): value}, version=None, user_id=None):
        report.settings.append(f"{name} ({locale})" if locale else name)


def texts_of(value: object) -> dict[str, str]:
    """A table of texts; a single text stands for all languages."""
    if isinstance(value, str):
        return {"": value}
    table = value if isinstance(value, dict) else {}
    return {str(key): text for key, text in table.items() if isinstance(text, str)}


def _tables(value: object) -> dict[str, object]:
    table = value if isinstance(value, dict) else {}
    return {str(slug): names for slug, names in table.items() if texts_of(names)}
