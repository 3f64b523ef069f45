"""Looking at the table of unknown URLs: what was asked for most, by words and cause, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from verso.content.causes import Cause
from verso.content.missing import DAYS_KEPT
from verso.content.redirect_rules import typed
from verso.models import MissingDay, MissingUrl

RECENT_DAYS = 7
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class MissingFilter:
    """What to show; empty fields show all but noise. ignored shows what was folded away instead."""

    words: str = ""
    cause: str = ""
    ignored: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A missing URL with its hits of the last days, one number for each, today's last."""

    url: MissingUrl
    days: Sequence[int]

    @property
    def recent(self) -> int:
        """The hits of the last week."""
        return sum(self.days[-RECENT_DAYS:])

    @property
    def shown_path(self) -> str:
        """The path as it may be typed; of noise, the name of its kind."""
        return typed(self.url.path)


def list_missing(
    session: Session, chosen: MissingFilter, today: date
) -> tuple[list[MissingRow], bool]:
    """One page of the table, and whether more follow.

    Broken links on our own pages come first, then what was asked for most in the last week.
    """
    since = today - timedelta(days=RECENT_DAYS - 1)
    recent = (
        select(func.sum(MissingDay.hits))
        .where(MissingDay.missing_id == MissingUrl.id, MissingDay.day >= since)
        .scalar_subquery()
    )
    order = (
        case((MissingUrl.own_hits > 0, 0), else_=1),
        func.coalesce(recent, 0).desc(),
        MissingUrl.last_seen.desc(),
        MissingUrl.id,
    )
    query = _filtered(select(MissingUrl), chosen).order_by(*order)
    start = (chosen.page - 1) * PAGE_SIZE
    rows = session.scalars(query.offset(start).limit(PAGE_SIZE + 1)).all()
    days = _days_of(session, [row.id for row in rows[:PAGE_SIZE]], today)
    return [MissingRow(row, days[row.id]) for row in rows[:PAGE_SIZE]], len(rows) > PAGE_SIZE


def every_missing(session: Session, chosen: MissingFilter, today: date) -> Iterator[MissingRow]:
    """The whole table, in the same order."""
    more = True
    while more:
        rows, more = list_missing(session, chosen, today)
        yield from rows
        chosen = replace(chosen, page=chosen.page + 1)


def daily(session: Session, today: date) -> list[int]:
    """The hits of all unknown URLs by day, noise left out; today's last."""
    first = today - timedelta(days=DAYS_KEPT - 1)
    query = (
        select(MissingDay.day, func.sum(MissingDay.hits))
        .join(MissingUrl, MissingUrl.id == MissingDay.missing_id)
        .where(MissingDay.day >= first, MissingUrl.cause != Cause.NOISE)
        .group_by(MissingDay.day)
    )
    found = {day: int(hits) for day, hits in session.execute(query)}
    return [found.get(first + timedelta(days=place), 0) for place in range(DAYS_KEPT)]


def count_noise(session: Session) -> tuple[int, int]:
    """The hits of scanner noise, and in how many kinds."""
    query = select(func.coalesce(func.sum(MissingUrl.hits), 0), func.count())
    hits, kinds = session.execute(query.where(MissingUrl.cause == Cause.NOISE)).one()
    return int(hits), kinds


def ignore(session: Session, path: str, *, ignored: bool) -> bool:
    """Fold a path away, or show it again; False if it is not in the table."""
    row = session.scalar(select(MissingUrl).where(MissingUrl.path == path))
    if row is not None:
        row.ignored = ignored
    return row is not None


def _filtered(query: Select[MissingUrl], chosen: MissingFilter) -> Select[MissingUrl]:
    is_cause = MissingUrl.cause == chosen.cause if chosen.cause else MissingUrl.cause != Cause.NOISE
    wanted: list[ColumnElement[bool]] = [MissingUrl.ignored == chosen.ignored, is_cause]
    if chosen.words:
        wanted.append(MissingUrl.path.icontains(chosen.words, autoescape=True))
    return query.where(*wanted)


def _days_of(session: Session, ids: Sequence[int], today: date) -> dict[int, list[int]]:
    first = today - timedelta(days=DAYS_KEPT - 1)
    days = {one: [0] * DAYS_KEPT for one in ids}
    query = select(MissingDay).where(MissingDay.missing_id.in_(ids), MissingDay.day >= first)
    for row in session.scalars(query):
        if row.day <= today:
            days[row.missing_id][(row.day - first).days] = row.hits
    return days
