"""The pictures that stand for a document: its cover, and another one in shared links."""

import re

from sqlalchemy.orm import Session

from verso.content.documents import note_change
from verso.media.storage import find_by_key, media_url
from verso.models import Document, Media, Slot

_ADDRESS = re.compile(r"(?:https?://[^/]+)?(?:/[^/?#]+)*/media/([0-9a-f]{16})/[^?#]*(?:[?#].*)?")


class PictureUnknown(ValueError):
    """No medium has this address."""

    def __init__(self, address: str, slot: Slot) -> None:
        super().__init__(f"there is no medium at {address[:200]!r} for the {slot}")
        self.slot = slot


def picture_in(document: Document, slot: Slot) -> Media | None:
    """The picture of a document in one of its slots."""
    return document.cover if slot is Slot.COVER else document.sharing


def picture_address(document: Document, slot: Slot) -> str:
    """The address of the picture in a slot; empty where there is none."""
    media = picture_in(document, slot)
    return media_url(media) if media else ""


def find_picture(session: Session, slot: Slot, address: str) -> Media | None:
    """The medium at an address, with or without its host; None for no address. Raises PictureUnknown."""
    if not address:
        return None
    match = _ADDRESS.fullmatch(address)
    media = find_by_key(session, match[1]) if match else None
    if media is None:
        raise PictureUnknown(address, slot)
    return media


def set_picture(session: Session, document: Document, slot: Slot, address: str) -> None:
    """Put the picture at an address into a slot, or none. Raises PictureUnknown."""
    media = find_picture(session, slot, address)
    if picture_in(document, slot) is not media:
        setattr(document, slot, media)
        note_change(session, document)
