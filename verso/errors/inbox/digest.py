"""What a digest tells: the groups that went on failing since a mail last told their count."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from verso.db import Database
from verso.models import FailureGroup, GroupState, SiteSetting

MAX_GROUPS = 50
_SETTING = "error_digest_at"


@dataclass(frozen=True, slots=True)
class Continued:
    """A group and how many failures no mail has told of yet."""

    group_id: int
    title: str
    place: str
    more: int
    count: int


def mark_told(database: Database, group_id: int, count: int) -> None:
    """A mail has told of so many failures of a group: no digest tells of them again."""
    with database.writing() as session:
        group = session.get(FailureGroup, group_id, with_for_update=True)
        if group is not None:
            group.told = max(group.told, count)


def claim_digest(database: Database, seconds: float) -> list[Continued]:
    """What to tell now; each failure is told in one digest of one process only."""
    now = datetime.now(UTC)
    with database.writing() as session:
        row = session.get(SiteSetting, (_SETTING, ""), with_for_update=True)
        if row is not None and not _is_due(row.value, now, seconds):
            return []
        session.merge(SiteSetting(name=_SETTING, locale="", value=now.isoformat()))
        query = select(FailureGroup).where(
            FailureGroup.state.in_((GroupState.OPEN, GroupState.REGRESSED)),
            FailureGroup.count > FailureGroup.told,
        )
        groups = session.scalars(query.order_by(FailureGroup.last_seen.desc()).limit(MAX_GROUPS))
        found = []
        for group in groups:
            more = group.count - group.told
            found.append(Continued(group.id, group.title, group.place, more, group.count))
            group.told = group.count
    return found


def _is_due(last: str, now: datetime, seconds: float) -> bool:
    """Whether a digest is due; also where the last one seems to be to come, by a clock that jumped."""
    try:
        passed = (now - datetime.fromisoformat(last)).total_seconds()
    except (ValueError, TypeError):
        return True
    return passed >= seconds or passed < 0
