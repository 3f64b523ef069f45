"""Finding documents for a reader: search hits in the reader's language, then in their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from verso.content.cards import Card, make_cards
from verso.content.search import find_texts
from verso.models import Document, DocumentText

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results; more says whether another page follows."""

    cards: Sequence[Card]
    more: bool


def search_documents(
    session: Session,
    query: str,
    locale: str,
    page: int,
    now: datetime,
    *,
    kind: str | None = None,
    size: int = PAGE_SIZE,
) -> Results:
    """The live documents that hold all words of a query, best first, page from 1 on.

    A document is found by its text in the locale, or by its source where it has none.
    """
    hits = find_texts(session, query)
    ids = _live_documents(session, hits, locale, now, kind)
    wanted = ids[(page - 1) * size : page * size]
    found = {
        one.id: one for one in session.scalars(select(Document).where(Document.id.in_(wanted)))
    }
    cards = make_cards(session, [found[one] for one in wanted if one in found], locale)
    return Results(cards, more=len(ids) > page * size)


def _live_documents(
    session: Session, text_ids: Sequence[int], locale: str, now: datetime, kind: str | None
) -> list[int]:
    if not text_ids:
        return []
    translated = aliased(DocumentText)
    has_own = (
        select(translated.id)
        .where(translated.document_id == Document.id, translated.locale == locale)
        .exists()
    )
    query = (
        select(DocumentText.id, Document.id)
        .join(Document, Document.id == DocumentText.document_id)
        .where(DocumentText.id.in_(text_ids), Document.listed_at <= now)
        .where(
            (DocumentText.locale == locale)
            | ((DocumentText.locale == Document.source_locale) & ~has_own)
        )
    )
    if kind is not None:
        query = query.where(Document.kind == kind)
    owner = dict(session.execute(query).all())
    return list(dict.fromkeys(owner[text_id] for text_id in text_ids if text_id in owner))
