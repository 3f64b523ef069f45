"""The addresses that documents had on their old site: those that were stated, and those that follow."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from verso.content.importers.plan import Planned, normal_path
from verso.content.importers.sources import TextFile
from verso.content.urls import locate
from verso.models import Document, Kind, OldUrl
from verso.models.documents import PATH_LENGTH

_DATED = re.compile(r"(\d{4})-(\d\d)-(\d\d)-(.+?)")


@dataclass(frozen=True, slots=True)
class Address:
    """An address as OldUrl keeps it."""

    kind: Kind
    path: str
    locale: str


def stated_paths(text: TextFile) -> list[str]:
    """The old paths that front matter names, without outer slashes."""
    paths = (normal_path(path) for path in (text.metadata.old_path, *text.metadata.aliases))
    return [path for path in dict.fromkeys(paths) if path and len(path) <= PATH_LENGTH]


def derived_paths(text: TextFile) -> list[str]:
    """The paths where Jekyll puts a file unless told otherwise: `2014/09/15/title.html`."""
    if text.metadata.old_path or text.metadata.is_clean:
        return []
    return _dated_paths(text.file)


def stated_addresses(text: TextFile, locales: Collection[str]) -> Iterator[Address]:
    """What is looked up when a stated address is asked for: `/fr/blog/x` is the post x in French."""
    for path in stated_paths(text):
        locale, kind, rest = locate(path, locales)
        if rest:
            yield Address(kind, rest, locale or text.locale)
    for url in text.metadata.moved_from:
        locale, _, path = url.strip("/").partition("/")
        kind = Kind.POST if path.startswith("blog/") else Kind.PAGE
        if locale and path:
            yield Address(kind, path.removeprefix("blog/"), locale)


def derived_addresses(text: TextFile) -> Iterator[Address]:
    """What answers as a convenience where no document states it: any old path, in page and blog."""
    for path in (*stated_paths(text), *derived_paths(text)):
        for kind in Kind:
            yield Address(kind, path, text.locale)


class StatedOwners:
    """Which document of a run states an address; the first of several has it."""

    def __init__(self, plan: Sequence[Planned], locales: Collection[str]) -> None:
        self._owners: dict[Address, str] = {}
        for planned in plan:
            for text in planned.source.texts.values():
                for address in stated_addresses(text, locales):
                    self._owners.setdefault(address, planned.source.origin)

    def is_free(self, address: Address, origin: str) -> bool:
        """Whether no document but this one states the address."""
        return self._owners.get(address, origin) == origin


def find_other_owner(session: Session, address: Address, document: Document) -> OldUrl | None:
    """The row of an address that leads to a document other than this one."""
    query = select(OldUrl).where(*_is(address), OldUrl.document_id.is_not(None))
    return session.scalar(query.where(OldUrl.document_id != document.id))


def is_derived(session: Session, row: OldUrl) -> bool:
    """Whether an address of an earlier run only follows from another address, or from a file name."""
    document = session.get_one(Document, row.document_id)
    if row.path in _dated_paths(document.origin or ""):
        return True
    if row.kind == Kind.PAGE:
        return False
    # `/x` is kept for the pages and for the blog; of the two, `/blog/x` only follows from it.
    page = Address(Kind.PAGE, row.path, row.locale)
    blog = Address(Kind.PAGE, f"blog/{row.path}", row.locale)
    return _has(session, document, page) and not _has(session, document, blog)


def _has(session: Session, document: Document, address: Address) -> bool:
    query = select(OldUrl.id).where(*_is(address), OldUrl.document_id == document.id)
    return session.scalar(query) is not None


def _is(address: Address) -> Iterable[ColumnElement[bool]]:
    kind, path, locale = address.kind, address.path, address.locale
    return OldUrl.kind == kind, OldUrl.path == path, OldUrl.locale == locale


def _dated_paths(file: str) -> list[str]:
    dated = _DATED.fullmatch(PurePosixPath(file).stem)
    path = "/".join(dated.groups()) if dated else ""
    return (
        [path + ending for ending in ("", ".html")] if path and len(path) < PATH_LENGTH - 5 else []
    )
