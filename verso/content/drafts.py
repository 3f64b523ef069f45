"""Drafts: every open form keeps what is typed in a lane of its own, so none overwrites another."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from verso.models import Draft
from verso.models.drafts import LANE_LENGTH

_WORDS = ("title", "slug", "summary", "body", "search_title", "search_description")
_TYPED = (*_WORDS, "tags", "authors", "cover", "sharing")
# With what stood there when the form was opened: who goes on with a draft takes nobody's names away.
FIELDS = (*_TYPED, "tags_before", "authors_before", "cover_before", "sharing_before")
# Of one person; more than anybody types at a time, and a bound for what a broken client can write.
MAX_DRAFTS = 200

_LANE = re.compile(rf"[A-Za-z0-9_-]{{8,{LANE_LENGTH}}}")


class TooManyDrafts(Exception):
    """Somebody has as many unsaved texts as are kept."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The place of one open form: its token, and how often something was kept in it."""

    token: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """What a draft is a draft of; document_id is None for a new document."""

    kind: str
    document_id: int | None
    locale: str
    opened_version: int


def new_lane() -> Lane:
    """A lane for a form that is being opened."""
    return Lane(secrets.token_urlsafe(12))


def is_lane(token: str) -> bool:
    """Whether this could be the token of a lane."""
    return _LANE.fullmatch(token) is not None


def keep_draft(
    session: Session, user_id: int, lane: Lane, place: Place, fields: Mapping[str, str]
) -> Draft:
    """Keep what was typed; in a new lane if another form went on in this one meanwhile.

    Raises TooManyDrafts, and ValueError for a token that is none.
    """
    if not is_lane(lane.token):
        raise ValueError(f"{lane.token[:100]!r} is not the token of a form")
    draft = find_draft(session, user_id, lane.token, lock=True)
    if draft is not None and draft.version != lane.version:
        if draft.fields == dict(fields):
            return draft
        draft, lane = None, new_lane()
    if draft is None:
        _check_room(session, user_id)
        draft = Draft(user_id=user_id, lane=lane.token, version=0)
        session.add(draft)
    draft.kind, draft.document_id, draft.locale = place.kind, place.document_id, place.locale
    draft.opened_version = place.opened_version
    draft.fields = dict(fields)
    draft.version += 1
    draft.updated_at = datetime.now(UTC)
    session.flush()
    return draft


def drop_draft(session: Session, user_id: int, lane: Lane) -> None:
    """Forget a lane whose text was saved or thrown away; what another form kept there since stays."""
    session.execute(
        delete(Draft).where(
            Draft.user_id == user_id, Draft.lane == lane.token, Draft.version <= lane.version
        )
    )


def find_draft(session: Session, user_id: int, token: str, *, lock: bool = False) -> Draft | None:
    """Somebody's own draft by the token of its lane; nobody finds another's."""
    query = select(Draft).where(Draft.user_id == user_id, Draft.lane == token)
    return session.scalar(query.with_for_update() if lock else query)


def drafts_of(session: Session, user_id: int, limit: int) -> Sequence[Draft]:
    """Somebody's unsaved texts, the latest first."""
    query = select(Draft).where(Draft.user_id == user_id)
    return session.scalars(query.order_by(Draft.updated_at.desc(), Draft.id).limit(limit)).all()


def drafts_for(session: Session, user_id: int, document_id: int, locale: str) -> Sequence[Draft]:
    """Somebody's unsaved texts of one document in one locale, the latest first."""
    query = select(Draft).where(
        Draft.document_id == document_id, Draft.locale == locale, Draft.user_id == user_id
    )
    return session.scalars(query.order_by(Draft.updated_at.desc(), Draft.id)).all()


def _check_room(session: Session, user_id: int) -> None:
    count = select(func.count()).select_from(Draft).where(Draft.user_id == user_id)
    if session.scalars(count).one() >= MAX_DRAFTS:
        raise TooManyDrafts
