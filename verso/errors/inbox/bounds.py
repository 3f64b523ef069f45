"""The bounds of the inbox: age, bytes and the number of groups; what is in nobody's way goes first."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from verso.db import delete_piece
from verso.errors.inbox.groups import remove_groups
from verso.errors.inbox.store import trim_group
from verso.models import FailureGroup, FailureHour

MAX_GROUPS = 5000
# Counts by the hour are drawn for so many days.
HOURS_KEPT = timedelta(days=30)
# Groups whose events are trimmed at once, and groups that are deleted with all their events.
AT_ONCE = 200
DELETED_AT_ONCE = 20


def prune(session: Session, *, days: int, most_bytes: int, most_groups: int = MAX_GROUPS) -> int:
    """Bring the inbox nearer to its bounds; how many groups were deleted, 0 once it is within them."""
    prune_hours(session)
    too_old = FailureGroup.last_seen < datetime.now(UTC) - timedelta(days=days)
    old = list(session.scalars(select(FailureGroup.id).where(too_old).limit(DELETED_AT_ONCE)))
    remove_groups(session, old)
    count, size = session.execute(
        select(func.count(FailureGroup.id), func.coalesce(func.sum(FailureGroup.size), 0))
    ).one()
    surplus = _oldest(session, min(max(0, count - most_groups), DELETED_AT_ONCE))
    left = int(size) - sum(group.size for group in surplus)
    remove_groups(session, [group.id for group in surplus])
    return len(old) + len(surplus) + _shrink(session, left - most_bytes)


def prune_hours(session: Session) -> int:
    """Delete some of the counts by the hour that are drawn no more; how many that were."""
    return delete_piece(
        session,
        FailureHour,
        FailureHour.hour < datetime.now(UTC) - HOURS_KEPT,
        order=FailureHour.hour,
    )


def _shrink(session: Session, excess: int) -> int:
    """Free so many bytes: first the events between first and latest, then whole groups."""
    deleted = 0
    if excess <= 0:
        return deleted
    for group in _oldest(session, AT_ONCE):
        before = group.size
        trim_group(session, group, 2)
        excess -= before - group.size
        if excess <= 0:
            return deleted
    for group in _oldest(session, AT_ONCE):
        excess -= group.size
        remove_groups(session, [group.id])
        deleted += 1
        if excess <= 0:
            break
    return deleted


def _oldest(session: Session, number: int) -> list[FailureGroup]:
    """The groups that were not seen for the longest time."""
    query = select(FailureGroup).order_by(FailureGroup.last_seen, FailureGroup.id)
    return list(session.scalars(query.limit(number))) if number else []
