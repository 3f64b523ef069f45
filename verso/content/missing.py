"""The table of unknown URLs: written from the count in memory, explained, and forgotten in time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from verso.content.causes import Cause, Explanation
from verso.content.noise import KINDS
from verso.content.redirects import CHUNK
from verso.content.tally import Hits, Key, bounded
from verso.db import PIECE, delete_piece
from verso.models import MissingDay, MissingUrl

MAX_ROWS = 5000
DAYS_KEPT = 30
# Paths that are explained at once, and how long that stays true.
EXPLAINED_AT_ONCE = 50
EXPLAINED_FOR = timedelta(days=1)


def write_hits(session: Session, counted: Mapping[Key, Hits], now: datetime) -> None:
    """Add what was counted to the table, and keep it within its bounds."""
    by_path: dict[str, dict[date, Hits]] = {}
    for (day, path), hits in sorted(counted.items(), key=lambda item: item[0]):
        by_path.setdefault(path, {})[day] = hits
    known = _rows_at(session, sorted(by_path))
    for path in sorted(by_path):
        row = known.get(path) or _new_row(session, path, now)
        for hits in by_path[path].values():
            row.hits += hits.total
            row.own_hits += hits.own
            row.hosts = dict(bounded(bounded(row.hosts) + hits.hosts))
        row.last_seen = now
        known[path] = row
    session.flush()
    _write_days(session, {known[path].id: days for path, days in by_path.items()})
    forget_old(session, now)


def forget_old(session: Session, now: datetime) -> None:
    """Bring the table within its bounds: of days, and of rows."""
    while prune(session, now):
        pass


def prune(session: Session, now: datetime) -> int:
    """Delete some of the days that are too long ago, and of the rows too many; how many that were.

    Those last seen longest ago go first.
    """
    first_day = now.date() - timedelta(days=DAYS_KEPT - 1)
    deleted = delete_piece(session, MissingDay, MissingDay.day < first_day, order=MissingDay.day)
    count = session.scalar(select(func.count()).select_from(MissingUrl)) or 0
    if count <= MAX_ROWS:
        return deleted
    oldest = select(MissingUrl.id).order_by(MissingUrl.last_seen, MissingUrl.id)
    ids = session.scalars(oldest.limit(min(count - MAX_ROWS, PIECE))).all()
    _delete(session, ids)
    return deleted + len(ids)


def unexplained(session: Session, now: datetime) -> list[str]:
    """Some paths that were never explained, or too long ago."""
    due = MissingUrl.explained_at.is_(None) | (MissingUrl.explained_at < now - EXPLAINED_FOR)
    query = select(MissingUrl.path).where(due, MissingUrl.cause != Cause.NOISE)
    return list(session.scalars(query.order_by(MissingUrl.id).limit(EXPLAINED_AT_ONCE)))


def write_explanations(
    session: Session, found: Mapping[str, Explanation | None], now: datetime
) -> None:
    """Keep explanations; a path that leads somewhere by now is not missing any more."""
    rows = _rows_at(session, sorted(found))
    _delete(session, [row.id for path, row in rows.items() if found[path] is None])
    for path, row in rows.items():
        explanation = found[path]
        if explanation is not None:
            row.cause, row.suggestion = explanation.cause, explanation.suggestion
            row.text_id, row.explained_at = explanation.text_id, now


def forget_explanations(session: Session) -> None:
    """Let every path be explained anew."""
    session.execute(update(MissingUrl).values(explained_at=None))


def _rows_at(session: Session, paths: Sequence[str]) -> dict[str, MissingUrl]:
    found: dict[str, MissingUrl] = {}
    for start in range(0, len(paths), CHUNK):
        some = paths[start : start + CHUNK]
        query = select(MissingUrl).where(MissingUrl.path.in_(some)).order_by(MissingUrl.path)
        # Two processes that count at once must not overwrite each other's sums.
        rows = session.scalars(query.with_for_update())
        found.update({row.path: row for row in rows})
    return found


def _new_row(session: Session, path: str, now: datetime) -> MissingUrl:
    cause = Cause.NOISE if path in KINDS else Cause.UNKNOWN
    row = MissingUrl(path=path, cause=cause, hits=0, own_hits=0, hosts={}, first_seen=now)
    session.add(row)
    return row


def _write_days(session: Session, counted: Mapping[int, Mapping[date, Hits]]) -> None:
    known: dict[tuple[int, date], MissingDay] = {}
    ids = sorted(counted)
    days = {day for one in counted.values() for day in one}
    for start in range(0, len(ids), CHUNK):
        some = MissingDay.missing_id.in_(ids[start : start + CHUNK])
        rows = session.scalars(select(MissingDay).where(some, MissingDay.day.in_(days)))
        known.update({(row.missing_id, row.day): row for row in rows})
    for missing_id, by_day in counted.items():
        for day, hits in by_day.items():
            row = known.get((missing_id, day))
            if row is None:
                session.add(MissingDay(missing_id=missing_id, day=day, hits=hits.total))
            else:
                row.hits += hits.total
    session.flush()


def _delete(session: Session, ids: Sequence[int]) -> None:
    """Delete rows with their days; the days first, for a database that does not see to it."""
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        session.execute(delete(MissingDay).where(MissingDay.missing_id.in_(some)))
        session.execute(delete(MissingUrl).where(MissingUrl.id.in_(some)))
