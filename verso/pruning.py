"""Pruning: every table that grows by itself is brought within its bound every hour, by pieces."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

import structlog
from sqlalchemy.orm import Session

from verso.config import Settings
from verso.content import changes, missing
from verso.db import Database
from verso.errors.inbox import bounds
from verso.jobs import listing
from verso.jobs.kinds import Arguments, JobKind
from verso.jobs.lease import Lease
from verso.people import audit, logins, tokens

EVERY = 3600.0

# Deletes some of the rows that are beyond a bound; how many, and 0 once there are none.
Piece = Callable[[Session], int]

log = structlog.get_logger("verso.pruning")


def job_kind(settings: Settings) -> JobKind:
    """The recurring job that prunes with the bounds of these settings."""
    pieces = pieces_of(settings)

    def prune(database: Database, arguments: Arguments, lease: Lease) -> None:
        prune_all(database, pieces, lease.renew)

    return JobKind(prune, every=EVERY)


def pieces_of(settings: Settings) -> Mapping[str, Piece]:
    """What is pruned, by its name in the log. Drafts are bounded when they are kept, and never deleted."""
    days, most_bytes = settings.INBOX_DAYS, settings.INBOX_BYTES
    return {
        "audit": partial(audit.prune, days=settings.AUDIT_DAYS),
        "failures": partial(bounds.prune, days=days, most_bytes=most_bytes),
        "failure hours": bounds.prune_hours,
        "missing": lambda session: missing.prune(session, datetime.now(UTC)),
        "changes": lambda session: changes.prune(session, datetime.now(UTC)),
        "logins": logins.prune,
        "tokens": tokens.prune,
        "jobs": listing.prune,
    }


def prune_all(
    database: Database, pieces: Mapping[str, Piece], after_piece: Callable[[], None]
) -> None:
    """Bring every table within its bound."""
    deleted = {name: in_pieces(database, piece, after_piece) for name, piece in pieces.items()}
    if any(deleted.values()):
        log.info("pruned", **{name: number for name, number in deleted.items() if number})


def in_pieces(
    database: Database, piece: Piece, after_piece: Callable[[], None] = lambda: None
) -> int:
    """Delete piece by piece, each in a transaction of its own, until none is left; how many rows."""
    total = 0
    while True:
        with database.writing() as session:
            deleted = piece(session)
        total += deleted
        if not deleted:
            return total
        after_piece()
