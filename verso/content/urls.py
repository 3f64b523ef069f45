"""URLs of documents: making them, and finding what a path means now or meant once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session, selectinload

from verso.content.home import home_id
from verso.content.paths import MAX_DEPTH, path_in
from verso.models import Document, DocumentText, Kind, OldUrl, State
from verso.models.documents import PATH_LENGTH
from verso.sections import split_locale

MAX_CANDIDATES = 50
# Built once: most of what is asked for and not there is settled by this one statement.
_IS_KNOWN = select(
    exists().where(DocumentText.kind == bindparam("kind"), DocumentText.slug == bindparam("slug"))
    | exists().where(OldUrl.kind == bindparam("kind"), OldUrl.path == bindparam("path"))
)


@dataclass(frozen=True, slots=True)
class Moved:
    """The path led to this document once, or leads to it under another spelling."""

    document: Document


class Gone:
    """The path led to something that was withdrawn for good."""


def document_url(session: Session, document: Document, locale: str) -> str:
    """The URL path of a document in a locale, percent-encoded, without the mount.

    Where it has no text in the locale and another document has its path there, it is the one in
    its own language.
    """
    if document.text(locale) is None and locale != document.source_locale:
        found = find_document(
            session, Kind(document.kind), locale, path_in(session, document, locale)
        )
        if isinstance(found, Document) and found.id != document.id:
            locale = document.source_locale
    return plain_url(session, document, locale)


def plain_url(session: Session, document: Document, locale: str) -> str:
    """The URL path that a document has in a locale if no other document has it."""
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


def locate(path: str, locales: Collection[str]) -> tuple[str | None, Kind, str]:
    """Locale, kind and path of the document that a URL of site or blog would have."""
    locale, parts = split_locale(path, locales)
    is_blog = parts[:1] == ["blog"]
    return locale, Kind.POST if is_blog else Kind.PAGE, "/".join(parts[is_blog:])


def is_live(document: Document, now: datetime) -> bool:
    """Whether visitors may see the document."""
    return document.listed_at is not None and document.listed_at <= now


def find_document(
    session: Session, kind: Kind, locale: str, path: str, now: datetime | None = None
) -> Document | Moved | Gone | None:
    """What a path means in a locale: a live document, where it moved to, Gone, or None.

    A document answers under its slug in the locale, or under its source's where it has none. Its
    source's path redirects once there is a translation. Old URLs come last: live pages win.
    """
    if len(path) > PATH_LENGTH or path.count("/") > MAX_DEPTH:
        return None
    path, now = path.strip("/"), now or datetime.now(UTC)
    if not _is_known(session, kind, path):
        return None
    finder = _find_posts if kind == Kind.POST else _find_pages
    candidates = finder(session, locale, path)
    live = [document for document in candidates if is_live(document, now)]
    for document in live:
        if path_in(session, document, locale) == path:
            return document
    if live:
        return Moved(live[0])
    return _find_old(session, kind, locale, path, now) or _gone(candidates)


def find_neutral(
    session: Session, kind: Kind, path: str, locale: str, order: Sequence[str], now: datetime
) -> Document | None:
    """The live document that a path without a locale names, in any language.

    Where two share it: the one in the wanted locale, then in the order given.
    """
    query = _with_texts().where(DocumentText.kind == kind, DocumentText.path == path.strip("/"))
    rows = [row for row in session.execute(query.limit(MAX_CANDIDATES)) if is_live(row[0], now)]
    rank = {name: place for place, name in enumerate(dict.fromkeys((*order, locale)))}
    rows.sort(key=lambda row: rank.get(row[1].locale, len(rank)))
    return rows[0][0] if rows else None


def _is_known(session: Session, kind: Kind, path: str) -> bool:
    """Whether any document has a slug that the path ends in, or ever had the path."""
    values = {"kind": kind, "path": path, "slug": path.rpartition("/")[2]}
    return bool(session.scalar(_IS_KNOWN, values))


def _find_posts(session: Session, locale: str, slug: str) -> list[Document]:
    """Posts with this slug in the locale, then those whose source has it."""
    query = _with_texts().where(DocumentText.kind == Kind.POST, DocumentText.path == slug)
    return _by_closeness(session, query, locale)


def _find_pages(session: Session, locale: str, path: str) -> list[Document]:
    """Pages at this path: by their stored path in the locale, else down the tree."""
    query = _with_texts().where(
        DocumentText.kind == Kind.PAGE, DocumentText.path == path, DocumentText.locale == locale
    )
    exact = _by_closeness(session, query, locale)
    return exact + [page for page in _walk(session, locale, path) if page not in exact]


def _walk(session: Session, locale: str, path: str) -> list[Document]:
    """Go down the tree by slugs of the locale or of the source, as a mixed path has them."""
    parents: list[Document] = []
    for depth, slug in enumerate(path.split("/")):
        place = Document.parent_id.in_([parent.id for parent in parents])
        query = _with_texts().where(
            Document.kind == Kind.PAGE,
            DocumentText.slug == slug,
            place if depth else Document.parent_id.is_(None),
        )
        parents = _by_closeness(session, query, locale)
        if not parents:
            break
    return parents


def _by_closeness(
    session: Session, query: Select[Document, DocumentText], locale: str
) -> list[Document]:
    """The documents found by a text in the locale, then those found by their source."""
    rows = session.execute(query.limit(MAX_CANDIDATES)).all()
    exact = [document for document, text in rows if text.locale == locale]
    sources = [document for document, text in rows if text.locale == document.source_locale]
    return list(dict.fromkeys(exact + sources))


def _find_old(
    session: Session, kind: Kind, locale: str, path: str, now: datetime
) -> Moved | Gone | None:
    mine = [
        owner
        for owner, row_locale in _old_rows(session, kind, path, locale)
        # A deleted document cannot say which of its texts stood in for the missing ones.
        if owner is None or row_locale in (locale, owner.source_locale)
    ]
    for owner in mine:
        if owner is not None and is_live(owner, now):
            return Moved(owner)
    return Gone() if mine else None


def find_old_neutral(
    session: Session, kind: Kind, path: str, now: datetime
) -> tuple[Document, str] | None:
    """The live document that an old path without a locale led to, and the locale of its text."""
    owners = old_owners(session, kind, path.strip("/"))
    return next((owner for owner in owners if is_live(owner[0], now)), None)


def old_owners(
    session: Session, kind: Kind, path: str, locale: str | None = None
) -> list[tuple[Document, str]]:
    """The documents that an old path led to, live or not, each with the locale of its text.

    That of the locale asked for comes first. Then an address that named no language outranks one
    that did, of which only the rest is looked up, and an original outranks a translation.
    """
    rows = _old_rows(session, kind, path, locale)
    return [(owner, row_locale) for owner, row_locale in rows if owner is not None]


def _old_rows(
    session: Session, kind: Kind, path: str, locale: str | None
) -> list[tuple[Document | None, str]]:
    query = select(OldUrl).where(OldUrl.kind == kind, OldUrl.path == path).order_by(OldUrl.id)
    rows = session.scalars(query.limit(MAX_CANDIDATES)).all()
    owners = [(session.get(Document, row.document_id or 0), row.locale) for row in rows]
    if len(owners) < 2:
        return owners
    named = _named_languages(session, kind, path, rows)

    def rank(pair: tuple[Document | None, str]) -> tuple[bool, bool, bool]:
        owner, row_locale = pair
        is_named = owner is not None and (owner.id, row_locale) in named
        is_translation = owner is not None and row_locale != owner.source_locale
        return row_locale != locale, is_named, is_translation

    return sorted(owners, key=rank)


def _named_languages(
    session: Session, kind: Kind, path: str, rows: Sequence[OldUrl]
) -> set[tuple[int, str]]:
    """The documents and locales for which an import keeps the path with its language before it, too."""
    below = f"blog/{path}" if kind == Kind.POST else path
    literal = {f"{row.locale}/{below}" for row in rows}
    query = select(OldUrl.document_id, OldUrl.locale, OldUrl.path).where(OldUrl.path.in_(literal))
    return {
        (number, locale)
        for number, locale, whole in session.execute(query)
        if number is not None and whole == f"{locale}/{below}"
    }


def _gone(candidates: Sequence[Document]) -> Gone | None:
    """A document that was out once and is not any more is gone, not unknown."""
    withdrawn = (one.published_at and one.state != State.PUBLISHED for one in candidates)
    return Gone() if any(withdrawn) else None


def _with_texts() -> Select[Document, DocumentText]:
    return (
        select(Document, DocumentText)
        .join(DocumentText, DocumentText.document_id == Document.id)
        .options(selectinload(Document.texts))
        .order_by(Document.id)
    )
