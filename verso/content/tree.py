"""The tree of pages, a level at a time: what stands below a page, and how a page gets elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, exists, func, select, tuple_, update
from sqlalchemy.orm import Session, aliased, selectinload

from verso.content import documents, page_marks
from verso.content.paths import lock_tree
from verso.content.placing import MoveRefused
from verso.models import Document, DocumentText, Kind

LEVEL_SIZE = 50
# Between neighbours whose positions had to be set anew, so that the next moves find room.
GAP = 100
# So many get new positions at most, and in one statement, whose time is limited.
MOST_SPREAD = 10_000
SPREAD_AT_ONCE = 2500
MAX_POSITION = 2**31 - 1
_SPOT = re.compile(r"(-?[0-9]{1,10})\.([0-9]{1,18})", re.ASCII)


class Where(StrEnum):
    """Where a page goes: among its neighbours, or to a target."""

    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"
    BEFORE = "before"
    INTO = "into"
    AFTER = "after"


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """The place of a page among its neighbours."""

    position: int
    id: int

    def __str__(self) -> str:
        return f"{self.position}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Spot | None":
        """What str(spot) writes; None for anything else."""
        parts = _SPOT.fullmatch(text)
        return cls(int(parts[1]), int(parts[2])) if parts else None


@dataclass(frozen=True, slots=True)
class Level:
    """Some of the pages below a page, in order; which have pages below them; where the others are."""

    pages: Sequence[Document]
    with_pages: frozenset[int]
    earlier: Spot | None
    later: Spot | None


def list_level(session: Session, parent_id: int | None, first: Spot | None = None) -> Level:
    """A part of a level: the first pages below a parent, or those from a spot on."""
    query = _level(parent_id).order_by(Document.position, Document.id).limit(LEVEL_SIZE + 1)
    if first is not None:
        query = query.where(tuple_(Document.position, Document.id) >= (first.position, first.id))
    loaded = selectinload(Document.texts).defer(DocumentText.html).defer(DocumentText.body)
    found = session.scalars(query.options(loaded)).all()
    pages = found[:LEVEL_SIZE]
    earlier = _back(session, parent_id, spot_of(pages[0]), LEVEL_SIZE) if first and pages else None
    later = spot_of(found[-1]) if len(found) > LEVEL_SIZE else None
    return Level(pages, _with_pages(session, pages), earlier, later)


def spot_around(session: Session, page: Document) -> Spot | None:
    """From where to list a level so that a page stands amid its neighbours."""
    return _back(session, page.parent_id, spot_of(page), LEVEL_SIZE // 2)


def spot_of(page: Document) -> Spot:
    return Spot(page.position, page.id)


def get_for_move(session: Session, page_id: int, version: int) -> Document:
    """A page, locked together with the tree. Raises NoDocument, StaleDocument or MoveRefused."""
    # The tree before the page: whoever else moves pages holds it, and may want this one.
    lock_tree(session)
    page = documents.get_for_change(session, page_id, version)
    if page.kind != Kind.PAGE:
        raise MoveRefused("a post has no place in the tree")
    return page


def move_page(
    session: Session,
    page: Document,
    where: Where,
    target_id: int | None = None,
    *,
    locales: Sequence[str],
) -> int:
    """Move a page that get_for_move has locked; how many addresses that readers may know changed.

    Raises MoveRefused, SlugTaken or SlugRefused.
    """
    parent_id, following = _aim(session, page, where, target_id)
    position = _position(session, page, parent_id, following)
    return documents.move(session, page, parent_id, position, in_menu=page.in_menu, locales=locales)


def _aim(
    session: Session, page: Document, where: Where, target_id: int | None
) -> tuple[int | None, Document | None]:
    """The parent to be, and the neighbour before which the page shall stand; None is the end."""
    if where in (Where.UP, Where.IN):
        previous = _neighbour(session, page, page.parent_id, spot_of(page), is_next=False)
        if previous is None:
            raise MoveRefused("no page stands before it")
        return (previous.id, None) if where is Where.IN else (page.parent_id, previous)
    if where is Where.DOWN:
        target = _neighbour(session, page, page.parent_id, spot_of(page), is_next=True)
    else:
        wanted = page.parent_id if where is Where.OUT else target_id
        target = session.get(Document, wanted) if wanted is not None else None
    if target is None or target.kind != Kind.PAGE or target.id == page.id:
        raise MoveRefused("there is no page to stand by")
    if where is Where.INTO:
        return target.id, None
    if where is Where.BEFORE:
        return target.parent_id, target
    return target.parent_id, _neighbour(
        session, page, target.parent_id, spot_of(target), is_next=True
    )


def _position(
    session: Session, page: Document, parent_id: int | None, following: Document | None
) -> int:
    """A position right before a neighbour; those after it get new ones when there is no room."""
    for _ in range(2):
        high = spot_of(following) if following else None
        previous = _neighbour(session, page, parent_id, high, is_next=False)
        low = spot_of(previous) if previous else None
        found = between(low, high, page.id)
        if found is not None:
            return found
        _spread(session, parent_id, low)
    raise MoveRefused("there is no room")


def between(low: Spot | None, high: Spot | None, page_id: int) -> int | None:
    """The position by which a page stands between two spots, if there is one."""
    lowest = low.position if low else 0
    highest = high.position if high else lowest + 1
    for position in ((lowest + highest) // 2, lowest, highest):
        spot = Spot(position, page_id)
        if (low is None or low < spot) and (high is None or spot < high):
            return position if 0 <= position <= MAX_POSITION else None
    return None


def _spread(session: Session, parent_id: int | None, low: Spot | None) -> None:
    """Give all pages of a level after a spot new positions, in the order in which they stand.

    Raises MoveRefused when they are so many that everybody else would wait.
    """
    here = (Document.position, Document.id)
    query = _level(parent_id).with_only_columns(Document.id).order_by(*here).limit(MOST_SPREAD + 1)
    if low is not None:
        query = query.where(tuple_(*here) > (low.position, low.id))
    ids, base = session.scalars(query).all(), low.position if low else 0
    if len(ids) > MOST_SPREAD or base + len(ids) * GAP > MAX_POSITION:
        raise MoveRefused("too many pages stand after it")
    for start in range(0, len(ids), SPREAD_AT_ONCE):
        part = ids[start : start + SPREAD_AT_ONCE]
        place = func.row_number().over(order_by=here).label("place")
        ranked = select(Document.id, place).where(Document.id.in_(part)).subquery()
        session.execute(
            update(Document)
            .where(Document.id == ranked.c.id)
            .values(position=base + (ranked.c.place + start) * GAP)
            .execution_options(synchronize_session=False)
        )
    page_marks.note_tree(session)
    session.expire_all()


def _neighbour(
    session: Session, page: Document, parent_id: int | None, spot: Spot | None, *, is_next: bool
) -> Document | None:
    """The nearest page of a level before or after a spot, but not the page itself."""
    here = tuple_(Document.position, Document.id)
    query = _level(parent_id).where(Document.id != page.id).limit(1)
    if spot is not None:
        place = (spot.position, spot.id)
        query = query.where(here > place if is_next else here < place)
    order = (Document.position, Document.id)
    return session.scalar(query.order_by(*(order if is_next else (one.desc() for one in order))))


def _back(session: Session, parent_id: int | None, spot: Spot, count: int) -> Spot | None:
    """The spot of the page that stands so many before a spot, or of the first; None if it is first."""
    query = (
        _level(parent_id)
        .with_only_columns(Document.position, Document.id)
        .where(tuple_(Document.position, Document.id) < (spot.position, spot.id))
        .order_by(Document.position.desc(), Document.id.desc())
        .limit(count)
    )
    rows = session.execute(query).all()
    return Spot(*rows[-1]) if rows else None


def _with_pages(session: Session, pages: Sequence[Document]) -> frozenset[int]:
    child = aliased(Document)
    query = select(Document.id).where(
        Document.id.in_(page.id for page in pages), exists().where(child.parent_id == Document.id)
    )
    return frozenset(session.scalars(query))


def _level(parent_id: int | None) -> Select[Document]:
    return select(Document).where(Document.kind == Kind.PAGE, Document.parent_id == parent_id)
