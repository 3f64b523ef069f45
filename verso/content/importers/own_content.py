"""What a site holds that a folder is not the source of, and that its import would stand beside or change."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from verso.content.importers.folder import sections_of
from verso.content.importers.languages import Languages
from verso.content.importers.matching import match_sources
from verso.content.importers.origins import NAMED, Origins
from verso.content.importers.report import Report
from verso.content.importers.site import WORDS, read_site, texts_of
from verso.content.importers.sources import read_sources
from verso.content.synthetic import MADE_UP
from verso.models import Document, SiteSetting


@dataclass(frozen=True, slots=True)
class OwnContent:
    """The settings that the folder would change, as `name (en): Value`, and the titles of documents."""

    settings: Sequence[str]
    documents: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.settings or self.documents)


def find_own_content(
    session: Session, folder: Path, *, name: str, locale: str, locales: Sequence[str]
) -> OwnContent:
    """What is on the site and not from the folder of this name; made-up documents do not count."""
    origins = Origins(root=folder, locale=locale, name=name)
    languages = Languages(locale=locale, locales=tuple(locales))
    sources = read_sources(sections_of(folder, None), origins, languages, Report())
    imported = set(match_sources(session, sources, Report()).values())
    query = select(Document).where(
        or_(
            Document.origin.is_(None),
            ~Document.origin.startswith(MADE_UP) & ~Document.origin.contains(f":{NAMED}{name}/"),
        )
    )
    documents = session.scalars(query.order_by(Document.id))
    titles = [document.source.title for document in documents if document.id not in imported]
    return OwnContent(_changed_settings(session, folder), titles)


def _changed_settings(session: Session, folder: Path) -> list[str]:
    tables = read_site(folder)
    values = {name: texts_of(tables.get(name)) for name in WORDS if name in tables}
    query = select(SiteSetting).where(SiteSetting.name.in_(values))
    rows = session.scalars(query.order_by(SiteSetting.name, SiteSetting.locale))
    return [
        f"{row.name} ({row.locale or 'all languages'}): {row.value}"
        for row in rows
        if row.value != values[row.name].get(row.locale)
    ]
