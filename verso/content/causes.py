"""Why a path leads nowhere, and where it should lead: another language, an old address, a slip of the pen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content.distance import allowed_distance, is_within, one_letter_away
from verso.content.nearby import is_near, neighbours, posts_at
from verso.content.redirects import CHUNK, answers_itself, find_redirect
from verso.content.snapshot import Snapshot
from verso.content.urls import document_url, is_live, locate
from verso.i18n.locales import Locales
from verso.models import Document, DocumentText, Kind, OldUrl
from verso.sections import split_path

MAX_CANDIDATES = 50
# Of a slug that is a letter or two off, so many beginnings are repaired before its neighbours are asked.
REPAIRED = 6
_ENDING = re.compile(r"\.(?:html?|xhtml|md|txt)$", re.IGNORECASE)
_INDEX = re.compile(r"^(?:index|default)$", re.IGNORECASE)
_LEADING_DATE = re.compile(r"^\d{1,5}(?:-\d{1,2}){0,2}-(?=\D)")


class Cause(StrEnum):
    """Why a path leads nowhere."""

    LANGUAGE = "language"
    OLD = "old"
    MOVED = "moved"
    SPELLING = "spelling"
    NOISE = "noise"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cause, and the URL path to lead to, if any, with the id of the text that it shows."""

    cause: Cause
    suggestion: str = ""
    text_id: int | None = None


def explain(
    session: Session, path: str, locales: Locales, snapshot: Snapshot
) -> Explanation | None:
    """Why a decoded path leads nowhere; None if it leads somewhere after all, or will by itself.

    Every query is a bounded walk along an index: the number of documents does not matter.
    """
    now, offered = datetime.now(UTC), locales.current
    if find_redirect(session, path) or answers_itself(session, path, offered, now):
        return None
    locale, kind, rest = locate(path, offered)
    if _is_to_come(session, kind, rest, locale or locales.default, now):
        return None
    for cause, document in _candidates(session, path, locales, snapshot, now):
        wanted = locale or locales.default
        url = document_url(session, document, wanted)
        shown = url if locale else url.removeprefix(f"/{wanted}")
        if "/" + "/".join(split_path(path)) != shown.rstrip("/"):
            return Explanation(cause, shown, document.text_or_source(wanted).id)
    return Explanation(Cause.UNKNOWN)


def _is_to_come(session: Session, kind: Kind, path: str, locale: str, now: datetime) -> bool:
    """Whether a draft that was never out, or what is scheduled, will answer at a path."""
    query = select(DocumentText.id).join(Document, Document.id == DocumentText.document_id)
    is_new = Document.published_at.is_(None) | (Document.listed_at > now)
    is_shown = DocumentText.locale.in_((locale, Document.source_locale))
    there = (DocumentText.kind == kind, DocumentText.path == path, is_new, is_shown)
    return session.scalar(query.where(*there).limit(1)) is not None


def _candidates(
    session: Session, path: str, locales: Locales, snapshot: Snapshot, now: datetime
) -> Iterator[tuple[Cause, Document]]:
    """Documents that may be meant, the surest first."""
    _, kind, rest = locate(path, locales.current)
    for document in _with_path(session, kind, rest, now):
        yield Cause.LANGUAGE, document
    for document in _with_old_path(session, kind, [rest], now):
        yield Cause.OLD, document
    names = _names(rest)
    for document in _named(session, snapshot, names, now):
        yield Cause.MOVED, document
    for document in _with_old_path(session, Kind.POST, names, now):
        yield Cause.OLD, document
    for document in _misspelled_pages(session, snapshot, rest):
        yield Cause.SPELLING, document
    for name in names:
        for document in _misspelled_posts(session, name, now):
            yield Cause.SPELLING, document


def _with_path(session: Session, kind: Kind, path: str, now: datetime) -> Iterator[Document]:
    query = select(DocumentText).where(
        DocumentText.kind == kind, DocumentText.path == path, DocumentText.listed_at <= now
    )
    for text in session.scalars(query.order_by(DocumentText.id).limit(MAX_CANDIDATES)):
        yield text.document


def _with_old_path(
    session: Session, kind: Kind, paths: list[str], now: datetime
) -> Iterator[Document]:
    query = select(OldUrl).where(OldUrl.kind == kind, OldUrl.path.in_(paths))
    for row in session.scalars(query.order_by(OldUrl.id).limit(MAX_CANDIDATES)):
        document = session.get(Document, row.document_id) if row.document_id else None
        if document is not None and is_live(document, now):
            yield document


def _named(
    session: Session, snapshot: Snapshot, names: list[str], now: datetime
) -> Iterator[Document]:
    """Documents elsewhere on the site that have one of these slugs."""
    for node in snapshot.live_pages:
        if any(words.slug.casefold() in names for words in node.words.values()):
            yield session.get_one(Document, node.id)
    for row in posts_at(session, names, now):
        yield session.get_one(Document, row.document_id)


def _misspelled_pages(session: Session, snapshot: Snapshot, path: str) -> Iterator[Document]:
    """Pages whose whole path in any language is a letter or two off."""
    wanted = path.casefold()
    limit = allowed_distance(wanted)
    for node in snapshot.live_pages:
        way = (*snapshot.above(node), node)
        for locale in node.words:
            slugs = "/".join(one.in_locale(locale).slug for one in way)
            if is_within(wanted, slugs.casefold(), limit):
                yield session.get_one(Document, node.id)


def _misspelled_posts(session: Session, slug: str, now: datetime) -> Iterator[Document]:
    """Posts whose slug is one letter off, whichever; then two, if it begins alike or nearly so."""
    if allowed_distance(slug) == 0:
        return
    guesses = list(dict.fromkeys(one_letter_away(slug)))
    for start in range(0, len(guesses), CHUNK):
        for row in posts_at(session, guesses[start : start + CHUNK], now):
            yield session.get_one(Document, row.document_id)
    for beginning in (slug, *_repaired(slug)):
        for row in neighbours(session, beginning, now):
            if is_near(slug, row.path):
                yield session.get_one(Document, row.document_id)


def _repaired(slug: str) -> Iterator[str]:
    """The slug with one of its first letters left out, or swapped with the next."""
    for place in range(min(REPAIRED, len(slug) - 2)):
        yield slug[:place] + slug[place + 1 :]
        yield slug[:place] + slug[place + 1] + slug[place] + slug[place + 2 :]


def _names(path: str) -> list[str]:
    """The slugs that the end of a path may stand for: `2014/05/01-hello.html` -> `hello`, ..."""
    parts = [_ENDING.sub("", part) for part in path.split("/") if part]
    while parts and _INDEX.match(parts[-1]):
        parts.pop()
    if not parts:
        return []
    last = parts[-1]
    names = (last, last.casefold(), _LEADING_DATE.sub("", last.casefold()))
    return [name for name in dict.fromkeys(names) if name]
