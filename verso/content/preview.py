"""A document as it would be if what is typed now were saved; nothing of it reaches the database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content import markdown
from verso.content.covers import PictureUnknown, find_picture
from verso.content.slugs import slugify
from verso.content.words import TextFields, put_words
from verso.models import (
    Author,
    AuthorLink,
    Document,
    DocumentText,
    Kind,
    Slot,
    State,
    Tag,
    TagLink,
    TagName,
)


def previewed(
    session: Session, document: Document | None, kind: Kind, locale: str, fields: TextFields
) -> Document:
    """The document, or a new one, with these words in this locale.

    The session must be one for reading that is thrown away: it is told to write nothing.
    """
    session.autoflush = False
    if document is None:
        document = _blank(kind, locale)
    text = document.text(locale)
    if text is None:
        text = DocumentText(locale=locale, kind=kind, cover_alt="", path="")
        document.texts.append(text)
    slug = fields.slug or slugify(fields.title) or "untitled"
    put_words(text, replace(fields, slug=slug, cover_alt=text.cover_alt))
    prefix = f"d{document.id}-"
    text.html = markdown.render(fields.body, id_prefix=prefix, lines=True).html
    if document.listed_at is None:
        document.listed_at = datetime.now(UTC)
    return document


def preview_picture(session: Session, document: Document, slot: Slot, address: str) -> None:
    """Let the previewed document have the picture at an address; a wrong one shows none."""
    with session.no_autoflush:
        try:
            picture = find_picture(session, slot, address)
        except PictureUnknown:
            picture = None
        setattr(document, slot, picture)


def preview_names(
    session: Session, document: Document, tags: Sequence[str], authors: Sequence[str]
) -> None:
    """Let the previewed document carry these tags and authors."""
    document.tag_links[:] = [
        TagLink(position=place, tag=_tag(session, name, document.source_locale))
        for place, name in enumerate(dict.fromkeys(tags))
    ]
    document.author_links[:] = [
        AuthorLink(position=place, author=_author(session, name))
        for place, name in enumerate(dict.fromkeys(authors))
    ]


def _blank(kind: Kind, locale: str) -> Document:
    """A document that is nowhere; no row has its id."""
    now = datetime.now(UTC)
    return Document(
        id=0,
        kind=kind,
        source_locale=locale,
        state=State.DRAFT,
        version=0,
        position=0,
        created_at=now,
        updated_at=now,
    )


def _tag(session: Session, name: str, locale: str) -> Tag:
    known = session.scalar(select(Tag).where(Tag.slug == slugify(name)))
    return known or Tag(slug=slugify(name) or "tag", names=[TagName(locale=locale, name=name)])


def _author(session: Session, name: str) -> Author:
    known = session.scalar(select(Author).where(Author.name == name))
    return known or Author(slug=slugify(name) or "author", name=name)
