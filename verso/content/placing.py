"""Where a page may stand: below another page, not below itself, and not too deep."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content.paths import MAX_DEPTH, ancestry
from verso.models import Document, Kind


class MoveRefused(ValueError):
    """A page cannot stand there."""


def checked_parent(
    session: Session, kind: Kind, document: Document | None, parent_id: int | None
) -> int | None:
    """The parent that a document is to have; none for a post. Raises MoveRefused."""
    if parent_id is None or kind == Kind.POST:
        return None
    above = session.get(Document, parent_id)
    if above is None or above.kind != Kind.PAGE:
        raise MoveRefused(f"{parent_id} is not a page that another could stand below")
    line = ancestry(session, above)
    if document is not None and document in line:
        raise MoveRefused("a page cannot stand below itself")
    if len(line) + _levels(session, document) > MAX_DEPTH:
        raise MoveRefused(f"pages cannot stand more than {MAX_DEPTH} levels deep")
    return parent_id


def _levels(session: Session, document: Document | None) -> int:
    """How many levels a page and those below it take; a new one takes one."""
    levels, ids = 1, [document.id] if document is not None else []
    while ids and levels <= MAX_DEPTH:
        below = select(Document.id).where(Document.parent_id.in_(ids))
        ids = list(session.scalars(below))
        levels += bool(ids)
    return levels
