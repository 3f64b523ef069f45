"""Taking failures into the inbox: counted in their group, kept by example, and what that means."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from verso.errors.grouping import fingerprint_of, normal_text
from verso.errors.inbox.pending import PendingGroup
from verso.errors.occurrence import Occurrence
from verso.models import FailureEvent, FailureGroup, FailureHour, FailurePrint, GroupState
from verso.models.failures import TITLE_LENGTH


class News(StrEnum):
    """What a failure means for its group."""

    NEW = "new"
    REGRESSED = "regressed"
    AWAKE = "awake"
    AGAIN = "again"
    MUTED = "muted"


WORTH_A_MAIL = frozenset({News.NEW, News.REGRESSED, News.AWAKE})


@dataclass(frozen=True, slots=True)
class Told:
    """What the inbox says of failures that it took in: the group as it now stands, and the latest."""

    news: News
    group_id: int
    count: int
    latest: Occurrence


def store(session: Session, pending: Iterable[PendingGroup], events_kept: int) -> list[Told]:
    """Take failures in, within a writing transaction; each group keeps its first and latest events."""
    return [
        _store_group(session, group, events_kept)
        for waiting in pending
        for group in _split_by_text(session, waiting)
    ]


def _store_group(session: Session, pending: PendingGroup, events_kept: int) -> Told:
    known = session.get(FailurePrint, pending.fingerprint)
    latest = pending.events[-1]
    if known is None:
        known = _new_print(session, latest, _new_group(session, pending).id)
    group = session.get_one(FailureGroup, known.group_id, with_for_update=True)
    is_first = group.count == 0
    known.count += pending.count
    group.count += pending.count
    group.last_seen = max(group.last_seen, latest.moment)
    group.first_seen = min(group.first_seen, pending.first.moment)
    _count_hours(session, pending.fingerprint, pending.hours)
    _keep_events(session, group, pending.events)
    trim_group(session, group, events_kept)
    return Told(_news(group, is_first=is_first), group.id, group.count, latest)


def _news(group: FailureGroup, *, is_first: bool) -> News:
    """What the failures mean, and the state that follows from it."""
    if is_first:
        return News.NEW
    if group.state == GroupState.RESOLVED:
        _set_state(group, GroupState.REGRESSED)
        return News.REGRESSED
    if group.state != GroupState.MUTED:
        return News.AGAIN
    if group.wakes_at is None or group.count < group.wakes_at:
        return News.MUTED
    _set_state(group, GroupState.OPEN)
    group.wakes_at = None
    return News.AWAKE


def _set_state(group: FailureGroup, state: GroupState) -> None:
    group.state, group.changed_at = state, datetime.now(UTC)


def _new_group(session: Session, pending: PendingGroup) -> FailureGroup:
    first = pending.first
    group = FailureGroup(
        state=GroupState.OPEN,
        section=first.section,
        title=first.title[:TITLE_LENGTH],
        place=first.place[:TITLE_LENGTH],
        count=0,
        size=0,
        told=0,
        first_seen=first.moment,
        last_seen=first.moment,
        changed_at=datetime.now(UTC),
    )
    session.add(group)
    session.flush()
    return group


def _new_print(session: Session, occurrence: Occurrence, group_id: int) -> FailurePrint:
    made = FailurePrint(
        fingerprint=occurrence.fingerprint,
        group_id=group_id,
        grouped_by=json.dumps(occurrence.grouped_by, ensure_ascii=False),
        by_text=False,
        count=0,
    )
    session.add(made)
    session.flush()
    return made


def _count_hours(session: Session, fingerprint: str, hours: Counter[datetime]) -> None:
    for hour, count in hours.items():
        row = session.get(FailureHour, (fingerprint, hour))
        if row is None:
            session.add(FailureHour(fingerprint=fingerprint, hour=hour, count=count))
        else:
            row.count += count
    session.flush()


def _keep_events(session: Session, group: FailureGroup, events: Sequence[Occurrence]) -> None:
    ids = [one.error_id for one in events]
    there = set(
        session.scalars(select(FailureEvent.error_id).where(FailureEvent.error_id.in_(ids)))
    )
    for one in events:
        if one.error_id not in there:
            body = one.to_json()
            session.add(
                FailureEvent(
                    group_id=group.id,
                    fingerprint=one.fingerprint,
                    error_id=one.error_id,
                    at=one.moment,
                    body=body,
                )
            )
            group.size += len(body)
    session.flush()


def trim_group(session: Session, group: FailureGroup, events_kept: int) -> None:
    """Delete what is between the first event of a group and its latest ones."""
    mine = select(FailureEvent.id).where(FailureEvent.group_id == group.id)
    latest = mine.order_by(FailureEvent.id.desc())
    oldest_kept = session.scalar(latest.offset(max(events_kept - 2, 0)).limit(1))
    first = session.scalar(mine.order_by(FailureEvent.id).limit(1))
    if oldest_kept is None or first is None or first >= oldest_kept:
        return
    between = (FailureEvent.id > first, FailureEvent.id < oldest_kept)
    of_group = (FailureEvent.group_id == group.id, *between)
    freed = session.scalar(select(func.sum(func.length(FailureEvent.body))).where(*of_group))
    if freed:
        session.execute(delete(FailureEvent).where(*of_group))
        group.size -= int(freed)


def _split_by_text(session: Session, pending: PendingGroup) -> list[PendingGroup]:
    """Where somebody split a group, each text is a fingerprint of its own."""
    known = session.get(FailurePrint, pending.fingerprint)
    return pending.parts(with_text) if known is not None and known.by_text else [pending]


def with_text(occurrence: Occurrence) -> Occurrence:
    """The occurrence as it is grouped when its text counts too."""
    parts = [*occurrence.grouped_by, ("text", normal_text(occurrence.message))]
    return replace(occurrence, grouped_by=tuple(parts), fingerprint=fingerprint_of(parts))
