"""URLs of documents: making them, and finding what a path means now or meant once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from verso.content.paths import path_in
from verso.models import Document, DocumentText, Kind, OldUrl, SiteSetting, State

HOME_SETTING = "home"
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Moved:
    """The path led to this document once, or leads to it under another spelling."""

    document: Document


class Gone:
    """The path led to something that was withdrawn for good."""


def document_url(session: Session, document: Document, locale: str) -> str:
    """The URL path of a document in a locale, percent-encoded, without the mount."""
    if document.kind == Kind.POST:
        return post_url(locale, document.text_or_source(locale).slug)
    if document.id == home_id(session):
        return home_url(locale)
    return page_url(locale, path_in(session, document, locale))


def home_url(locale: str) -> str:
    return f"/{locale}/"


def page_url(locale: str, path: str) -> str:
    return f"/{locale}/{quote(path)}"


def blog_url(locale: str) -> str:
    return f"/{locale}/blog/"


def post_url(locale: str, slug: str) -> str:
    return f"/{locale}/blog/{quote(slug)}"


def home_id(session: Session) -> int | None:
    """The id of the page that an editor made the home page, or None."""
    setting = session.get(SiteSetting, (HOME_SETTING, ""))
    return int(setting.value) if setting and setting.value.isdigit() else None


def is_live(document: Document, now: datetime) -> bool:
    """Whether visitors may see the document."""
    return document.listed_at is not None and document.listed_at <= now


def find_document(
    session: Session, kind: Kind, locale: str, path: str, now: datetime
) -> Document | Moved | Gone | None:
    """What a path means in a locale: a live document, where it moved to, Gone, or None.

    A document answers under its slug in the locale, or under its source's where it has none. Its
    source's path redirects once there is a translation. Old URLs come last: live pages win.
    """
    if len(path) > 1000 or path.count("/") > MAX_DEPTH:
        return None
    path = path.strip("/")
    finder = _find_post if kind == Kind.POST else _find_page
    document = finder(session, locale, path)
    if document is not None and is_live(document, now):
        served = path_in(session, document, locale)
        return document if served == path else Moved(document)
    return _find_old(session, kind, locale, path, now) or _gone(document)


def find_neutral(
    session: Session, kind: Kind, path: str, locale: str, order: Sequence[str], now: datetime
) -> Document | None:
    """The live document that a path without a locale names, in any language.

    Where two share it: the one in the wanted locale, then in the order given.
    """
    query = _with_texts().where(DocumentText.kind == kind, DocumentText.path == path.strip("/"))
    rows = [row for row in session.execute(query.limit(50)) if is_live(row[0], now)]
    rank = {name: place for place, name in enumerate(dict.fromkeys((*order, locale)))}
    rows.sort(key=lambda row: rank.get(row[1].locale, len(rank)))
    return rows[0][0] if rows else None


def _find_post(session: Session, locale: str, slug: str) -> Document | None:
    """A post by its slug in the locale, else by that of its source."""
    query = _with_texts().where(DocumentText.kind == Kind.POST, DocumentText.path == slug)
    rows = session.execute(query.limit(50)).all()
    exact = [document for document, text in rows if text.locale == locale]
    sources = [document for document, text in rows if text.locale == document.source_locale]
    return next(iter(exact + sources), None)


def _find_page(session: Session, locale: str, path: str) -> Document | None:
    query = _with_texts().where(
        DocumentText.kind == Kind.PAGE, DocumentText.path == path, DocumentText.locale == locale
    )
    row = session.execute(query).first()
    return row[0] if row else _walk(session, locale, path.split("/"))


def _walk(session: Session, locale: str, slugs: list[str]) -> Document | None:
    """Go down the tree by slugs of the locale or of the source, as a mixed path has them."""
    parent: Document | None = None
    for slug in slugs:
        query = (
            _with_texts()
            .where(Document.kind == Kind.PAGE, DocumentText.slug == slug)
            .where(Document.parent_id == (parent.id if parent else None))
        )
        rows = session.execute(query.limit(50)).all()
        exact = [one for one, text in rows if text.locale == locale]
        sources = [one for one, text in rows if text.locale == one.source_locale]
        parent = next(iter(exact + sources), None)
        if parent is None:
            return None
    return parent


def _find_old(
    session: Session, kind: Kind, locale: str, path: str, now: datetime
) -> Moved | Gone | None:
    query = select(OldUrl).where(OldUrl.kind == kind, OldUrl.path == path)
    rows = session.scalars(query.limit(50)).all()
    documents = {row.document_id: session.get(Document, row.document_id or 0) for row in rows}
    ranked = sorted(rows, key=lambda row: row.locale != locale)
    for row in ranked:
        document = documents[row.document_id]
        mine = row.locale == locale or (document and row.locale == document.source_locale)
        if mine and document is not None and is_live(document, now):
            return Moved(document)
    return Gone() if any(row.locale == locale for row in rows) else None


def find_old_neutral(
    session: Session, kind: Kind, path: str, now: datetime
) -> tuple[Document, str] | None:
    """The live document that an old path without a locale led to, and the locale of its text."""
    query = select(OldUrl).where(OldUrl.kind == kind, OldUrl.path == path.strip("/"))
    for row in session.scalars(query.limit(50)):
        document = session.get(Document, row.document_id) if row.document_id else None
        if document is not None and is_live(document, now):
            return document, row.locale
    return None


def _gone(document: Document | None) -> Gone | None:
    """A document that was out once and is not any more is gone, not unknown."""
    if document is None or document.published_at is None or document.state == State.PUBLISHED:
        return None
    return Gone()


def _with_texts() -> Select[Document, DocumentText]:
    return (
        select(Document, DocumentText)
        .join(DocumentText, DocumentText.document_id == Document.id)
        .options(selectinload(Document.texts))
        .order_by(Document.id)
    )
