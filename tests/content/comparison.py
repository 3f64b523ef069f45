"""What two instances hold, without ids and times of writing, so that they can be compared."""

import re
from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content.page_marks import PAGES
from verso.db import Database
from verso.models import Document, Media, OldUrl, SiteSetting, Tag


def contents(database: Database) -> dict[Any, Any]:
    """Documents by kind, path and language; settings, media, tags and withdrawn URLs."""
    with database.reader() as session:
        documents = session.scalars(select(Document)).all()
        keys = {document.id: _key(document) for document in documents}
        old: dict[int | None, set[tuple[str, str, str]]] = defaultdict(set)
        for row in session.scalars(select(OldUrl)):
            old[row.document_id].add((row.kind, row.locale, row.path))
        found: dict[Any, Any] = {
            keys[document.id]: _document(document, keys, old) for document in documents
        }
        settings = session.scalars(
            select(SiteSetting).where(SiteSetting.name.not_in(("home", PAGES[0])))
        )
        home = session.get(SiteSetting, ("home", ""))
        found["home"] = keys[int(home.value)] if home else None
        found["settings"] = {(one.name, one.locale): one.value for one in settings}
        found["gone"] = old[None]
        found["media"] = {media.digest: media.content_type for media in _media(session)}
        found["tags"] = {tag.slug: _names(tag) for tag in session.scalars(select(Tag))}
    return found


def _key(document: Document) -> tuple[str, str, str]:
    return document.kind, document.source_locale, document.source.path


def _document(document: Document, keys: dict[int, Any], old: dict[Any, Any]) -> dict[str, Any]:
    return {
        "parent": keys.get(document.parent_id or 0),
        "menu": (document.position, document.in_menu),
        "state": document.state,
        "dates": (document.published_at, document.listed_at, document.created_at),
        "cover": document.cover.digest if document.cover else None,
        "tags": [tag.slug for tag in document.tags],
        "authors": [(author.slug, author.name) for author in document.authors],
        "old": old[document.id],
        "texts": {
            text.locale: (text.title, text.path, text.summary, text.cover_alt, text.updated_at)
            for text in document.texts
        },
        "sharing": document.sharing.digest if document.sharing else None,
        "search": {
            text.locale: (text.search_title, text.search_description) for text in document.texts
        },
        "html": {text.locale: _html(document, text.html) for text in document.texts},
    }


def _html(document: Document, html: str) -> str:
    """The HTML without ids of the database; an image is what its digest says, not its name."""
    html = re.sub(r"(/media/[0-9a-f]{16}/)[^\"]+", r"\1", html)
    return html.replace(f"d{document.id}-fn", "fn")


def _media(session: Session) -> list[Media]:
    return list(session.scalars(select(Media)))


def _names(tag: Tag) -> dict[str, str]:
    return {name.locale: name.name for name in tag.names}
