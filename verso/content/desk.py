"""The desk: documents as editors look for them, in any state, what was changed last first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, selectinload

from verso.content.cursors import Cursor
from verso.content.paths import ancestry
from verso.content.search import find_texts
from verso.models import Document, DocumentText, Kind, State

DESK_SIZE = 50
# Of so many documents a list is sorted as fast as it is walked.
FEW = 1000
# A document may be found by its text in each language.
TEXTS_EACH = 12
# More pages than this make a list to choose from that nobody reads.
MOST_PARENTS = 200
_LATEST = Document.updated_at.desc(), Document.id.desc()


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
    query = _filtered(session, chosen, now).with_only_columns(Document.id)
    if chosen.words:
        found = DocumentText.id.in_(find_texts(session, chosen.words))
        texts = select(DocumentText.document_id).where(found)
        query = query.where(Document.id.in_(texts))
    if chosen.before is not None:
        place = chosen.before
        query = query.where(
            Document.updated_at <= place.moment,
            or_(Document.updated_at < place.moment, Document.id < place.id),
        )
    # Ids alone are sorted, then the documents of one page read: their rows are wide.
    page = query.order_by(*_LATEST).limit(DESK_SIZE + 1)
    rows = session.scalars(_loaded().where(Document.id.in_(page)).order_by(*_LATEST)).all()
    if len(rows) <= DESK_SIZE:
        return rows, None
    last = rows[DESK_SIZE - 1]
    return rows[:DESK_SIZE], Cursor(last.updated_at, last.id)


def find_documents(session: Session, words: str, count: int) -> Sequence[Document]:
    """So many documents that hold all words, best first; without words, what was changed last."""
    if not words:
        return session.scalars(_loaded().order_by(*_LATEST).limit(count)).all()
    hits = find_texts(session, words, count * TEXTS_EACH)
    query = select(DocumentText.id, DocumentText.document_id).where(DocumentText.id.in_(hits))
    owner = dict(session.execute(query).all())
    best = list(dict.fromkeys(owner[hit] for hit in hits if hit in owner))[:count]
    found = {one.id: one for one in session.scalars(_loaded().where(Document.id.in_(best)))}
    return [found[one] for one in best if one in found]


def parents_for(session: Session, document: Document | None, locale: str) -> list[tuple[int, str]]:
    """The pages that a page may stand below, by id and title, indented by depth.

    Where there are very many, only those above it now: the tree is the place to look for others.
    """
    pages: Sequence[Document]
    some = select(Document.id).where(Document.kind == Kind.PAGE).limit(MOST_PARENTS + 1)
    if len(session.scalars(some).all()) > MOST_PARENTS:
        pages = ancestry(session, document)[1:] if document else []
    else:
        query = _loaded().where(Document.kind == Kind.PAGE)
        pages = session.scalars(query.order_by(Document.position, Document.id)).all()
    by_parent: dict[int | None, list[Document]] = {}
    for page in pages:
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


def _loaded() -> Select[Document]:
    """Documents with the titles of their texts, without what is long in them."""
    texts = selectinload(Document.texts).defer(DocumentText.html).defer(DocumentText.body)
    return select(Document).options(texts)


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
