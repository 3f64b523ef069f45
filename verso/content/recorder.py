"""Records unknown URLs without a request waiting: counted in memory, then written and explained."""

import time
from datetime import UTC, datetime
from itertools import islice
from threading import Lock

import structlog
from sqlalchemy.exc import SQLAlchemyError

from verso.background import Worker
from verso.content.causes import explain
from verso.content.missing import unexplained, write_explanations, write_hits
from verso.content.navigation import Navigation
from verso.content.tally import Tally
from verso.db import Database
from verso.i18n.locales import Locales

# Seconds: the shortest time between two writes, and how often it is looked whether something is left.
PAUSE = 1.0
LOOK_EVERY = 5.0
EXPLAIN_EVERY = 3600.0
# Paths that one transaction writes: other writers wait no longer than for these.
PIECE = 500

log = structlog.get_logger("verso.missing")


class Recorder:
    """The unknown URLs of one application, in each of its processes."""

    def __init__(self, database: Database, locales: Locales, navigation: Navigation) -> None:
        self._database = database
        self._locales = locales
        self._navigation = navigation
        self._written_at = self._explained_at = 0.0
        self._working = Lock()
        self.tally = Tally()
        self.worker = Worker("missing", self.work, every=LOOK_EVERY)

    def count(self, path: str, referrer: str, own_host: str) -> None:
        """Count an unknown URL; it costs microseconds, and what is counted is written soon."""
        is_first = self.tally.count(path, referrer, own_host)
        if is_first and time.monotonic() - self._written_at > PAUSE:
            self.worker.wake()

    def work(self) -> bool:
        """Write what was counted, and explain some of what is unexplained; False to be tried again.

        With the database away everything stays in memory, within its bounds. One at a time: what another
        thread has taken from the tally is written, too, once this returns True.
        """
        with self._working:
            return self._work()

    def _work(self) -> bool:
        taken, left_out = self.tally.take()
        if left_out:
            log.warning("too many unknown URLs at once", left_out=left_out)
        is_due = time.monotonic() - self._explained_at > EXPLAIN_EVERY
        if not taken and not is_due:
            return True
        try:
            while taken:
                some = dict(islice(taken.items(), PIECE))
                with self._database.writing() as session:
                    write_hits(session, some, datetime.now(UTC))
                taken = {key: hits for key, hits in taken.items() if key not in some}
                self._written_at = time.monotonic()
            self._explain()
        # A document that is deleted meanwhile is a LookupError.
        except (SQLAlchemyError, LookupError) as error:
            self.tally.put_back(taken)
            log.warning("missing URLs wait for the database", paths=len(taken), error=str(error))
            return False
        return True

    def explain_all(self) -> None:
        """Explain everything that is unexplained."""
        while self._explain():
            pass

    def _explain(self) -> bool:
        """Explain some of what is unexplained; whether there was anything."""
        now = datetime.now(UTC)
        with self._database.reader() as session:
            paths = unexplained(session, now)
            snapshot = self._navigation.current(session)
            found = {path: explain(session, path, self._locales, snapshot) for path in paths}
        if found:
            with self._database.writing() as session:
                write_explanations(session, found, now)
        else:
            # The next look is for what was explained too long ago.
            self._explained_at = time.monotonic()
        return bool(found)
