"""Paths of documents: what each is in each locale, stored for lookups, and kept when they change."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from verso.content.slugs import is_reserved
from verso.models import Document, DocumentText, Kind, OldUrl
from verso.models.documents import PATH_LENGTH, SLUG_LENGTH

# The key of the path that consists of source slugs only: what a locale without any translation sees.
SOURCE = ""
MAX_DEPTH = 20
# Any number that nothing else in the database locks.
TREE_LOCK = 7_265_736
Paths = Mapping[int, Mapping[str, str]]


def path_in(session: Session, document: Document, locale: str) -> str:
    """The path of a document in a locale: its own slug and those above it, else their sources'."""
    slugs = [one.text_or_source(locale).slug for one in ancestry(session, document)]
    return "/".join(reversed(slugs))


def ancestry(session: Session, document: Document) -> list[Document]:
    """A document and the pages above it, up to MAX_DEPTH of them."""
    found = [document]
    while found[-1].parent_id is not None and len(found) <= MAX_DEPTH:
        above = session.get(Document, found[-1].parent_id)
        if above is None:
            break
        found.append(above)
    return found


def served_paths(session: Session, document: Document) -> Paths:
    """The paths of a document and of all pages below it, by document id and locale."""
    if not document.texts:
        return {}
    locales = {SOURCE, *_locales_above(session, document)}
    found: dict[int, dict[str, str]] = {}
    for one in _subtree(session, document):
        locales |= {text.locale for text in one.texts}
        found[one.id] = {locale: path_in(session, one, locale) for locale in locales}
    return found


def leave_old_urls(
    session: Session, document: Document, before: Paths, now: datetime
) -> tuple[str, str] | None:
    """Store the new paths of a changed document and keep the old ones as OldUrl.

    Returns the path and locale that another document already has, or None.
    """
    for one in _subtree(session, document):
        for text in one.texts:
            path = path_in(session, one, text.locale)
            if len(path) > PATH_LENGTH:
                return path, text.locale
            if path != text.path and is_taken(session, one.kind, path, text.locale, one.id):
                return path, text.locale
            text.path = path
        if one.published_at is not None:
            _keep(session, one, before.get(one.id, {}), now)
    session.flush()
    return None


def is_taken(
    session: Session, kind: str, path: str, locale: str, document_id: int | None = None
) -> bool:
    """Whether a document, another than this one, answers at a path."""
    query = select(DocumentText.id).where(
        DocumentText.kind == kind, DocumentText.path == path, DocumentText.locale == locale
    )
    if document_id is not None:
        query = query.where(DocumentText.document_id != document_id)
    with session.no_autoflush:
        return session.scalar(query) is not None


def free_slug(
    session: Session,
    kind: str,
    slug: str,
    locale: str,
    *,
    locales: Collection[str],
    above: str = "",
    first: int = 1,
) -> str:
    """The slug, or with a number that makes it free below a path: `about`, `about-2`.

    Numbers begin at `first`; 1 is the slug itself. Of very many with the same slug few are looked at.
    """

    def numbered(number: int) -> str:
        return slug if number == 1 else f"{slug[: SLUG_LENGTH - 8]}-{number}"

    def is_free(number: int) -> bool:
        free = numbered(number)
        path = f"{above}/{free}" if above else free
        is_wanted = is_reserved(free, kind, top_level=not above, locales=locales)
        return not is_wanted and not is_taken(session, kind, path, locale)

    taken, free = first - 1, first
    while not is_free(free):
        taken, free = free, free * 2
    while free - taken > 1:
        middle = (taken + free) // 2
        taken, free = (taken, middle) if is_free(middle) else (middle, free)
    return numbered(free)


def count_moved(session: Session, before: Paths, after: Paths) -> int:
    """How many addresses of documents that were ever out are others now: one for each text.

    The addresses at which languages without a text show the source are not counted; they redirect all the same.
    """
    known = [session.get_one(Document, document_id) for document_id in before]
    texts = [text for one in known if one.published_at is not None for text in one.texts]
    return sum(_path_of(text, before) != _path_of(text, after) for text in texts)


def _path_of(text: DocumentText, paths: Paths) -> str:
    found = paths[text.document_id]
    return found.get(text.locale, found[SOURCE])


def withdraw_urls(session: Session, document: Document, now: datetime) -> None:
    """Before a document is deleted: its URLs, current and old, belong to nobody and answer 410."""
    if document.published_at is not None:
        for locale, path in served_paths(session, document).get(document.id, {}).items():
            add_old_url(session, document.kind, path, locale or document.source_locale, None, now)
    session.execute(
        update(OldUrl).where(OldUrl.document_id == document.id).values(document_id=None)
    )


def lock_tree(session: Session) -> None:
    """Let one transaction at a time move pages: two at once could make a circle of them."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TREE_LOCK)))


def add_old_url(
    session: Session, kind: str, path: str, locale: str, document_id: int | None, now: datetime
) -> bool:
    """Remember that a path led to a document; the last owner wins. False if it was known already."""
    query = select(OldUrl).where(OldUrl.kind == kind, OldUrl.path == path, OldUrl.locale == locale)
    known = session.scalar(query)
    if known is None:
        session.add(
            OldUrl(kind=kind, path=path, locale=locale, document_id=document_id, created_at=now)
        )
        session.flush()
        return True
    if known.document_id == document_id:
        return False
    known.document_id = document_id
    return True


def _keep(session: Session, document: Document, before: Mapping[str, str], now: datetime) -> None:
    for locale, path in before.items():
        current = path_in(session, document, locale)
        if path != current:
            add_old_url(
                session, document.kind, path, locale or document.source_locale, document.id, now
            )
        # A document that comes back to an old path of its own needs no redirect there.
        session.execute(
            delete(OldUrl).where(
                OldUrl.kind == document.kind,
                OldUrl.path == current,
                OldUrl.locale == (locale or document.source_locale),
                OldUrl.document_id == document.id,
            )
        )


def _subtree(session: Session, document: Document) -> list[Document]:
    if document.kind == Kind.POST:
        return [document]
    found = [document]
    for one in found:
        query = select(Document).where(Document.parent_id == one.id).order_by(Document.id)
        with session.no_autoflush:
            found.extend(child for child in session.scalars(query) if child not in found)
    return found


def _locales_above(session: Session, document: Document) -> set[str]:
    return {text.locale for one in ancestry(session, document) for text in one.texts}
