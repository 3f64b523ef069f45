"""Before anything is written: which slug and address each document gets, in each language."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import unquote

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from verso.content.home import home_id
from verso.content.importers.matching import match_sources
from verso.content.importers.publication import (
    NO_DATE,
    Publication,
    decide_publication,
)
from verso.content.importers.report import Note, Report
from verso.content.importers.sources import Source, TextFile
from verso.content.slugs import SlugRefused, check_slug, slugify
from verso.content.urls import home_url, page_url, post_url
from verso.models import Document, DocumentText, Kind, State
from verso.models.documents import PATH_LENGTH

MAX_NUMBER = 1000

_ENDING = re.compile(r"\.(?:html?|md|markdown)$", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Planned:
    """A document to be written, with its slug in each locale that it has a text in."""

    source: Source
    publication: Publication
    slugs: dict[str, str] = field(default_factory=dict)
    parent: "Planned | None" = None
    document_id: int | None = None
    digest: str | None = None
    is_home: bool = False
    # The document has its own language from another folder: only its words come from this one.
    is_translation: bool = False
    # The languages whose texts are not public while the original is: they stay off the site.
    withheld: tuple[str, ...] = ()

    def slug(self, locale: str) -> str:
        return self.slugs.get(locale) or self.slugs[self.source.main.locale]

    def path(self, locale: str) -> str:
        """The slugs of the page and of those above it, as the site makes its path."""
        above = f"{self.parent.path(locale)}/" if self.parent else ""
        return above + self.slug(locale)

    def url(self, locale: str) -> str:
        if self.source.kind == Kind.POST:
            return post_url(locale, self.slug(locale))
        return home_url(locale) if self.is_home else page_url(locale, self.path(locale))


def make_plan(
    session: Session, sources: Sequence[Source], locales: Sequence[str], report: Report
) -> list[Planned]:
    """Give each document its slugs: those that it has, those that it asks for, or free ones."""
    return list(_Planning(session, locales, report).plan(sources))


def normal_path(path: str) -> str:
    """A path without the host, outer slashes and `index.html`."""
    path = re.sub(r"^[a-z]+://[^/]*", "", unquote(path.split("?")[0].split("#")[0]))
    path = path.strip("/").removesuffix("/index.html")
    return unicodedata.normalize("NFC", path)


class _Planning:
    """Remembers which paths are given away, in this run and before it."""

    def __init__(self, session: Session, locales: Sequence[str], report: Report) -> None:
        self.session, self.locales, self.report = session, locales, report
        self.now = datetime.now(UTC)
        self.taken: set[tuple[Kind, str, str]] = set()
        self.home = home_id(session)

    def plan(self, sources: Sequence[Source]) -> Iterator[Planned]:
        done: dict[tuple[Kind, str], Planned] = {}
        ids = match_sources(self.session, sources, self.report)
        for source in sources:
            publication = decide_publication(source.main.metadata, source.kind, self.now)
            planned = Planned(source=source, publication=publication)
            planned.parent = done.get((source.kind, source.parent)) if source.parent else None
            document = self._document(ids.get(source.origin))
            if document is not None:
                planned.document_id, planned.digest = document.id, document.origin_digest
                planned.is_translation = document.source_locale not in source.texts
            self._note_publication(planned, document)
            self._withhold_translations(planned)
            is_home = source.main.metadata.home or (self.home and self.home == planned.document_id)
            planned.is_home = source.kind == Kind.PAGE and bool(is_home)
            for text in source.texts.values():
                self._give_slug(planned, text, document)
            done[source.kind, source.key] = planned
            yield planned

    def _note_publication(self, planned: Planned, document: Document | None) -> None:
        publication, file = planned.publication, planned.source.main.file
        remarks = list(publication.remarks)
        if publication.is_undated and (document is None or document.published_at is None):
            remarks.append(NO_DATE)
        self.report.hidden += [Note(file, None, remark) for remark in remarks]

    def _withhold_translations(self, planned: Planned) -> None:
        """Leave out the texts that would become public with the original, and are not by themselves."""
        texts = planned.source.texts
        original = planned.publication
        withheld = []
        for locale, text in list(texts.items()):
            # A translation needs no date of its own, as a page needs none.
            publication = decide_publication(text.metadata, Kind.PAGE, self.now)
            is_original = text is planned.source.main and not planned.is_translation
            if is_original or publication.is_public(self.now):
                continue
            if planned.is_translation or _is_earlier(original, publication):
                withheld.append(locale)
                for remark in publication.remarks if text is not planned.source.main else ():
                    self.report.hidden.append(Note(text.file, None, remark))
        planned.withheld = tuple(withheld)
        for locale in withheld if not planned.is_translation else ():
            del texts[locale]

    def _document(self, document_id: int | None) -> Document | None:
        if document_id is None:
            return None
        query = select(Document).where(Document.id == document_id)
        return self.session.scalar(query.options(selectinload(Document.texts)))

    def _give_slug(self, planned: Planned, text: TextFile, document: Document | None) -> None:
        wanted = _wanted_slug(planned, text)
        known = document.text(text.locale) if document else None
        tries = _candidates(planned.source, wanted)
        if known and (known.slug == wanted or known.slug.startswith(f"{wanted}-")):
            # An earlier run may have had to rename it.
            tries = iter([known.slug])
        for slug in tries:
            planned.slugs[text.locale] = slug
            path = planned.path(text.locale)
            if self._is_free(planned, path, text.locale, slug):
                break
        self.taken.add((planned.source.kind, path, text.locale))
        if slug != wanted and known is None:
            reason = f"{wanted!r} became {slug!r}"
            self.report.renamed.append(Note(text.file, None, reason))

    def _is_free(self, planned: Planned, path: str, locale: str, slug: str) -> bool:
        kind = planned.source.kind
        if (kind, path, locale) in self.taken or len(path) > PATH_LENGTH:
            return False
        try:
            check_slug(slug, kind, top_level=planned.parent is None, locales=self.locales)
        except SlugRefused:
            return False
        query = select(DocumentText.document_id).where(
            DocumentText.kind == kind, DocumentText.path == path, DocumentText.locale == locale
        )
        return self.session.scalar(query) in (None, planned.document_id)


def _is_earlier(original: Publication, translation: Publication) -> bool:
    """Whether an original becomes public without its translation, or before it."""
    if original.state != State.PUBLISHED or original.is_undated:
        return False
    if translation.state != State.PUBLISHED:
        return True
    return translation.at is not None and (original.at is None or original.at < translation.at)


def _candidates(source: Source, wanted: str) -> Iterator[str]:
    """The slug, the slug with its date or the folder of its file, then with numbers."""
    yield wanted
    stem = wanted[:150].strip("-.~_") or str(source.kind)
    if source.kind == Kind.POST and source.date:
        stem = f"{stem}-{source.date:%Y-%m-%d}"
        yield stem
    elif source.folder != ".":
        yield f"{slugify(PurePosixPath(source.folder).name)}-{stem}"
    yield from (f"{stem}-{number}" for number in range(2, MAX_NUMBER))


def _wanted_slug(planned: Planned, text: TextFile) -> str:
    """What front matter says, else the end of the old path, else the name of the file."""
    source, metadata = planned.source, text.metadata
    said = metadata.slug or normal_path(metadata.old_path)
    is_translation = text is not source.main
    if is_translation and not said:
        return planned.slug(source.main.locale)
    name = said.strip("/").split("/")[-1]
    name = (name if metadata.slug else _ENDING.sub("", name)) or source.name
    return _clean(name) or _clean(metadata.title) or ("home" if planned.is_home else "untitled")


def _clean(name: str) -> str:
    """The name itself where it can be a slug, else a slug made of it."""
    name = unicodedata.normalize("NFC", unquote(name))
    try:
        check_slug(name, Kind.PAGE, top_level=False, locales=())
    except SlugRefused:
        return slugify(name)
    return name
