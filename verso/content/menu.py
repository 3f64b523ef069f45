"""The main menu as one value: the ids of its top-level pages in order. Pages themselves keep it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content import page_marks
from verso.models import Document, Kind


def menu_of(session: Session) -> str:
    """The ids of the pages in the menu, live or not, in its order: `3 5 8`."""
    query = (
        select(Document.id)
        .where(Document.kind == Kind.PAGE, Document.parent_id.is_(None), Document.in_menu)
        .order_by(Document.position, Document.id)
    )
    return " ".join(map(str, session.scalars(query)))


def set_menu(session: Session, value: str) -> None:
    """Let the menu be these pages in this order; ids that are no top-level page are left out.

    Whoever has the place of one of them open must open it again: its version is counted.
    """
    order = ids_of(value)
    query = select(Document).where(Document.kind == Kind.PAGE, Document.parent_id.is_(None))
    in_question = query.where(Document.in_menu | Document.id.in_(order)).order_by(Document.id)
    place = {number: index for index, number in enumerate(order, 1)}
    for page in session.scalars(in_question.with_for_update()):
        wanted = (page.id in place, place.get(page.id, page.position))
        if wanted != (page.in_menu, page.position):
            page.in_menu, page.position = wanted
            page.version += 1
    page_marks.note_tree(session)
    session.flush()


def ids_of(value: str) -> Sequence[int]:
    """The ids that a value names, each once."""
    return list(dict.fromkeys(int(part) for part in value.split() if part.isdigit()))
