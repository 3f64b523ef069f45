"""Copying a document: a new draft with the same words in every language, at addresses that are free."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from verso.content import documents, taxonomy
from verso.content.editing import names_of
from verso.content.paths import free_slug
from verso.content.words import TextFields, words_of
from verso.models import Document, DocumentText, Kind


def copy_document(
    session: Session, document: Document, *, locales: Sequence[str], user_id: int
) -> Document:
    """A new draft of somebody with all texts of a document, beside it; not in the menu.

    Raises SlugTaken where the path of a copy would be too long.
    """
    source = document.source
    made = documents.create_document(
        session,
        Kind(document.kind),
        source.locale,
        _copied(session, document, source, locales),
        locales=locales,
        parent_id=document.parent_id,
        position=document.position,
        user_id=user_id,
    )
    made.cover_id, made.sharing_id = document.cover_id, document.sharing_id
    for text in document.texts:
        if text is not source:
            words = _copied(session, document, text, locales)
            documents.save_text(session, made, text.locale, words, locales=locales, user_id=user_id)
    if document.kind == Kind.POST:
        taxonomy.put_tags(session, made, [tag.slug for tag in document.tags])
        taxonomy.set_authors(session, made, names_of(document, source.locale)[1])
    return made


def _copied(
    session: Session, document: Document, text: DocumentText, locales: Sequence[str]
) -> TextFields:
    """The words of a text, with the first slug that is free: `about-2`."""
    above = text.path.rpartition("/")[0]
    slug = free_slug(
        session, document.kind, text.slug, text.locale, locales=locales, above=above, first=2
    )
    return replace(words_of(text), slug=slug)
