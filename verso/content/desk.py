"""The desk: documents as editors look for them, in any state, what was changed last first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, selectinload

from verso.content.cursors import Cursor
from verso.content.search import find_texts
from verso.models import Document, DocumentText, Kind, State

DESK_SIZE = 50
# Of so many documents a list is sorted as fast as it is walked.
FEW = 1000


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """What to show; an empty field shows all. before is the place of the row above."""

    kind: str = ""
    state: str = ""
    locale: str = ""
    words: str = ""
    before: Cursor | None = None


def list_desk(
    session: Session, chosen: DeskFilter, now: datetime
) -> tuple[Sequence[Document], Cursor | None]:
    """One page of documents, and the place from which the next page begins, if there is one."""
    query = _filtered(session, chosen, now)
    if chosen.words:
        texts = select(DocumentText.document_id).where(
            DocumentText.id.in_(find_texts(session, chosen.words))
        )
        query = query.where(Document.id.in_(texts))
    if chosen.before is not None:
        place = chosen.before
        query = query.where(
            Document.updated_at <= place.moment,
            or_(Document.updated_at < place.moment, Document.id < place.id),
        )
    query = query.order_by(Document.updated_at.desc(), Document.id.desc()).limit(DESK_SIZE + 1)
    loaded = selectinload(Document.texts).defer(DocumentText.html).defer(DocumentText.body)
    rows = session.scalars(query.options(loaded)).all()
    if len(rows) <= DESK_SIZE:
        return rows, None
    last = rows[DESK_SIZE - 1]
    return rows[:DESK_SIZE], Cursor(last.updated_at, last.id)


def parents_for(session: Session, document: Document | None, locale: str) -> list[tuple[int, str]]:
    """The pages that a page may stand below, by id and title, indented by depth."""
    query = (
        select(Document)
        .where(Document.kind == Kind.PAGE)
        .order_by(Document.position, Document.id)
        .options(selectinload(Document.texts).defer(DocumentText.html).defer(DocumentText.body))
        .limit(2000)
    )
    by_parent: dict[int | None, list[Document]] = {}
    for page in session.scalars(query):
        by_parent.setdefault(page.parent_id, []).append(page)
    found: list[tuple[int, str]] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for page in by_parent.get(parent_id, []):
            if document is None or page.id != document.id:
                title = page.text_or_source(locale).title
                found.append((page.id, "\u2014 " * depth + title))
                walk(page.id, depth + 1)

    walk(None, 0)
    return found


def _filtered(session: Session, chosen: DeskFilter, now: datetime) -> Select[Document]:
    query = select(Document)
    if chosen.kind:
        query = query.where(Document.kind == chosen.kind)
    if chosen.locale:
        query = query.where(_has_text(session, chosen.locale))
    # What is scheduled is little: taken by its ids, it leaves the walk to the index of what is asked.
    scheduled = select(Document.id).where(Document.listed_at > now)
    if chosen.state == State.SCHEDULED:
        query = query.where(Document.id.in_(scheduled))
    elif chosen.state == State.PUBLISHED:
        query = query.where(Document.state == State.PUBLISHED, Document.id.not_in(scheduled))
    elif chosen.state:
        query = query.where(Document.state == chosen.state)
    return query


def _has_text(session: Session, locale: str) -> ColumnElement[bool]:
    """That a document has words in a locale: asked of each where many do, else taken by their ids."""
    texts = select(DocumentText.document_id).where(
        DocumentText.kind.in_(list(Kind)), DocumentText.locale == locale
    )
    if len(session.execute(texts.limit(FEW + 1)).all()) > FEW:
        return Document.texts.any(DocumentText.locale == locale)
    return Document.id.in_(texts)
