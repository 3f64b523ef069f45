"""The file `site.toml` beside pages and posts: settings, hidden languages, tags and authors."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content import site_settings
from verso.content.colours import BadColour, Scheme, WeakColour, check_accent
from verso.content.importers.report import Note, Report
from verso.content.importers.sources import SECTION_FOLDERS
from verso.content.paths import add_old_url
from verso.content.site_settings import HIDDEN_LOCALES, MAINTENANCE, ON, SITE_ID, Key
from verso.content.taxonomy import make_author, make_tag, name_tag
from verso.models import Author, Document, Kind, OldUrl, SiteSetting, Tag

SITE_FILE = "site.toml"
# Beside it: the pictures that stand for the site.
SITE_FOLDER = "site"
MAX_SITE_FILE = 50 * 1024 * 1024
# Settings that have a value per language, as tables in the file.
WORDS = ("name", "tagline", "description", "footer", site_settings.MAINTENANCE_TEXT)
PLAIN = (site_settings.ACCENT_LIGHT[0], site_settings.ACCENT_DARK[0])
PICTURES = (site_settings.LOGO[0], site_settings.SHARING[0])
SWITCHES = (MAINTENANCE[0],)
HIDDEN = HIDDEN_LOCALES[0]

_ID = re.compile(r"[\w-]{1,64}")
_LOCALE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """The file of an imported folder; `is_whole` says whether all of it counts, or hidden languages only.

    `below` is the folder of the export that is imported alone.
    """

    root: Path
    tables: Mapping[str, Any] = field(default_factory=dict)
    is_whole: bool = False
    below: str = ""

    @property
    def id(self) -> str:
        """What tells the exported site from others; empty where no export wrote the file."""
        value = self.tables.get("id")
        return value if isinstance(value, str) and _ID.fullmatch(value) else ""

    @property
    def name(self) -> str:
        """What imports know the folder by: every export of one site is the same folder to them."""
        return "/".join(part for part in (self.id, self.below) if part) if self.id else ""

    @property
    def hidden(self) -> list[str]:
        """The languages that visitors of the exported site are not offered."""
        value = self.tables.get(HIDDEN)
        locales = value if isinstance(value, list) else []
        return [item for item in locales if isinstance(item, str) and _LOCALE.fullmatch(item)]


def is_export(folder: Path) -> bool:
    """Whether an export wrote this folder: it holds the file of the site beside its sections."""
    return (folder / SITE_FILE).is_file() and all(
        (folder / one).is_dir() for one in SECTION_FOLDERS
    )


def find_site_file(root: Path, section: Kind | None) -> SiteFile:
    """The file of a folder that is imported whole, or of the export that a section is imported from.

    ValueError where it cannot be read.
    """
    if section is None:
        return SiteFile(root=root, tables=read_site(root), is_whole=True)
    if is_export(root):
        return SiteFile(root=root, tables=read_site(root))
    if is_export(root.parent):
        return SiteFile(root=root.parent, tables=read_site(root.parent), below=root.name)
    return SiteFile(root=root)


def read_site(folder: Path) -> Mapping[str, Any]:
    """The tables of the file, or nothing where there is none; ValueError where it cannot be read.

    Without it nothing may come in: it names the languages that visitors must not see.
    """
    file = folder / SITE_FILE
    if not file.is_file():
        return {}
    if file.stat().st_size > MAX_SITE_FILE:
        limit = MAX_SITE_FILE // 1024 // 1024
        raise ValueError(f"{file} is larger than {limit} MB: nothing was imported")
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{file} cannot be read ({error}): nothing was imported") from error


def hide_locales(session: Session, site: SiteFile, default: str, report: Report) -> list[str]:
    """Hide what the exported site hid, before any text comes in; the languages that are hidden newly.

    ValueError where the default language is one of them, which every visitor is offered.
    """
    if default in site.hidden:
        raise ValueError(
            f"{SITE_FILE} hides {default}, the default language here, which is always public: nothing "
            "was imported. Set VERSO_DEFAULT_LOCALE to a language that may be public."
        )
    present = site_settings.read(session, [HIDDEN_LOCALES])[HIDDEN_LOCALES].split()
    added = [locale for locale in site.hidden if locale not in present]
    if added:
        _save(session, HIDDEN_LOCALES, " ".join([*present, *added]), report)
    for locale in present if site.id and site.is_whole else ():
        if locale not in site.hidden:
            note = f"{locale} is hidden here and not in the exported site; it stays hidden"
            report.notes.append(Note(SITE_FILE, None, note))
    return added


def write_site(session: Session, site: SiteFile, report: Report) -> bool:
    """Take over settings, tags and authors, before documents name them.

    Settings of a site that has content and another id stay as they are: False says that it is one.
    """
    is_own = _is_own(session, site)
    for key, value in _settings(site.tables, report).items():
        _set(session, key, value, report, is_own=is_own)
    if site.tables.get(MAINTENANCE[0]) is True:
        _save(session, MAINTENANCE, ON, report)
        note = (
            "the site is in maintenance, as the exported one was: `verso maintenance off` opens it"
        )
        report.notes.append(Note(SITE_FILE, None, note))
    _write_tags(session, site.tables, is_own=is_own)
    gone = site.tables.get("gone")
    for url in gone if isinstance(gone, list) else []:
        _keep_gone(session, str(url))
    for slug, name in texts_of(site.tables.get("authors")).items():
        if session.scalar(select(Author.id).where(Author.slug == slug)) is None:
            make_author(session, slug, name)
    return is_own


def texts_of(value: object) -> dict[str, str]:
    """A table of texts; a single text is that of all languages."""
    if isinstance(value, str):
        return {"": value}
    table = value if isinstance(value, dict) else {}
    return {str(key): text for key, text in table.items() if isinstance(text, str)}


def _is_own(session: Session, site: SiteFile) -> bool:
    """Whether the file is that of this very site; an empty one becomes the site that was exported."""
    if not site.id:
        return True
    present = session.get(SiteSetting, SITE_ID)
    if present is not None:
        return present.value == site.id
    has_words = select(SiteSetting.name).where(SiteSetting.name.in_(WORDS)).limit(1)
    is_empty = not session.scalar(has_words) and not session.scalar(select(Document.id).limit(1))
    if is_empty:
        session.add(SiteSetting(name=SITE_ID[0], locale=SITE_ID[1], value=site.id))
    return is_empty


def _settings(tables: Mapping[str, Any], report: Report) -> dict[Key, str]:
    values = {
        (name, locale): value
        for name in WORDS
        for locale, value in texts_of(tables.get(name)).items()
    }
    for scheme in Scheme:
        name = f"accent_{scheme}"
        if isinstance(colour := tables.get(name), str):
            try:
                values[name, ""] = check_accent(colour, scheme)
            except (BadColour, WeakColour) as error:
                report.notes.append(Note(SITE_FILE, None, f"{name} was left out: {error}"))
    return values


def _set(session: Session, key: Key, value: str, report: Report, *, is_own: bool) -> None:
    present = site_settings.read(session, [key])[key]
    if is_own or not present:
        _save(session, key, value, report)
    elif present != value:
        note = f"{named(key)} stays as it is here: the folder is the export of another site"
        report.notes.append(Note(SITE_FILE, None, note))


def _save(session: Session, key: Key, value: str, report: Report) -> None:
    if site_settings.save(session, {key: value}, version=None, user_id=None):
        report.settings.append(named(key))


def named(key: Key) -> str:
    """A setting as the report names it."""
    return f"{key[0]} ({key[1]})" if key[1] else key[0]


def _write_tags(session: Session, tables: Mapping[str, Any], *, is_own: bool) -> None:
    table = tables.get("tags")
    for slug, value in table.items() if isinstance(table, dict) else ():
        names = texts_of(value)
        tag = session.scalar(select(Tag).where(Tag.slug == slug))
        if tag is None and names:
            make_tag(session, slug, names)
        elif tag is not None:
            present = {name.locale for name in tag.names}
            for locale, name in names.items():
                if is_own or locale not in present:
                    name_tag(tag, locale, name)


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
