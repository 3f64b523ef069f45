"""The audit log: one function that writes down who did what to whom; secrets never reach it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import Session

from verso.content.cursors import Cursor
from verso.db import delete_piece
from verso.models import AuditEvent, Document, Media, User
from verso.people.deeds import DEEDS, deeds_named

PAGE_SIZE = 50
MAX_DETAIL = 500
# What is in the log of the program too, one line each: ways in, and who opened or closed them.
_LOGGED = frozenset(
    {
        "signed-in",
        "sign-in-failed",
        "signed-out",
        "password-reset",
        "code-refused",
        "person-changed",
    }
)

log = structlog.get_logger("verso.people")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a deed was done to: its kind, its number if it has one, and what it is called now."""

    kind: str
    id: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which events to list: of one person, one action, with these words; before a place.

    Words are looked for in titles, addresses of people, and the names of deeds as the reader sees them.
    """

    user_id: int | None = None
    action: str = ""
    words: str = ""
    before: Cursor | None = None


def record(
    session: Session, user_id: int | None, action: str, subject: Subject, **detail: object
) -> None:
    """Write down what somebody did, in the transaction that does it; None is nobody known.

    Raises ValueError for a deed that has no words in deeds.py.
    """
    if action not in DEEDS:
        raise ValueError(f"{action!r} is no deed that the audit log has words for")
    user = session.get(User, user_id) if user_id is not None else None
    kept = {name: str(value)[:MAX_DETAIL] for name, value in detail.items() if value is not None}
    event = AuditEvent(
        at=datetime.now(UTC),
        user_id=user_id,
        who=user.email if user else "",
        action=action,
        object_kind=subject.kind,
        object_id=subject.id,
        title=subject.title[:300],
        detail=kept,
    )
    session.add(event)
    if action in _LOGGED:
        log.info(action, user_id=user_id, object=subject.kind, object_id=subject.id, **kept)


def of_document(document: Document) -> Subject:
    """A document as the subject of a deed."""
    return Subject(document.kind, document.id, document.source.title)


def of_medium(media: Media) -> Subject:
    """A medium as the subject of a deed."""
    return Subject("medium", media.id, media.name)


def of_person(user: User) -> Subject:
    """Somebody as the subject of a deed."""
    return Subject("person", user.id, user.email)


def list_events(
    session: Session, chosen: AuditFilter, size: int = PAGE_SIZE
) -> tuple[Sequence[AuditEvent], Cursor | None]:
    """A page of events, the newest first, and where the older ones begin."""
    query = _chosen(chosen).limit(size + 1)
    if chosen.before is not None:
        place = (chosen.before.moment, chosen.before.id)
        query = query.where(tuple_(AuditEvent.at, AuditEvent.id) < place)
    found = session.scalars(query).all()
    last = found[size - 1] if len(found) > size else None
    return found[:size], Cursor(last.at, last.id) if last else None


def all_events(session: Session, chosen: AuditFilter) -> Iterator[AuditEvent]:
    """Every event that is chosen, the newest first, read in batches."""
    while True:
        events, older = list_events(session, chosen, 1000)
        yield from events
        session.expunge_all()
        if older is None:
            return
        chosen = AuditFilter(chosen.user_id, chosen.action, chosen.words, older)


def known_actions(session: Session) -> Sequence[str]:
    """The actions that stand in the log, in order."""
    return session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)).all()


def prune(session: Session, days: int) -> int:
    """Delete some of the events that are older than this, the oldest first; how many that were."""
    horizon = datetime.now(UTC) - timedelta(days=days)
    return delete_piece(session, AuditEvent, AuditEvent.at < horizon, order=AuditEvent.at)


def _chosen(chosen: AuditFilter) -> Select[AuditEvent]:
    query = select(AuditEvent).order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    if chosen.user_id is not None:
        query = query.where(AuditEvent.user_id == chosen.user_id)
    if chosen.action:
        query = query.where(AuditEvent.action == chosen.action)
    for word in chosen.words.split():
        columns = (AuditEvent.title, AuditEvent.who)
        held = [one.icontains(word, autoescape=True) for one in columns]
        query = query.where(or_(*held, AuditEvent.action.in_(deeds_named(word))))
    return query
