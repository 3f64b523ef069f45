"""The inbox as a sink: failures go to the database, or to the spool until it is back."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic, time

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from verso.background import Worker
from verso.config import Settings
from verso.db import Database
from verso.errors.ids import new_error_id
from verso.errors.inbox.bounds import prune
from verso.errors.inbox.pending import Pending, PendingGroup, hour_of
from verso.errors.inbox.spool import Spool, read
from verso.errors.inbox.store import News, Told, store
from verso.errors.occurrence import Occurrence
from verso.sections import Section

# Seconds between two looks at the bounds.
PRUNE_EVERY = 60.0

log = structlog.get_logger("verso.inbox")
LOST = "reports-lost"
Listener = Callable[[Sequence[Told]], None]


class InboxSink:
    """Counts at once in memory, writes soon in a thread; `listener` hears what it meant."""

    name = "inbox"

    def __init__(self, database: Database, settings: Settings, listener: Listener | None) -> None:
        self._database = database
        self._settings = settings
        self._listener = listener or (lambda told: None)
        self._pending = Pending()
        self._spool = Spool(settings.INSTANCE_PATH / "spool")
        self._pruned_at = 0.0
        self._is_down = False
        self.worker = Worker("inbox", self._deliver)

    def take(self, occurrence: Occurrence) -> None:
        self._pending.add(occurrence)
        self.worker.wake()

    def close(self) -> None:
        self.worker.close()

    def collect(self) -> None:
        """Take in what an earlier process left in the spool, if it did."""
        if self._spool:
            self.worker.wake()

    def _deliver(self) -> bool:
        """Write what waits; False while the database does not take it."""
        groups, lost = self._pending.take()
        told = self._stored(groups, lost)
        if told is None:
            self._keep(groups, lost)
            return False
        self._listener(told)
        return self._empty_spool()

    def _stored(self, groups: list[PendingGroup], lost: int) -> list[Told] | None:
        """What the inbox made of them; None when the database did not take them."""
        lost_ones = [lost_reports(lost)] if lost else []
        try:
            told = self._write([*groups, *lost_ones])
        except SQLAlchemyError as error:
            self._say_down(error)
            return None
        if self._is_down and told:
            self._is_down = False
            log.warning("the inbox can be written again")
        if told:
            self._prune()
        return told

    def _write(self, groups: list[PendingGroup]) -> list[Told]:
        if not groups:
            return []
        try:
            return self._write_once(groups)
        except IntegrityError:
            # Another process met the same failure for the first time at the same moment.
            return self._write_once(groups)

    def _write_once(self, groups: list[PendingGroup]) -> list[Told]:
        with self._database.writing() as session:
            return store(session, groups, self._settings.INBOX_EVENTS)

    def _prune(self) -> None:
        """Bring the inbox within its bounds at times, in transactions of its own.

        What was stored is stored, whether that succeeds or not; the hourly job does it, too.
        """
        if monotonic() - self._pruned_at <= PRUNE_EVERY:
            return
        self._pruned_at = monotonic()
        days, most = self._settings.INBOX_DAYS, self._settings.INBOX_BYTES
        deleted = 1
        try:
            while deleted:
                with self._database.writing() as session:
                    deleted = prune(session, days=days, most_bytes=most)
        except SQLAlchemyError as error:
            log.warning("the inbox could not be pruned", error=str(error))

    def _keep(self, groups: list[PendingGroup], lost: int) -> None:
        """Into the spool, or with a full disk back into memory; the listener is told either way."""
        if groups or lost:
            try:
                self._spool.write(groups, lost)
            except OSError:
                self._pending.put_back(groups, lost)
        self._listener([Told(News.NEW, 0, one.count, one.events[-1]) for one in groups])

    def _empty_spool(self) -> bool:
        """Bring in what waits in files; False when there is more."""
        try:
            claimed = self._spool.claim()
        except OSError:
            return False
        if claimed is None:
            return True
        groups, lost = read(claimed)
        told = self._stored(groups, lost)
        if told is None:
            with suppress(OSError):
                self._spool.give_back(claimed)
            return False
        with suppress(OSError):
            claimed.unlink()
        self._listener(told)
        return not self._spool

    def _say_down(self, error: SQLAlchemyError) -> None:
        if not self._is_down:
            self._is_down = True
            reason = str(getattr(error, "orig", error)).partition("\n")[0]
            log.warning("the inbox cannot be written; failures wait", reason=reason)


def lost_reports(number: int) -> PendingGroup:
    """What the inbox says of failures that it could not keep: how many they were."""
    occurrence = Occurrence(
        error_id=new_error_id(),
        at=time(),
        fingerprint=LOST,
        grouped_by=(("exception", LOST),),
        kind="ReportsLost",
        message=f"{number} reports could not be kept while the inbox could not be written",
        place=__name__,
        section=Section.SITE,
        phase="inbox",
        method="",
        path="",
        status=0,
        locale="",
        trace="",
    )
    return PendingGroup(occurrence, deque(), Counter({hour_of(occurrence.moment): number}))
