"""The agenda: the documents that wait for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from verso.models import Document, DocumentText, State

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Agenda:
    """One's own drafts, what was changed last first; what is in review, what waits longest first; and
    what is scheduled, the next first.
    """

    drafts: Sequence[Document]
    review: Sequence[Document]
    scheduled: Sequence[Document]


def agenda_of(session: Session, user_id: int, now: datetime, *, reviews: bool) -> Agenda:
    """What waits for somebody, the first few of each kind; of reviews only one's own if not `reviews`."""
    own = select(Document).where(Document.user_id == user_id, Document.state == State.DRAFT)
    waiting = select(Document).where(Document.state == State.REVIEW)
    if not reviews:
        waiting = waiting.where(Document.user_id == user_id)
    coming = select(Document).where(Document.listed_at > now)
    return Agenda(
        drafts=_first(session, own.order_by(Document.updated_at.desc(), Document.id.desc())),
        review=_first(session, waiting.order_by(Document.updated_at, Document.id)),
        scheduled=_first(session, coming.order_by(Document.listed_at, Document.id)),
    )


def _first(session: Session, query: Select[Document]) -> Sequence[Document]:
    loaded = selectinload(Document.texts).defer(DocumentText.html).defer(DocumentText.body)
    return session.scalars(query.limit(SHOWN).options(loaded)).all()
