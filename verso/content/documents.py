"""Documents: create, save, publish, withdraw, move and delete; every change keeps every old URL."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content import changes, markdown, search
from verso.content.home import home_id, set_home
from verso.content.markdown import Rendered
from verso.content.paths import (
    Paths,
    count_moved,
    leave_old_urls,
    lock_tree,
    served_paths,
    withdraw_urls,
)
from verso.content.placing import checked_parent
from verso.content.slugs import check_slug
from verso.content.states import Step, take
from verso.content.uses import note_uses
from verso.content.words import REVISED, TextFields, put_words
from verso.models import Document, DocumentText, Kind, Revision, State


class NoDocument(LookupError):
    """There is no document of this id, or there is none any more."""

    def __init__(self, document_id: int) -> None:
        super().__init__(f"there is no document {document_id}")


class StaleDocument(Exception):
    """Somebody saved the document since this editor opened it."""

    def __init__(self, document: Document, expected: int) -> None:
        super().__init__(f"document {document.id} is at version {document.version}, not {expected}")
        self.document = document


class SlugTaken(ValueError):
    """Another document already answers at this path."""

    def __init__(self, path: str, locale: str) -> None:
        super().__init__(f"{path!r} is already taken in {locale}")
        self.path = path
        self.locale = locale


def get_for_change(session: Session, document_id: int, version: int | None = None) -> Document:
    """The document, locked for this transaction; StaleDocument if its version is another.

    Raises NoDocument if there is none.
    """
    document = session.get(Document, document_id, with_for_update=True)
    if document is None:
        raise NoDocument(document_id)
    if version is not None and document.version != version:
        raise StaleDocument(document, version)
    return document


def create_document(
    session: Session,
    kind: Kind,
    locale: str,
    fields: TextFields,
    *,
    locales: Sequence[str],
    parent_id: int | None = None,
    position: int = 0,
    in_menu: bool = False,
    user_id: int | None = None,
    now: datetime | None = None,
) -> Document:
    """A new draft with one text, in its source locale.

    Raises SlugRefused or SlugTaken.
    """
    now = now or datetime.now(UTC)
    document = Document(
        kind=kind,
        parent_id=checked_parent(session, kind, None, parent_id),
        position=position,
        in_menu=in_menu,
        source_locale=locale,
        state=State.DRAFT,
        user_id=user_id,
        version=0,
        created_at=now,
        updated_at=now,
    )
    session.add(document)
    session.flush()
    save_text(session, document, locale, fields, locales=locales, user_id=user_id, now=now)
    return document


def save_text(
    session: Session,
    document: Document,
    locale: str,
    fields: TextFields,
    *,
    locales: Sequence[str],
    user_id: int | None = None,
    now: datetime | None = None,
    rendered: Rendered | None = None,
) -> DocumentText:
    """Save the words of one locale, as a new revision; a changed slug leaves the old URLs behind.

    rendered is what `render_body` made of the body, where that was done before the database was locked.

    Raises SlugRefused or SlugTaken; a race for the same path ends in SQLAlchemy's IntegrityError.
    """
    now = now or datetime.now(UTC)
    top_level = document.parent_id is None
    check_slug(fields.slug, document.kind, top_level=top_level, locales=locales)
    before = served_paths(session, document)
    text = document.text(locale)
    if text is None:
        text = DocumentText(kind=document.kind, locale=locale, slug=fields.slug, path="")
        text.document_id = document.id
        document.texts.append(text)
    put_words(text, fields)
    text.updated_at = now
    rendered = rendered or render_body(document.id, fields.body)
    text.html = rendered.html
    _settle(session, document, before, now, [locale])
    text.version = document.version
    search.index_text(session, text, rendered.plain)
    note_uses(session, text)
    session.add(_revision(document, text, user_id, now))
    return text


def render_body(document_id: int, body: str) -> Rendered:
    """A body as it will be shown and found, with ids that no other document on the same page has."""
    return markdown.render(body, id_prefix=f"d{document_id}-")


def note_change(session: Session, document: Document) -> None:
    """Count a change of what stands beside the words, like tags or the state."""
    _touch(session, document, datetime.now(UTC), _locales(document))


def delete_text(session: Session, document: Document, locale: str) -> None:
    """Remove a translation; ValueError for the source, which only goes with the document."""
    if locale == document.source_locale:
        raise ValueError(f"{locale} is the source of document {document.id}: delete the document")
    text = document.text(locale)
    if text is None:
        return
    now = datetime.now(UTC)
    before = served_paths(session, document)
    search.remove_texts(session, [text.id])
    document.texts.remove(text)
    session.flush()
    _settle(session, document, before, now, [locale])


def publish(session: Session, document: Document, at: datetime | None = None) -> None:
    """Show the document from `at` on: a time to come schedules it, none means now.

    A document that is already out keeps its date unless a new one is given.
    """
    now = datetime.now(UTC)
    take(document, Step.PUBLISH)
    document.published_at = at or document.published_at or now
    if at is None and document.published_at > now:
        document.published_at = now
    _touch(session, document, now, _locales(document))


def withdraw(session: Session, document: Document, state: State = State.DRAFT) -> None:
    """Take the document off the site, as a DRAFT or ARCHIVED; its URLs then answer 410.

    Raises StepRefused when it is there already.
    """
    if state not in (State.DRAFT, State.ARCHIVED):
        raise ValueError(f"a document is withdrawn to draft or archived, not to {state}")
    take(document, Step.ARCHIVE if state == State.ARCHIVED else Step.UNPUBLISH)
    note_change(session, document)


def move(
    session: Session,
    document: Document,
    parent_id: int | None,
    position: int,
    *,
    in_menu: bool,
    locales: Sequence[str],
) -> int:
    """Put a page elsewhere in the tree; the old URLs of it and of all below it redirect.

    Returns how many addresses that readers may know are others now. Raises MoveRefused when the new
    parent is the page itself, below it, or no page; SlugTaken; SlugRefused when a route needs its slug.
    """
    now = datetime.now(UTC)
    lock_tree(session)
    if parent_id == document.parent_id:
        # Among its neighbours, however many stand below it: no address is another.
        document.position, document.in_menu = position, in_menu
        note_change(session, document)
        return 0
    before = served_paths(session, document)
    document.parent_id = checked_parent(session, Kind(document.kind), document, parent_id)
    document.position, document.in_menu = position, in_menu
    for text in document.texts:
        top_level = document.parent_id is None
        check_slug(text.slug, document.kind, top_level=top_level, locales=locales)
    session.flush()
    _settle(session, document, before, now, _locales(document))
    return count_moved(session, before, served_paths(session, document))


def delete(session: Session, document: Document, *, locales: Sequence[str]) -> None:
    """Delete a document for good; its URLs answer 410. Pages below it move up to its parent.

    Raises SlugTaken or SlugRefused when one of them cannot stand there.
    """
    now = datetime.now(UTC)
    for child in session.scalars(select(Document).where(Document.parent_id == document.id)):
        place = document.parent_id, child.position
        move(session, child, *place, in_menu=child.in_menu, locales=locales)
    if home_id(session) == document.id:
        set_home(session, None)
    changes.note_deleted(session, document)
    withdraw_urls(session, document, now)
    search.remove_texts(session, [text.id for text in document.texts])
    session.delete(document)
    session.flush()


def _revision(
    document: Document, text: DocumentText, user_id: int | None, now: datetime
) -> Revision:
    return Revision(
        document_id=document.id,
        locale=text.locale,
        version=document.version,
        user_id=user_id,
        created_at=now,
        **{name: getattr(text, name) for name in REVISED},
    )


def _settle(
    session: Session, document: Document, before: Paths, now: datetime, locales: Collection[str]
) -> None:
    """After a change of slug or place: check and store the paths, and keep the old URLs."""
    taken = leave_old_urls(session, document, before, now)
    if taken is not None:
        raise SlugTaken(*taken)
    if len(before) > 1:
        _note_moved(session, served_paths(session, document), before)
    _touch(session, document, now, locales)


def _note_moved(session: Session, after: Paths, before: Paths) -> None:
    """A page takes the pages below it along: their addresses changed too."""
    for document_id in after.keys() & before.keys():
        if after[document_id] != before[document_id]:
            moved = session.get_one(Document, document_id)
            changes.note(session, moved, _locales(moved))


def _touch(session: Session, document: Document, now: datetime, locales: Collection[str]) -> None:
    """Count the change, journal it for these locales, and repeat `listed_at` where lists walk."""
    changes.note(session, document, locales)
    document.version += 1
    document.updated_at = now
    published = document.state == State.PUBLISHED
    document.listed_at = document.published_at if published else None
    for text in document.texts:
        text.listed_at = document.listed_at
    for tag_link in document.tag_links:
        tag_link.listed_at = document.listed_at
    for author_link in document.author_links:
        author_link.listed_at = document.listed_at


def _locales(document: Document) -> list[str]:
    return [text.locale for text in document.texts]
