"""Two marks by which whoever remembers pages sees that they are others now: of the tree, and of any page.

They are written at the end of the transaction that changed pages, in the one order in which the ends of
transactions take place: on PostgreSQL under an advisory lock, on SQLite because there is one writer.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from verso.models import SiteSetting

# Not a setting of anybody: `<of the tree>.<of any page>`.
PAGES = ("pages", "")
# Any number that nothing else in the database locks.
JOURNAL_LOCK = 7_265_737
_NOTED = "verso_page_marks"


@dataclass(slots=True)
class _Noted:
    """What a transaction does: it changes pages, or arranges the tree anew, or takes one out of it."""

    has_pages: bool = False
    has_tree: bool = False


def note_page(session: Session) -> None:
    """A page is changed, and says so itself (`updated_at`)."""
    _noted(session).has_pages = True


def note_tree(session: Session) -> None:
    """Pages were arranged anew without a change of their own, or one is gone."""
    _noted(session).has_tree = True


def lock_journal(session: Session) -> None:
    """Be the only one who ends a transaction, until it has ended; nothing else is waited for then."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(JOURNAL_LOCK)))


def _noted(session: Session) -> _Noted:
    if _NOTED not in session.info:
        session.info[_NOTED] = _Noted()
        event.listen(session, "before_commit", _write)
    noted: _Noted = session.info[_NOTED]
    return noted


def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return
    noted, session.info[_NOTED] = session.info[_NOTED], _Noted()
    if not (noted.has_pages or noted.has_tree):
        return
    session.flush()
    lock_journal(session)
    mark = session.get(SiteSetting, PAGES, populate_existing=True)
    if mark is None:
        mark = SiteSetting(name=PAGES[0], locale=PAGES[1], value=secrets.token_hex(4))
        session.add(mark)
    tree = secrets.token_hex(4) if noted.has_tree else mark.value.partition(".")[0]
    mark.value = f"{tree}.{secrets.token_hex(4)}"
    session.flush()
