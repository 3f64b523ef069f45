"""Looking into the inbox: groups by what was seen last, their hours, their events one by one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from verso.content.cursors import Cursor
from verso.errors.ids import is_error_id
from verso.errors.inbox.groups import prints_of
from verso.errors.occurrence import Occurrence
from verso.models import FailureEvent, FailureGroup, FailureHour, FailurePrint, GroupState

PAGE = 30
# What the people who look after the site still have to look at.
PENDING_STATES = (GroupState.OPEN, GroupState.REGRESSED)


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which groups to show; state "pending" means open or regressed, empty means every one."""

    section: str = ""
    state: str = "pending"
    words: str = ""
    before: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An event of a group, with the ids of its neighbours in time."""

    id: int
    occurrence: Occurrence
    older_id: int | None
    newer_id: int | None


def list_groups(
    session: Session, chosen: InboxFilter, size: int = PAGE
) -> tuple[list[FailureGroup], Cursor | None]:
    """The groups that were seen last, and the cursor of those before them."""
    query = _filtered(chosen)
    if chosen.before is not None:
        moment, number = chosen.before.moment, chosen.before.id
        same = (FailureGroup.last_seen == moment) & (FailureGroup.id < number)
        query = query.where((FailureGroup.last_seen < moment) | same)
    query = query.order_by(FailureGroup.last_seen.desc(), FailureGroup.id.desc())
    groups = list(session.scalars(query.limit(size + 1)))
    shown = groups[:size]
    more = Cursor(shown[-1].last_seen, shown[-1].id) if len(groups) > size else None
    return shown, more


def count_by_state(session: Session) -> dict[str, int]:
    """How many groups there are in each state."""
    query = select(FailureGroup.state, func.count()).group_by(FailureGroup.state)
    return {str(state): int(count) for state, count in session.execute(query)}


def hourly(
    session: Session, group_ids: Sequence[int], now: datetime, hours: int = 24
) -> dict[int, list[int]]:
    """Failures per hour of each group, the oldest hour first, the current one last."""
    last = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=hours - 1)
    counts = {group_id: [0] * hours for group_id in group_ids}
    query = (
        select(FailurePrint.group_id, FailureHour.hour, func.sum(FailureHour.count))
        .join(FailurePrint, FailurePrint.fingerprint == FailureHour.fingerprint)
        .where(FailurePrint.group_id.in_(group_ids), FailureHour.hour >= first)
        .group_by(FailurePrint.group_id, FailureHour.hour)
    )
    for group_id, hour, count in session.execute(query):
        place = int((hour - first).total_seconds() // 3600)
        if 0 <= place < hours:
            counts[group_id][place] = int(count)
    return counts


def hourly_of_all(session: Session, now: datetime, hours: int = 24) -> list[int]:
    """Failures per hour of all groups together, the oldest hour first, the current one last."""
    last = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=hours - 1)
    query = select(FailureHour.hour, func.sum(FailureHour.count)).where(FailureHour.hour >= first)
    found = {hour: int(count) for hour, count in session.execute(query.group_by(FailureHour.hour))}
    return [found.get(first + timedelta(hours=place), 0) for place in range(hours)]


def find_event(session: Session, group_id: int, event_id: int | None = None) -> Kept | None:
    """An event of a group, or its latest one."""
    mine = FailureEvent.group_id == group_id
    query = select(FailureEvent).where(mine).order_by(FailureEvent.id.desc()).limit(1)
    if event_id is not None:
        query = query.where(FailureEvent.id == event_id)
    event = session.scalar(query)
    if event is None:
        return None
    older = select(func.max(FailureEvent.id)).where(mine, FailureEvent.id < event.id)
    newer = select(func.min(FailureEvent.id)).where(mine, FailureEvent.id > event.id)
    occurrence = read_event(event)
    return Kept(event.id, occurrence, session.scalar(older), session.scalar(newer))


def read_event(event: FailureEvent) -> Occurrence:
    """The report of an event, also of one whose body was damaged."""
    try:
        return Occurrence.from_json(event.body)
    except ValueError:
        return Occurrence.unreadable(event.error_id, event.body)


def find_by_error_id(session: Session, error_id: str) -> tuple[int, int] | None:
    """Group and event of the error number that somebody read from a page, if it was kept."""
    query = select(FailureEvent.group_id, FailureEvent.id)
    row = session.execute(query.where(FailureEvent.error_id == error_id.upper())).first()
    return (row[0], row[1]) if row else None


def looks_like_error_id(words: str) -> bool:
    return is_error_id(words.strip().upper())


def explain(session: Session, group_id: int) -> list[Mapping[str, str]]:
    """Why failures are in this group: for each fingerprint, what was compared."""
    return [_reasons(one.grouped_by) for one in prints_of(session, group_id)]


def _reasons(text: str) -> dict[str, str]:
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError):
        return {"text": text}


def _filtered(chosen: InboxFilter) -> Select[FailureGroup]:
    query = select(FailureGroup)
    if chosen.state == "pending":
        query = query.where(FailureGroup.state.in_(PENDING_STATES))
    elif chosen.state:
        query = query.where(FailureGroup.state == chosen.state)
    if chosen.section:
        query = query.where(FailureGroup.section == chosen.section)
    for word in chosen.words.split()[:8]:
        text = FailureGroup.title + " " + FailureGroup.place
        query = query.where(func.lower(text).contains(word.lower(), autoescape=True))
    return query
