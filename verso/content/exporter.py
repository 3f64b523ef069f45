"""Export to a folder of Markdown that an import into an empty instance makes the same site of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from verso.content.covers import picture_in
from verso.content.exported import ExportedUrls, Place, places_of
from verso.content.exported_site import old_url, pictures_of_site, site_tables
from verso.content.home import home_id
from verso.content.importers.links import KEEP, Action, Answer, rewrite
from verso.content.importers.metadata import FORMAT, FORMAT_FIELD
from verso.content.importers.plan import normal_path
from verso.content.importers.site import SITE_FILE, SITE_FOLDER
from verso.content.left_out import left_out
from verso.media.storage import file_of
from verso.media.stores import Store
from verso.models import (
    Document,
    DocumentText,
    Kind,
    Media,
    OldUrl,
    Slot,
    State,
    TagName,
)
from verso.models.documents import UNDATED

BATCH = 200
# What a file says of them is that they are not out.
DRAFTS = (State.DRAFT, State.REVIEW)


@dataclass(slots=True)
class Exported:
    """How much was written, the media whose files are missing, and what stays behind by design."""

    documents: int = 0
    files: int = 0
    images: int = 0
    missing: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The outcome as lines for people."""
        counts = f"{self.documents} documents in {self.files} files, {self.images} images"
        missing = [f"The image {name} is not in the media folder" for name in self.missing]
        heading = ["Left out, as docs/importing.md explains:"] if self.left_out else []
        return [counts, *missing, *heading, *(f"  {line}" for line in self.left_out)]


def export(session: Session, folder: Path, store: Store) -> Exported:
    """Write all pages, posts, images, tags, authors and settings into an empty folder.

    The same content gives the same bytes. ValueError if there is something in the folder.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"{folder} is not empty: name a folder that does not exist yet")
    folder.mkdir(parents=True, exist_ok=True)
    return _Export(session, folder, store).run()


class _Export:
    """One run: the places of all documents, then one document after the other."""

    def __init__(self, session: Session, folder: Path, store: Store) -> None:
        self.session, self.folder, self.store = session, folder, store
        self.places = places_of(session)
        self.urls = ExportedUrls(session, self.places)
        self.home = home_id(session)
        self.names = _names_of_media(session)
        self.ambiguous = _ambiguous_tag_names(session)
        self.done = Exported()

    def run(self) -> Exported:
        for kind in Kind:
            (self.folder / ("blog" if kind == Kind.POST else "pages")).mkdir()
        ids = sorted(self.places)
        for start in range(0, len(ids), BATCH):
            for document in self._documents(ids[start : start + BATCH]):
                self._write(document)
                self.done.documents += 1
            self.session.expunge_all()
        self._write_site()
        self.done.left_out = left_out(self.session)
        return self.done

    def _documents(self, ids: Sequence[int]) -> Sequence[Document]:
        query = select(Document).where(Document.id.in_(ids)).order_by(Document.id)
        return self.session.scalars(query.options(selectinload(Document.texts))).all()

    def _write(self, document: Document) -> None:
        place = self.places[document.id]
        old_urls = self._old_urls(document)
        for text in document.texts:
            is_main = text.locale == document.source_locale
            fields = {"title": text.title, "slug": text.slug}
            fields |= self._main_fields(document) if is_main else {}
            fields |= self._text_fields(document, text)
            fields |= _old_paths(document, text, old_urls, is_main=is_main)
            body = rewrite(text.body.replace("\r\n", "\n"), partial(self._answer, text, place))
            front = tomli_w.dumps({**fields, FORMAT_FIELD: FORMAT})
            file = self.folder / place.file("" if is_main else text.locale)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"+++\n{front}+++\n\n{body}", encoding="utf-8", newline="\n")
            self.done.files += 1
        for slot in Slot:
            if (picture := picture_in(document, slot)) is not None:
                self._copy(picture, place.folder)

    def _main_fields(self, document: Document) -> dict[str, Any]:
        """What holds for the document in every language."""
        date = _date(document)
        fields: dict[str, Any] = {"locale": document.source_locale}
        fields |= {"date": date} if date is not None else {}
        fields["changed"] = document.updated_at
        if document.created_at != date:
            fields["created"] = document.created_at
        if document.state in DRAFTS:
            fields["draft"] = True
        elif document.state == State.ARCHIVED:
            fields["state"] = str(State.ARCHIVED)
        if document.state in DRAFTS and document.published_at is not None:
            fields["published"] = document.published_at
        if document.state == State.ARCHIVED and document.published_at is None:
            fields["published"] = False
        fields |= {"weight": document.position} if document.position else {}
        fields |= {"menu": True} if document.in_menu else {}
        fields |= {"home": True} if document.id == self.home else {}
        if document.sharing is not None:
            fields["sharing_image"] = self.names[document.sharing.id]
        fields |= self._tags(document)
        authors = [author.name for author in document.authors]
        return fields | ({"authors": authors} if authors else {})

    def _tags(self, document: Document) -> dict[str, Any]:
        """The tags by name, and by slug too where a name does not say which tag is meant."""
        names, locale = [], document.source_locale
        is_clear = True
        for tag in document.tags:
            name = tag.name(locale, locale)
            names.append(name.name)
            key = (locale, name.name.casefold())
            is_clear = is_clear and name.locale == locale and key not in self.ambiguous
        slugs = {} if is_clear else {"tag_slugs": [tag.slug for tag in document.tags]}
        return {"tags": names, **slugs} if names else {}

    def _text_fields(self, document: Document, text: DocumentText) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        if text.updated_at != _date(document):
            fields["updated"] = text.updated_at
        if text.summary:
            fields["description"] = text.summary
        if document.cover is not None:
            fields["image"] = self.names[document.cover.id]
        if text.cover_alt:
            fields["image_alt"] = text.cover_alt
        if text.search_title:
            fields["search_title"] = text.search_title
        if text.search_description:
            fields["search_description"] = text.search_description
        return fields

    def _answer(self, text: DocumentText, place: Place, address: str, is_image: bool) -> Answer:
        """A link to a document becomes one to its file, an image of ours a file beside it."""
        media = self.urls.media(address)
        if media is not None and self._copy(media, place.folder):
            return Answer(Action.MOVE, self.names[media.id])
        file = None if is_image else self.urls.file(address, text.locale, place)
        return Answer(Action.MOVE, file) if file else KEEP

    def _copy(self, media: Media, folder: str) -> bool:
        """Put an image into a folder of the export; False where its file is missing."""
        source = file_of(media)
        target = self.folder / folder / self.names[media.id]
        if self.store.size(source) is None:
            if media.name not in self.done.missing:
                self.done.missing.append(media.name)
            return False
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.store.read(source))
            self.done.images += 1
        return True

    def _old_urls(self, document: Document) -> Sequence[OldUrl]:
        query = select(OldUrl).where(OldUrl.document_id == document.id)
        return self.session.scalars(query.order_by(OldUrl.path, OldUrl.locale, OldUrl.kind)).all()

    def _write_site(self) -> None:
        for media in pictures_of_site(self.session):
            if not self._copy(media, SITE_FOLDER):
                del self.names[media.id]
        tables = site_tables(self.session, self.names)
        (self.folder / SITE_FILE).write_bytes(tomli_w.dumps(tables).encode())


def _date(document: Document) -> Any:
    """What the field `date` says: a document that is not out has none but that it was made.

    A page without a date of publication has none at all.
    """
    if document.state == State.PUBLISHED and document.published_at == UNDATED:
        return None
    is_draft = document.state in DRAFTS
    return document.created_at if is_draft else document.published_at or document.created_at


def _old_paths(
    document: Document, text: DocumentText, rows: Sequence[OldUrl], *, is_main: bool
) -> dict[str, Any]:
    """Paths known to pages and blog alike as aliases, all others by their whole URL."""
    locales = {one.locale for one in document.texts}
    kinds: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        kinds.setdefault((row.path, row.locale), set()).add(row.kind)
    twofold = {key for key, found in kinds.items() if len(found) == len(Kind)}
    aliases = {key for key in twofold if key[1] in locales and normal_path(key[0]) == key[0]}
    mine = sorted(path for path, locale in aliases if locale == text.locale)
    others = [old_url(row) for row in rows if (row.path, row.locale) not in aliases]
    fields: dict[str, Any] = {"aliases": mine} if mine else {}
    return fields | ({"moved_from": sorted(others)} if others and is_main else {})


def _names_of_media(session: Session) -> dict[int, str]:
    """Files by media id: where two are called the same, each in a folder of its digest."""
    rows = session.execute(select(Media.id, Media.name, Media.digest).order_by(Media.id)).all()
    shared: dict[str, int] = {}
    for _, name, _ in rows:
        shared[name.casefold()] = shared.get(name.casefold(), 0) + 1
    return {
        number: name if shared[name.casefold()] == 1 else f"{digest[:8]}/{name}"
        for number, name, digest in rows
    }


def _ambiguous_tag_names(session: Session) -> set[tuple[str, str]]:
    """Names, with their locale, that several tags have."""
    seen: set[tuple[str, str]] = set()
    twice: set[tuple[str, str]] = set()
    for locale, name in session.execute(select(TagName.locale, TagName.name)):
        key = (locale, name.casefold())
        (twice if key in seen else seen).add(key)
    return twice
