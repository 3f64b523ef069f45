"""The timeline of a document: who did what with it, from the audit log, and what people said about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, tuple_, union_all
from sqlalchemy.orm import Session, joinedload

from verso.content.cursors import Cursor
from verso.models import AuditEvent, Comment, Document, State

PAGE_SIZE = 50
PUBLISHED = "document-published"
SCHEDULED = "document-scheduled"
WITHDRAWN = "document-withdrawn"
# Stands in the timeline itself.
COMMENTED = "document-commented"


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed with its details, or a comment with its words; name is who, if they are still known."""

    at: datetime
    name: str | None
    action: str
    detail: dict[str, str]
    words: str = ""

    @property
    def due(self) -> datetime | None:
        """The moment to come for which a publication was scheduled."""
        # Older logs say of both that it was published.
        said = self.detail.get("at", "") if self.action in (PUBLISHED, SCHEDULED) else ""
        moment = datetime.fromisoformat(said) if said else None
        return moment if moment and moment > self.at else None


def comment(session: Session, document: Document, user_id: int, words: str) -> None:
    """Say something about a document."""
    now = datetime.now(UTC)
    session.add(Comment(document_id=document.id, user_id=user_id, at=now, words=words))


def list_timeline(
    session: Session, document: Document, before: Cursor | None = None
) -> tuple[Sequence[Entry], Cursor | None]:
    """A page of what happened to a document, the latest first, and where what is older begins."""
    deeds = select(AuditEvent.at, (AuditEvent.id * 2).label("key")).where(
        AuditEvent.object_kind == document.kind,
        AuditEvent.object_id == document.id,
        AuditEvent.action != COMMENTED,
    )
    comments = select(Comment.at, (Comment.id * 2 + 1).label("key"))
    both = union_all(deeds, comments.where(Comment.document_id == document.id)).subquery()
    query = select(both).order_by(both.c.at.desc(), both.c.key.desc()).limit(PAGE_SIZE + 1)
    if before is not None:
        query = query.where(tuple_(both.c.at, both.c.key) < (before.moment, before.id))
    rows = session.execute(query).all()
    keys = [row.key for row in rows[:PAGE_SIZE]]
    found = _entries(session, keys)
    last = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    return [found[key] for key in keys], Cursor(last.at, last.key) if last else None


def state_before(session: Session, document: Document) -> State | None:
    """What the document was before it was taken off the site, if nothing has happened to it since."""
    query = (
        select(AuditEvent.detail)
        .where(AuditEvent.object_kind == document.kind, AuditEvent.object_id == document.id)
        .where(AuditEvent.action == WITHDRAWN)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(1)
    )
    detail = session.scalar(query) or {}
    if detail.get("version") != str(document.version):
        return None
    return State(detail["was"])


def _entries(session: Session, keys: Sequence[int]) -> dict[int, Entry]:
    """Deeds have even keys, comments odd ones."""
    deeds = select(AuditEvent).where(AuditEvent.id.in_(key // 2 for key in keys if key % 2 == 0))
    comments = select(Comment).where(Comment.id.in_(key // 2 for key in keys if key % 2))
    found: dict[int, Entry] = {}
    for deed in session.scalars(deeds.options(joinedload(AuditEvent.user))):
        name = deed.user.name if deed.user else None
        found[deed.id * 2] = Entry(deed.at, name, deed.action, deed.detail)
    for one in session.scalars(comments.options(joinedload(Comment.user))):
        name = one.user.name if one.user else None
        found[one.id * 2 + 1] = Entry(one.at, name, COMMENTED, {}, one.words)
    return found
