"""The journal of changes: written when a document's transaction commits, read by place without a gap.

A scheduled publication is written when it is decided, with the time at which it is `due`; readers meet
it when that time has come, so that no job has to do anything then. A place therefore has two halves:
the last id that was seen, and the moment up to which due ones were.

Readers go by id, so ids must become visible in their order. On SQLite there is one writer at a time;
on PostgreSQL an advisory lock is taken by whoever writes here. It is taken at the very end of a
transaction, when nothing else will be waited for: taken earlier, two editors could wait for each other.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, event, func, or_, select
from sqlalchemy.orm import Session

from verso.content import page_marks
from verso.content.urls import is_live, plain_url
from verso.db import delete_piece
from verso.models import Change, ChangeKind, Document, Kind

KEPT_ROWS = 10_000
KEPT = timedelta(days=30)
# How far the clocks of two hosts may differ.
CLOCK_SKEW = timedelta(minutes=1)
# How many are read at a time.
BATCH = 500
_NOTES = "verso_changes"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_PLACE = re.compile(r"([0-9]{1,18})-([0-9]{1,17})")


class BadPlace(ValueError):
    """A place that this site did not name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader is: every change up to this id, and every due one up to this moment, was seen."""

    id: int
    moment: datetime

    def __str__(self) -> str:
        return f"{self.id}-{(self.moment - _EPOCH) // _TICK}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Read a place; BadPlace for anything that str(place) does not write."""
        parts = _PLACE.fullmatch(text)
        if parts is None:
            raise BadPlace(
                f"{text[:100]!r} is not a place in the journal, like 12-1760000000000000"
            )
        return cls(int(parts[1]), _EPOCH + int(parts[2]) * _TICK)


@dataclass(slots=True)
class _Noted:
    """What a transaction does to one document: since when it was listed before, and which texts."""

    listed_before: datetime | None
    locales: set[str] = field(default_factory=set)

    def was_live(self, now: datetime) -> bool:
        """Whether a reader may have been told of it, one whose clock is ahead included."""
        return self.listed_before is not None and self.listed_before <= now + CLOCK_SKEW


@dataclass(slots=True)
class _Notes:
    """What a transaction does to all documents; rows are those of deleted ones."""

    documents: dict[int, _Noted] = field(default_factory=dict)
    rows: list[Change] = field(default_factory=list)


def note(session: Session, document: Document, locales: Iterable[str]) -> None:
    """Before a document is changed: its texts in these locales will be journalled at commit."""
    noted = _notes(session).documents.setdefault(document.id, _Noted(document.listed_at))
    noted.locales.update(locales)
    if document.kind == Kind.PAGE:
        page_marks.note_page(session)


def note_deleted(session: Session, document: Document) -> None:
    """Before a document is deleted: keep where it was, if it was anywhere."""
    now, notes = datetime.now(UTC), _notes(session)
    if document.kind == Kind.PAGE:
        page_marks.note_tree(session)
    noted = notes.documents.pop(document.id, _Noted(document.listed_at))
    _forget_due(session, document.id, now)
    if noted.was_live(now):
        notes.rows.append(_change(session, ChangeKind.REMOVED, document, now))


def here(session: Session, now: datetime) -> Place:
    """The place after everything that has happened."""
    return Place(session.scalar(select(func.max(Change.id))) or 0, now)


def is_known(session: Session, place: Place, now: datetime) -> bool:
    """Whether everything after a place is still in the journal, and the place is in its past."""
    last = session.scalar(select(func.max(Change.id))) or 0
    first = session.scalar(select(func.min(Change.id)).where(Change.due.is_(None))) or last + 1
    return first - 1 <= place.id <= last and place.moment <= now + CLOCK_SKEW


def changes_after(
    session: Session, place: Place, now: datetime
) -> tuple[list[tuple[Change, Place]], Place]:
    """The next changes, each with the place after it, and the place to ask for next.

    A reader who comes back may meet a change again, never miss one.
    """
    due = session.scalars(
        select(Change)
        .where(Change.id <= place.id, Change.due > place.moment, Change.due <= now)
        .order_by(Change.due, Change.id)
    ).all()
    query = select(Change).where(Change.id > place.id).order_by(Change.id).limit(BATCH)
    new = session.scalars(query).all()
    found = [(one, place) for one in due]
    found += [(one, Place(one.id, now)) for one in new if one.due is None or one.due <= now]
    return found, Place(new[-1].id if new else place.id, now)


def _notes(session: Session) -> _Notes:
    if _NOTES not in session.info:
        session.info[_NOTES] = _Notes()
        event.listen(session, "before_commit", _write)
    notes: _Notes = session.info[_NOTES]
    return notes


def _write(session: Session) -> None:
    """The last thing in a transaction: from what was noted to rows."""
    if session.in_nested_transaction():
        return
    now, notes = datetime.now(UTC), _notes(session)
    # A savepoint that was rolled back may have taken a document, or its end, with it.
    rows = [one for one in notes.rows if session.get(Document, one.document_id) is None]
    for document_id, noted in notes.documents.items():
        if document := session.get(Document, document_id):
            rows.extend(_rows(session, document, noted, now))
    session.info[_NOTES] = _Notes()
    if rows:
        session.flush()
        page_marks.lock_journal(session)
        session.add_all(rows)
        session.flush()
        prune(session, now)


def _rows(session: Session, document: Document, noted: _Noted, now: datetime) -> Iterator[Change]:
    """What the transaction was for the readers of one document."""
    was_live = noted.was_live(now)
    if was_live and is_live(document, now):
        yield _change(session, ChangeKind.CHANGED, document, now, noted.locales)
        return
    _forget_due(session, document.id, now)
    if was_live:
        yield _change(session, ChangeKind.REMOVED, document, now)
    if document.listed_at is not None:
        published = _change(session, ChangeKind.PUBLISHED, document, now)
        published.due = None if is_live(document, now) else document.listed_at
        yield published


def _change(
    session: Session,
    kind: ChangeKind,
    document: Document,
    now: datetime,
    locales: Iterable[str] | None = None,
) -> Change:
    """A row about these locales of a document, or about all it has."""
    concerned = [text.locale for text in document.texts] if locales is None else sorted(locales)
    return Change(
        kind=kind,
        document_id=document.id,
        document_kind=document.kind,
        urls={locale: plain_url(session, document, locale) for locale in concerned},
        at=now,
    )


def _forget_due(session: Session, document_id: int, now: datetime) -> None:
    """A publication to come that was changed or called off."""
    session.execute(delete(Change).where(Change.document_id == document_id, Change.due > now))


def prune(session: Session, now: datetime) -> int:
    """Delete some of what the journal keeps no longer, the first ids first; how many rows that were.

    It keeps the newest rows of the last days, and scheduled ones until as many days after their time.
    """
    last = session.scalar(select(func.max(Change.id))) or 0
    at_once = Change.due.is_(None)
    outdated = at_once & or_(Change.at < now - KEPT, Change.id <= last - KEPT_ROWS)
    is_over = or_(outdated, Change.due < now - KEPT)
    # In the order of ids: after a gap, a reader would believe to have seen what was deleted.
    return delete_piece(session, Change, is_over, order=Change.id)
