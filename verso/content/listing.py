"""Lists of posts: the newest first, a tag's, an author's, a year's, page after page by keyset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MINYEAR, UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from verso.content.cursors import Cursor
from verso.models import Author, AuthorLink, Document, DocumentText, Kind, Tag, TagLink

PAGE_SIZE = 20
_TICK = timedelta(microseconds=1)
# What a list shows, in one query each, however long the list.
_LOADED = (
    selectinload(Document.texts).defer(DocumentText.html),
    selectinload(Document.tag_links).joinedload(TagLink.tag),
    selectinload(Document.author_links).joinedload(AuthorLink.author),
    selectinload(Document.cover),
)


@dataclass(frozen=True, slots=True)
class Slice:
    """Some documents of a list, newest first, and the cursors to either side."""

    documents: Sequence[Document]
    newer: Cursor | None
    older: Cursor | None


def list_documents(
    session: Session,
    kind: Kind,
    *,
    tag: Tag | None = None,
    author: Author | None = None,
    year: int | None = None,
    locale: str | None = None,
    cursor: Cursor | None = None,
    size: int = PAGE_SIZE,
    now: datetime | None = None,
) -> Slice:
    """One page of the live documents of a kind, newest first.

    One of tag, author and locale may narrow it (locale: to what has a text in it), and year; a
    tag's or an author's list of one locale is checked row by row.
    """
    listed, key, query = _ordered_by(kind, tag, author, locale)
    oldest, newest = _span(now or datetime.now(UTC), year, cursor)
    # One bound to either side: of two, SQLite would walk the index from the wider one.
    query = query.where(listed <= newest)
    if oldest is not None:
        query = query.where(listed >= oldest)
    if cursor is not None:
        query = query.where(_beyond(listed, key, cursor))
    backwards = cursor is not None and cursor.backwards
    order = (listed.asc(), key.asc()) if backwards else (listed.desc(), key.desc())
    rows = list(session.scalars(query.order_by(*order).limit(size + 1).options(*_LOADED)))
    return _slice(rows, size, cursor)


def years_of(session: Session, now: datetime) -> list[int]:
    """The years in which posts were published, newest first: one index probe a year."""
    years: list[int] = []
    before = now
    while True:
        query = (
            select(Document.listed_at)
            .where(Document.kind == Kind.POST, Document.listed_at <= before)
            .order_by(Document.listed_at.desc())
            .limit(1)
        )
        newest = session.scalar(query)
        if newest is None:
            return years
        years.append(newest.year)
        if newest.year == MINYEAR:
            return years
        before = datetime(newest.year, 1, 1, tzinfo=UTC) - _TICK


def neighbours(
    session: Session, post: Document, now: datetime
) -> tuple[Document | None, Document | None]:
    """The posts published before and after this one."""
    if post.listed_at is None:
        return None, None
    here = Cursor(post.listed_at, post.id)
    older = list_documents(session, Kind.POST, cursor=here, size=1, now=now).documents
    there = Cursor(post.listed_at, post.id, backwards=True)
    newer = list_documents(session, Kind.POST, cursor=there, size=1, now=now).documents
    return next(iter(older), None), next(iter(newer), None)


def find_tag(session: Session, slug: str) -> Tag | None:
    return session.scalar(select(Tag).where(Tag.slug == slug))


def find_author(session: Session, slug: str) -> Author | None:
    return session.scalar(select(Author).where(Author.slug == slug))


def used_tags(session: Session, now: datetime, limit: int = 500) -> Sequence[Tag]:
    """The tags that at least one live post carries."""
    used = select(TagLink.tag_id).where(TagLink.tag_id == Tag.id, TagLink.listed_at <= now).exists()
    return session.scalars(select(Tag).where(used).order_by(Tag.slug).limit(limit)).all()


def active_authors(session: Session, now: datetime, limit: int = 500) -> Sequence[Author]:
    """The authors of at least one live post."""
    active = (
        select(AuthorLink.author_id)
        .where(AuthorLink.author_id == Author.id, AuthorLink.listed_at <= now)
        .exists()
    )
    return session.scalars(select(Author).where(active).order_by(Author.name).limit(limit)).all()


Columns = tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any], Select[Document]]


def _ordered_by(kind: Kind, tag: Tag | None, author: Author | None, locale: str | None) -> Columns:
    """The columns a list walks along, and its query: each is one index, however many posts."""
    if tag is not None:
        query = select(Document).join(TagLink, TagLink.document_id == Document.id)
        query = query.where(TagLink.tag_id == tag.id)
        return TagLink.listed_at, TagLink.document_id, _having(query, locale)
    if author is not None:
        query = select(Document).join(AuthorLink, AuthorLink.document_id == Document.id)
        query = query.where(AuthorLink.author_id == author.id)
        return AuthorLink.listed_at, AuthorLink.document_id, _having(query, locale)
    if locale is not None:
        query = select(Document).join(DocumentText, DocumentText.document_id == Document.id)
        query = query.where(DocumentText.kind == kind, DocumentText.locale == locale)
        return DocumentText.listed_at, DocumentText.document_id, query
    return Document.listed_at, Document.id, select(Document).where(Document.kind == kind)


def _having(query: Select[Document], locale: str | None) -> Select[Document]:
    if locale is None:
        return query
    return query.where(Document.texts.any(DocumentText.locale == locale))


def _span(
    now: datetime, year: int | None, cursor: Cursor | None
) -> tuple[datetime | None, datetime]:
    """The oldest and the newest moment that a list may show."""
    oldest: list[datetime] = []
    newest = [now]
    if year is not None:
        oldest.append(datetime(year, 1, 1, tzinfo=UTC))
        newest.append(datetime(year + 1, 1, 1, tzinfo=UTC) - _TICK)
    if cursor is not None:
        (oldest if cursor.backwards else newest).append(cursor.moment)
    return max(oldest, default=None), min(newest)


def _beyond(
    listed: InstrumentedAttribute[Any], key: InstrumentedAttribute[Any], cursor: Cursor
) -> ColumnElement[bool]:
    """What comes after the cursor among the rows of its very moment."""
    if cursor.backwards:
        return or_(listed > cursor.moment, key > cursor.id)
    return or_(listed < cursor.moment, key < cursor.id)


def _slice(rows: list[Document], size: int, cursor: Cursor | None) -> Slice:
    more, rows = len(rows) > size, rows[:size]
    backwards = cursor is not None and cursor.backwards
    if backwards:
        rows.reverse()
    if not rows:
        return Slice(rows, None, None)
    newer = more if backwards else cursor is not None
    older = True if backwards else more
    return Slice(
        rows,
        _cursor(rows[0], backwards=True) if newer else None,
        _cursor(rows[-1], backwards=False) if older else None,
    )


def _cursor(document: Document, *, backwards: bool) -> Cursor | None:
    if document.listed_at is None:
        return None
    return Cursor(document.listed_at, document.id, backwards)
