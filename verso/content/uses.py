"""Where media are used: kept when a text is saved, so that asking costs nothing that grows."""

import re
from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from verso.content.site_settings import LOGO, SHARING
from verso.models import Document, DocumentText, Media, MediaUse, SiteSetting

MOST = 200
_KEY = re.compile(r"/media/([0-9a-f]{16})/")


@dataclass(frozen=True, slots=True)
class Use:
    """A text that shows a medium: in its body, or as the cover of its document."""

    document_id: int
    locale: str
    title: str
    is_cover: bool


def note_uses(session: Session, text: DocumentText) -> None:
    """Remember which media the body of a text shows."""
    session.execute(delete(MediaUse).where(MediaUse.text_id == text.id))
    keys = set(_KEY.findall(text.body))
    if keys:
        for media_id in session.scalars(select(Media.id).where(Media.key.in_(keys))):
            session.add(MediaUse(text_id=text.id, media_id=media_id))


def uses_of(session: Session, media_id: int) -> list[Use]:
    """Where a medium is used, covers first; the first 200 places of each kind."""
    columns = (DocumentText.document_id, DocumentText.locale, DocumentText.title)
    covers = (
        select(*columns)
        .join(Document, Document.id == DocumentText.document_id)
        .where(Document.cover_id == media_id, DocumentText.locale == Document.source_locale)
    )
    bodies = (
        select(*columns)
        .join(MediaUse, MediaUse.text_id == DocumentText.id)
        .where(MediaUse.media_id == media_id)
    )
    return [
        Use(document_id, locale, title, is_cover)
        for query, is_cover in ((covers, True), (bodies, False))
        for document_id, locale, title in session.execute(
            query.order_by(DocumentText.document_id, DocumentText.locale).limit(MOST)
        )
    ]


def is_used(session: Session, media_id: int) -> bool:
    """Whether any document shows a medium."""
    as_cover = exists().where(Document.cover_id == media_id)
    in_body = exists().where(MediaUse.media_id == media_id)
    return bool(session.scalar(select(as_cover | in_body)))


def stands_for_site(session: Session, media_id: int) -> bool:
    """Whether a medium is the logo of the site, or its picture for sharing."""
    settings = select(SiteSetting.value).where(SiteSetting.name.in_((LOGO[0], SHARING[0])))
    return str(media_id) in session.scalars(settings).all()
