"""Every live document once, by id, in batches that each take one short session."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from verso.models import AuthorLink, Document, DocumentText, TagLink

BATCH = 50
_LOADED = (
    selectinload(Document.texts).defer(DocumentText.html),
    selectinload(Document.tag_links).joinedload(TagLink.tag),
    selectinload(Document.author_links).joinedload(AuthorLink.author),
)


def live_after(session: Session, document_id: int, size: int = BATCH) -> Sequence[Document]:
    """The next live documents after an id, with what belongs to them but their HTML."""
    query = (
        select(Document)
        .where(Document.id > document_id, Document.listed_at <= datetime.now(UTC))
        .order_by(Document.id)
        .limit(size)
        .options(*_LOADED)
    )
    return session.scalars(query).all()
