"""Revisions: what a text said each time it was saved, and going back to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from verso.models import Document, Revision, User

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class Saved:
    """One revision, without its words; who saved it, if they are still known; its characters."""

    id: int
    version: int
    title: str
    created_at: datetime
    name: str | None
    size: int


def list_revisions(
    session: Session, document_id: int, locale: str, before: int | None = None
) -> Sequence[Saved]:
    """A page of revisions of one text, the latest first; one more than a page if there are more."""
    query = (
        select(
            Revision.id,
            Revision.version,
            Revision.title,
            Revision.created_at,
            User.name,
            func.length(Revision.body),
        )
        .outerjoin(User, User.id == Revision.user_id)
        .where(Revision.document_id == document_id, Revision.locale == locale)
    )
    if before is not None:
        query = query.where(Revision.id < before)
    rows = session.execute(query.order_by(Revision.id.desc()).limit(PAGE_SIZE + 1))
    return [Saved(*row) for row in rows]


def get_revision(session: Session, document_id: int, locale: str, revision_id: int) -> Revision:
    """A revision of this very text; LookupError if it is none of its own."""
    revision = session.get(Revision, revision_id)
    if revision is None or (revision.document_id, revision.locale) != (document_id, locale):
        raise LookupError(f"document {document_id} has no revision {revision_id} in {locale}")
    return revision


def revision_before(session: Session, revision: Revision) -> Revision | None:
    """What the text said before this revision."""
    query = select(Revision).where(
        Revision.document_id == revision.document_id,
        Revision.locale == revision.locale,
        Revision.id < revision.id,
    )
    return session.scalar(query.order_by(Revision.id.desc()).limit(1))


def find_version(session: Session, document_id: int, locale: str, version: int) -> Revision | None:
    """What the text said at one of its versions."""
    query = select(Revision).where(
        Revision.document_id == document_id,
        Revision.locale == locale,
        Revision.version == version,
    )
    return session.scalar(query.order_by(Revision.id.desc()).limit(1))


def last_editor(session: Session, document: Document, locale: str) -> str | None:
    """Who saved the text last, if that is known."""
    saved = list_revisions(session, document.id, locale)[:1]
    return saved[0].name if saved else None
