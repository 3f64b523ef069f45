"""Where media are used: kept when a text is saved, so that asking costs nothing that grows."""

import re
from dataclasses import dataclass

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from verso.content.site_settings import LOGO, SHARING
from verso.models import Document, DocumentText, Media, MediaUse, SiteSetting, Slot

MOST = 200
_SLOTS = {Slot.COVER: Document.cover_id, Slot.SHARING: Document.sharing_id}
_KEY = re.compile(r"/media/([0-9a-f]{16})/")


@dataclass(frozen=True, slots=True)
class Use:
    """A text that shows a medium: in its body, or in a slot of its document."""

    document_id: int
    locale: str
    title: str
    slot: Slot | None


def note_uses(session: Session, text: DocumentText) -> None:
    """Remember which media the body of a text shows."""
    session.execute(delete(MediaUse).where(MediaUse.text_id == text.id))
    keys = set(_KEY.findall(text.body))
    if keys:
        for media_id in session.scalars(select(Media.id).where(Media.key.in_(keys))):
            session.add(MediaUse(text_id=text.id, media_id=media_id))


def uses_of(session: Session, media_id: int) -> list[Use]:
    """Where a medium is used, the slots first; the first 200 places of each kind."""
    texts = select(DocumentText.document_id, DocumentText.locale, DocumentText.title)
    sources = texts.join(Document, Document.id == DocumentText.document_id).where(
        DocumentText.locale == Document.source_locale
    )
    shown = texts.join(MediaUse, MediaUse.text_id == DocumentText.id)
    queries: list[tuple[Select[int, str, str], Slot | None]] = [
        *((sources.where(column == media_id), slot) for slot, column in _SLOTS.items()),
        (shown.where(MediaUse.media_id == media_id), None),
    ]
    return [
        Use(document_id, locale, title, slot)
        for query, slot in queries
        for document_id, locale, title in session.execute(
            query.order_by(DocumentText.document_id, DocumentText.locale).limit(MOST)
        )
    ]


def is_used(session: Session, media_id: int) -> bool:
    """Whether any document shows a medium."""
    in_slots = (exists().where(column == media_id) for column in _SLOTS.values())
    in_body = exists().where(MediaUse.media_id == media_id)
    return bool(session.scalar(select(or_(in_body, *in_slots))))


def stands_for_site(session: Session, media_id: int) -> bool:
    """Whether a medium is the logo of the site, or its picture for sharing."""
    settings = select(SiteSetting.value).where(SiteSetting.name.in_((LOGO[0], SHARING[0])))
    return str(media_id) in session.scalars(settings).all()
