"""Cards: what a list shows of a document in the reader's language, as plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content import markdown
from verso.content.pictures import OPENING_SIZES, Picture, crop, whole
from verso.content.urls import document_url, plain_url
from verso.models import Document, DocumentText, Kind

SUMMARY_LENGTH = 220


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name, a slug and the locale of the name: a tag or an author."""

    slug: str
    name: str
    locale: str


@dataclass(frozen=True, slots=True)
class Card:
    """A document in a list; locale is that of its words, url that of the reader."""

    id: int
    kind: str
    url: str
    locale: str
    title: str
    summary: str
    listed_at: datetime | None
    updated_at: datetime
    tags: Sequence[Named]
    authors: Sequence[Named]
    cover: Picture | None


def make_cards(session: Session, documents: Iterable[Document], locale: str) -> list[Card]:
    """Cards for a list, each in the locale or in its own language.

    Where another document has its slug in the locale, a card leads to its own language instead.
    """
    documents = list(documents)
    hidden = _hidden(session, documents, locale)
    return [
        make_card(session, one, locale, one.source_locale if one.id in hidden else locale)
        for one in documents
    ]


def make_card(
    session: Session, document: Document, locale: str, url_locale: str | None = None
) -> Card:
    """One card; url_locale is the locale of the link if not the reader's."""
    text = document.text_or_source(locale)
    return Card(
        id=document.id,
        kind=document.kind,
        url=plain_url(session, document, url_locale)
        if url_locale
        else document_url(session, document, locale),
        locale=text.locale,
        title=text.title,
        summary=text.summary or markdown.excerpt(text.body[:4000], SUMMARY_LENGTH),
        listed_at=document.dated_at,
        updated_at=max(document.updated_at, text.updated_at),
        tags=tags_of(document, locale),
        authors=authors_of(document),
        cover=_card_cover(document, text),
    )


def tags_of(document: Document, locale: str) -> list[Named]:
    names = ((tag.slug, tag.name(locale, document.source_locale)) for tag in document.tags)
    return [Named(slug, name.name, name.locale) for slug, name in names]


def authors_of(document: Document) -> list[Named]:
    return [Named(author.slug, author.name, "") for author in document.authors]


def cover_of(document: Document, text: DocumentText) -> Picture | None:
    """The cover of a page, whole, in the language of its text."""
    cover = document.cover
    return whole(cover, text.cover_alt or cover.alt(text.locale), OPENING_SIZES) if cover else None


def shared_of(document: Document, text: DocumentText) -> Picture | None:
    """The picture of a link to a page that somebody shares: its own, else the cover."""
    picture = document.sharing
    if picture is None:
        return cover_of(document, text)
    return whole(picture, picture.alt(text.locale), OPENING_SIZES)


def _card_cover(document: Document, text: DocumentText) -> Picture | None:
    cover = document.cover
    return crop(cover, text.cover_alt or cover.alt(text.locale)) if cover else None


def _hidden(session: Session, documents: Sequence[Document], locale: str) -> set[int]:
    """Posts without a text in the locale whose slug another post has there."""
    fallbacks = {
        one.source.path: one.id
        for one in documents
        if one.kind == Kind.POST and one.text(locale) is None
    }
    if not fallbacks:
        return set()
    query = select(DocumentText.path).where(
        DocumentText.kind == Kind.POST,
        DocumentText.locale == locale,
        DocumentText.path.in_(list(fallbacks)),
    )
    return {fallbacks[path] for path in session.scalars(query)}
