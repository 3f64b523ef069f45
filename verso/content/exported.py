"""Where documents stand in an exported folder, and which file a URL of the site leads to."""

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from verso.content.urls import document_url
from verso.media.storage import find_by_key, media_url
from verso.models import Document, DocumentText, Kind, Media

MAX_NAME_BYTES = 120

_MEDIA = re.compile(r"/media/([0-9a-f]{16})/[^/?#]+")
# Names that an import would read otherwise: `name.fr`, `2014-09-15-name`, folders it leaves out.
_RISKY = re.compile(
    r"(?:_?index|_.*|\..*|public|layouts|themes|node_modules|readme.*|licen[cs]e.*|copying.*"
    r"|contributing.*|changelog.*|code[_-]of.*|security.*|summary.*|.*\.[a-z]{2,3}(?:[-_].*)?"
    r"|\d{4}-\d\d-\d\d-.*|con|prn|aux|nul|com\d|lpt\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of a document below the export's, and its file there without ending."""

    folder: str
    stem: str

    def file(self, locale: str) -> str:
        """The path of the source's file, or of its translation into a locale."""
        ending = f".{locale}.md" if locale else ".md"
        return posixpath.join(self.folder, self.stem + ending)


def places_of(session: Session) -> dict[int, Place]:
    """A place for each document: those with images or pages below them have their own folder."""
    parents = set(session.scalars(select(Document.parent_id).distinct()))
    taken: set[str] = set()
    folders: dict[int | None, str] = {None: "pages"}
    places: dict[int, Place] = {}
    for document, slug, has_images in _in_order(session):
        is_post = document.kind == Kind.POST
        above = "blog" if is_post else folders[document.parent_id]
        path = _free(f"{above}/{_file_name(slug)}", taken)
        folders[document.id] = path
        if document.id in parents:
            places[document.id] = Place(path, "_index")
        elif has_images or document.cover_id is not None or document.sharing_id is not None:
            places[document.id] = Place(path, "index")
        else:
            places[document.id] = Place(posixpath.dirname(path), posixpath.basename(path))
    return places


def _in_order(session: Session) -> list[tuple[Document, str, bool]]:
    """Documents, parents before children and then by slug, and whether they show images."""
    has_images: dict[int, bool] = {}
    slugs: dict[int, str] = {}
    query = select(
        DocumentText.document_id,
        DocumentText.locale,
        DocumentText.slug,
        DocumentText.body.contains("/media/"),
    )
    rows = session.execute(select(Document.id, Document.source_locale))
    sources = {row.id: row.source_locale for row in rows}
    for number, locale, slug, shows in session.execute(query):
        has_images[number] = has_images.get(number, False) or bool(shows)
        if locale == sources[number]:
            slugs[number] = slug
    documents = {one.id: one for one in session.scalars(select(Document)) if one.id in slugs}
    return [
        (documents[number], slugs[number], has_images[number])
        for number in sorted(documents, key=lambda number: _rank(documents, slugs, number))
    ]


def _rank(
    documents: dict[int, Document], slugs: dict[int, str], number: int
) -> tuple[int, list[str], str]:
    """Depth, slugs from the top, and language: the same in every instance."""
    path: list[str] = []
    current = documents.get(number)
    while current is not None:
        path.insert(0, slugs[current.id])
        current = documents.get(current.parent_id) if current.parent_id else None
    return len(path), path, documents[number].source_locale


def _file_name(slug: str) -> str:
    while len(slug.encode()) > MAX_NAME_BYTES:
        slug = slug[:-1]
    return f"{slug.strip('._').replace('.', '-')}-document" if _RISKY.fullmatch(slug) else slug


def _free(path: str, taken: set[str]) -> str:
    """The path, or with a number: some disks do not tell `Rust` from `rust`."""
    candidate, number = path, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{path}-{number}"
    taken.add(candidate.casefold())
    return candidate


class ExportedUrls:
    """Finds the files that addresses in a body lead to, as an import would find the way back."""

    def __init__(self, session: Session, places: dict[int, Place]) -> None:
        self.session, self.places = session, places
        self.found: dict[str, dict[str, int]] = {}
        self.own: dict[str, dict[str, int]] = {}
        self.locales = set(session.scalars(select(DocumentText.locale).distinct()))

    def media(self, address: str) -> Media | None:
        """The medium that an address names by exactly its URL."""
        match = _MEDIA.fullmatch(address)
        media = find_by_key(self.session, match[1]) if match else None
        return media if media and unquote(media_url(media)) == unquote(address) else None

    def file(self, address: str, locale: str, place: Place) -> str | None:
        """The path from a place to the file of a document, or None where that would be another."""
        url, mark, fragment = address.partition("#")
        if not url.startswith("/") or "?" in url:
            return None
        number = self._seen_in(locale).get(unquote(url))
        suffix = ""
        if number is None:
            suffix = url.split("/")[1]
            if suffix not in self.locales:
                return None
            number = self._seen_in(suffix).get(unquote(url))
            if number is None or number not in self.own[suffix].values():
                return None
        target = self.places[number].file(suffix)
        return posixpath.relpath(target, place.folder) + mark + fragment

    def _seen_in(self, locale: str) -> dict[str, int]:
        """The documents by their URL in a locale."""
        if locale not in self.found:
            self.found[locale], self.own[locale] = {}, {}
            query = select(Document).options(selectinload(Document.texts)).order_by(Document.id)
            for document in self.session.scalars(query):
                if document.id in self.places:
                    url = unquote(document_url(self.session, document, locale))
                    self.found[locale].setdefault(url, document.id)
                    is_translation = document.text(locale) and locale != document.source_locale
                    if is_translation:
                        self.own[locale][url] = document.id
        return self.found[locale]
