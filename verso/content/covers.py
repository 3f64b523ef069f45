"""Covers: the picture that stands for a document in lists and in shared links."""

import re

from sqlalchemy.orm import Session

from verso.content.documents import note_change
from verso.media.storage import find_by_key, media_url
from verso.models import Document, Media

_ADDRESS = re.compile(r"(?:https?://[^/]+)?(?:/[^/?#]+)*/media/([0-9a-f]{16})/[^?#]*(?:[?#].*)?")


class CoverUnknown(ValueError):
    """No medium has this address."""


def cover_address(document: Document) -> str:
    """The address of a document's cover; empty where it has none."""
    return media_url(document.cover) if document.cover else ""


def find_cover(session: Session, address: str) -> Media | None:
    """The medium at an address, with or without its host; None for no address. Raises CoverUnknown."""
    if not address:
        return None
    match = _ADDRESS.fullmatch(address)
    media = find_by_key(session, match[1]) if match else None
    if media is None:
        raise CoverUnknown(address)
    return media


def set_cover(session: Session, document: Document, address: str) -> None:
    """Give a document the cover at an address, or none. Raises CoverUnknown."""
    cover = find_cover(session, address)
    if document.cover_id != (cover.id if cover else None):
        document.cover = cover
        note_change(session, document)
