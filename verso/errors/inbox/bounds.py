"""The bounds of the inbox: age, bytes and the number of groups; what is in nobody's way goes first."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from verso.errors.inbox.groups import remove_groups
from verso.errors.inbox.store import trim_group
from verso.models import FailureGroup, FailureHour

MAX_GROUPS = 5000
# Counts by the hour are drawn for so many days.
HOURS_KEPT = timedelta(days=30)
AT_ONCE = 200


def prune(session: Session, *, days: int, most_bytes: int, most_groups: int = MAX_GROUPS) -> int:
    """Bring the inbox within its bounds; returns how many groups were deleted."""
    now = datetime.now(UTC)
    session.execute(delete(FailureHour).where(FailureHour.hour < now - HOURS_KEPT))
    too_old = FailureGroup.last_seen < now - timedelta(days=days)
    old = list(session.scalars(select(FailureGroup.id).where(too_old).limit(AT_ONCE)))
    remove_groups(session, old)
    count, size = session.execute(
        select(func.count(FailureGroup.id), func.coalesce(func.sum(FailureGroup.size), 0))
    ).one()
    surplus = _oldest(session, max(0, count - most_groups))
    remove_groups(session, [group.id for group in surplus])
    return len(old) + len(surplus) + _shrink(session, int(size) - most_bytes)


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
