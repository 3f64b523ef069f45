"""The export: everything that is published, one JSON object per line, and how many at the end."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from verso.api.streams import Slots, get_slots, stream
from verso.content import changes
from verso.content.urls import plain_url
from verso.content.walk import live_after
from verso.db import Database, get_database
from verso.i18n.locales import Locales, get_locales
from verso.links import absolute
from verso.models import Document, DocumentText


def export() -> Response:
    """`GET /api/v1/export`: every live document with all its texts, as NDJSON."""
    lines = _lines(get_slots(), get_database(), get_locales(), absolute(""))
    response = stream(lines, "application/x-ndjson")
    name = f"verso-{datetime.now(UTC):%Y-%m-%d}.ndjson"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(slots: Slots, database: Database, locales: Locales, base: str) -> Iterator[bytes]:
    """The lines of some documents at a time; while they are sent, no connection is held."""
    with slots.taken():
        with database.reader() as session:
            began = changes.here(session, datetime.now(UTC))
        last_id = count = 0
        while True:
            with database.reader() as session:
                documents = live_after(session, last_id)
                lines = [_line(_document(session, one, locales, base)) for one in documents]
            if not documents:
                break
            last_id, count = documents[-1].id, count + len(documents)
            yield b"".join(lines)
        yield _line({"end": True, "count": count, "events_after": str(began)})


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _document(session: Session, document: Document, locales: Locales, base: str) -> dict[str, Any]:
    """A document without its texts in hidden languages, but for its source, which stands in for others."""
    shown = [
        text
        for text in document.texts
        if not locales.is_hidden(text.locale) or text.locale == document.source_locale
    ]
    return {
        "id": document.id,
        "kind": document.kind,
        "parent_id": document.parent_id,
        "source_lang": document.source_locale,
        "published_at": document.dated_at.isoformat() if document.dated_at else None,
        "updated_at": document.updated_at.isoformat(),
        "tags": [
            {"slug": tag.slug, "names": {name.locale: name.name for name in tag.names}}
            for tag in document.tags
        ],
        "authors": [{"slug": one.slug, "name": one.name} for one in document.authors],
        "texts": [_text(session, document, text, locales, base) for text in shown],
    }


def _text(
    session: Session, document: Document, text: DocumentText, locales: Locales, base: str
) -> dict[str, Any]:
    url_locale = locales.default if locales.is_hidden(text.locale) else text.locale
    return {
        "lang": text.locale,
        "url": base + plain_url(session, document, url_locale),
        "slug": text.slug,
        "title": text.title,
        "summary": text.summary,
        "search_title": text.search_title,
        "search_description": text.search_description,
        "content_markdown": text.body,
        "updated_at": text.updated_at.isoformat(),
    }
