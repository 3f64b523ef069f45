"""The shelf: media as editors look for them, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from verso.models import Media, MediaText

SHELF_SIZE = 48


@dataclass(frozen=True, slots=True)
class Place:
    """Between two media: what is older than this one follows."""

    moment: datetime
    id: int


@dataclass(frozen=True, slots=True)
class ShelfFilter:
    """What to show; an empty field shows all. missing is a locale without alt text."""

    words: str = ""
    missing: str = ""
    before: Place | None = None


def list_media(
    session: Session, chosen: ShelfFilter, size: int = SHELF_SIZE
) -> tuple[Sequence[Media], Place | None]:
    """One page of media, and the place from which the next page begins, if there is one."""
    query = select(Media)
    for word in chosen.words.split()[:10]:
        query = query.where(
            or_(
                Media.name.icontains(word, autoescape=True),
                Media.texts.any(MediaText.alt.icontains(word, autoescape=True)),
            )
        )
    if chosen.missing:
        query = query.where(~Media.texts.any(MediaText.locale == chosen.missing))
    if chosen.before is not None:
        place = chosen.before
        query = query.where(
            Media.created_at <= place.moment,
            or_(Media.created_at < place.moment, Media.id < place.id),
        )
    query = query.order_by(Media.created_at.desc(), Media.id.desc()).limit(size + 1)
    rows = session.scalars(query).all()
    if len(rows) <= size:
        return rows, None
    return rows[:size], Place(rows[size - 1].created_at, rows[size - 1].id)
