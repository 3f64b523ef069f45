"""The desk: documents as editors look for them, in any state, what was changed last first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from verso.content.search import find_texts
from verso.models import Document, DocumentText, Kind, State

DESK_SIZE = 50


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """What to show; an empty field shows all. before is the mark of the row above."""

    kind: str = ""
    state: str = ""
    locale: str = ""
    words: str = ""
    before: str = ""


def list_desk(
    session: Session, chosen: DeskFilter, now: datetime
) -> tuple[Sequence[Document], str]:
    """One page of documents, and the mark from which the next page begins (empty: none)."""
    query = _filtered(select(Document), chosen, now)
    if chosen.words:
        texts = select(DocumentText.document_id).where(
            DocumentText.id.in_(find_texts(session, chosen.words))
        )
        query = query.where(Document.id.in_(texts))
    mark = _read_mark(chosen.before)
    if mark is not None:
        moment, document_id = mark
        query = query.where(
            Document.updated_at <= moment,
            or_(Document.updated_at < moment, Document.id < document_id),
        )
    query = query.order_by(Document.updated_at.desc(), Document.id.desc()).limit(DESK_SIZE + 1)
    loaded = selectinload(Document.texts).defer(DocumentText.html).defer(DocumentText.body)
    rows = session.scalars(query.options(loaded)).all()
    return rows[:DESK_SIZE], _mark(rows[DESK_SIZE - 1]) if len(rows) > DESK_SIZE else ""


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


def _filtered(query: Select[Document], chosen: DeskFilter, now: datetime) -> Select[Document]:
    if chosen.kind:
        query = query.where(Document.kind == chosen.kind)
    if chosen.locale:
        query = query.where(Document.texts.any(DocumentText.locale == chosen.locale))
    if chosen.state == State.SCHEDULED:
        query = query.where(Document.listed_at > now)
    elif chosen.state == State.PUBLISHED:
        query = query.where(Document.listed_at <= now)
    elif chosen.state:
        query = query.where(Document.state == chosen.state)
    return query


def _mark(document: Document) -> str:
    return f"{int(document.updated_at.timestamp() * 1_000_000)}.{document.id}"


def _read_mark(mark: str) -> tuple[datetime, int] | None:
    stamp, _, number = mark.partition(".")
    if not (mark.isascii() and stamp.isdigit() and number.isdigit() and len(mark) < 40):
        return None
    try:
        return datetime.fromtimestamp(int(stamp) / 1_000_000, UTC), min(int(number), 2**63 - 1)
    except (ValueError, OverflowError, OSError):
        return None
