"""What people do with groups of failures: resolve, mute, reopen, delete, merge and split."""

import json
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from verso.errors.inbox.store import with_text
from verso.errors.occurrence import Occurrence
from verso.models import FailureEvent, FailureGroup, FailureHour, FailurePrint, GroupState
from verso.models.failures import TITLE_LENGTH


class NoGroup(LookupError):
    """There is no such group; somebody may have deleted or merged it."""

    def __init__(self, group_id: int) -> None:
        super().__init__(f"there is no group {group_id} of errors")


def get_group(session: Session, group_id: int, *, for_change: bool = False) -> FailureGroup:
    """The group; NoGroup if there is none."""
    group = session.get(FailureGroup, group_id, with_for_update=for_change)
    if group is None:
        raise NoGroup(group_id)
    return group


def resolve(session: Session, group_id: int) -> None:
    """It is mended; should it return, it is regressed and mailed again."""
    _settle(get_group(session, group_id, for_change=True), GroupState.RESOLVED)


def reopen(session: Session, group_id: int) -> None:
    _settle(get_group(session, group_id, for_change=True), GroupState.OPEN)


def mute(session: Session, group_id: int, more: int | None = None) -> None:
    """Keep quiet about it: for ever, or until it happened so many times more."""
    group = get_group(session, group_id, for_change=True)
    _settle(group, GroupState.MUTED)
    group.wakes_at = group.count + more if more else None


def delete_group(session: Session, group_id: int) -> None:
    """Forget a group; should it return, it is new."""
    get_group(session, group_id, for_change=True)
    remove_groups(session, [group_id])


def remove_groups(session: Session, group_ids: list[int]) -> None:
    """Delete groups with everything that belongs to them."""
    prints = select(FailurePrint.fingerprint).where(FailurePrint.group_id.in_(group_ids))
    session.execute(delete(FailureHour).where(FailureHour.fingerprint.in_(prints)))
    for table in (FailureEvent, FailurePrint):
        session.execute(delete(table).where(table.group_id.in_(group_ids)))
    session.execute(delete(FailureGroup).where(FailureGroup.id.in_(group_ids)))


def merge(session: Session, group_id: int, into_id: int) -> None:
    """Make two groups one; ValueError if they are one already."""
    if group_id == into_id:
        raise ValueError(f"{group_id} cannot be merged into itself")
    source = get_group(session, group_id, for_change=True)
    target = get_group(session, into_id, for_change=True)
    for table in (FailurePrint, FailureEvent):
        moved = update(table).where(table.group_id == source.id).values(group_id=target.id)
        session.execute(moved)
    target.count += source.count
    target.size += source.size
    target.told += source.told
    target.first_seen = min(target.first_seen, source.first_seen)
    target.last_seen = max(target.last_seen, source.last_seen)
    session.flush()
    session.expire(source)
    session.execute(delete(FailureGroup).where(FailureGroup.id == source.id))


def split(session: Session, group_id: int) -> list[int]:
    """Take a group apart: into its fingerprints if it was merged, else by the texts of its errors.

    Returns the ids of the groups that came of it, the one there was first.
    """
    group = get_group(session, group_id, for_change=True)
    prints = prints_of(session, group_id)
    if len(prints) == 1:
        _split_by_text(session, group, prints[0])
        prints = prints_of(session, group_id)
    # The marker of a split by text stays, with the most frequent of what it was split into.
    stays = max(prints, key=lambda one: (not one.by_text, one.count))
    leaving = [one for one in prints if one is not stays and not one.by_text]
    made = [_own_group(session, group, one) for one in leaving]
    group.title = _title_of(session, stays.fingerprint) or group.title
    return [group.id, *made]


def prints_of(session: Session, group_id: int) -> list[FailurePrint]:
    """The fingerprints of a group, in order."""
    query = select(FailurePrint).where(FailurePrint.group_id == group_id)
    return list(session.scalars(query.order_by(FailurePrint.fingerprint)))


def _settle(group: FailureGroup, state: GroupState) -> None:
    group.state, group.wakes_at = state, None
    group.changed_at = datetime.now(UTC)


def _split_by_text(session: Session, group: FailureGroup, known: FailurePrint) -> None:
    """Give each text a fingerprint; what was only counted stays with the old one."""
    known.by_text = True
    for event in session.scalars(select(FailureEvent).where(FailureEvent.group_id == group.id)):
        try:
            own = with_text(Occurrence.from_json(event.body))
        except ValueError:
            # A report that cannot be read stays where it is.
            continue
        found = session.get(FailurePrint, own.fingerprint)
        if found is None:
            grouped_by = json.dumps(own.grouped_by, ensure_ascii=False)
            found = FailurePrint(
                fingerprint=own.fingerprint, group_id=group.id, grouped_by=grouped_by, count=0
            )
            session.add(found)
            session.flush()
        event.fingerprint = own.fingerprint
        found.count += 1
        known.count -= 1
    session.flush()


def _own_group(session: Session, group: FailureGroup, one: FailurePrint) -> int:
    """Move a fingerprint into a new group, with its events and its part of the counts."""
    mine = FailureEvent.fingerprint == one.fingerprint
    size, first, last = session.execute(
        select(
            func.coalesce(func.sum(func.length(FailureEvent.body)), 0),
            func.min(FailureEvent.at),
            func.max(FailureEvent.at),
        ).where(mine)
    ).one()
    made = FailureGroup(
        state=group.state,
        section=group.section,
        title=_title_of(session, one.fingerprint) or group.title,
        place=group.place,
        count=one.count,
        size=int(size),
        told=min(group.told, one.count),
        first_seen=first or group.first_seen,
        last_seen=last or group.last_seen,
        changed_at=datetime.now(UTC),
    )
    session.add(made)
    session.flush()
    one.group_id = made.id
    session.execute(update(FailureEvent).where(mine).values(group_id=made.id))
    group.count -= one.count
    group.size -= int(size)
    group.told = min(group.told, group.count)
    session.flush()
    return made.id


def _title_of(session: Session, fingerprint: str) -> str:
    """The title of the latest event of a fingerprint; `` where there is none that can be read."""
    mine = select(FailureEvent).where(FailureEvent.fingerprint == fingerprint)
    latest = session.scalar(mine.order_by(FailureEvent.id.desc()).limit(1))
    try:
        return Occurrence.from_json(latest.body).title[:TITLE_LENGTH] if latest else ""
    except ValueError:
        return ""
