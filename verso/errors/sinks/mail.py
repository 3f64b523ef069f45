"""Mail as a sink: one mail for a new group, then digests; from a queue, never in a request."""

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from time import monotonic

import structlog
from sqlalchemy.exc import SQLAlchemyError

from verso.background import Worker
from verso.db import Database
from verso.errors.inbox.digest import claim_digest, mark_told
from verso.errors.inbox.store import WORTH_A_MAIL, News, Told
from verso.errors.letters import Letters
from verso.errors.occurrence import Occurrence
from verso.mailer import Mailer, MailFailed, MailRefused

MAX_WAITING = 50
# How many fingerprints this process remembers to have written about.
MAX_REMEMBERED = 1000

log = structlog.get_logger("verso.mail")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that waits, and of how many failures of which group it tells; 0 for a digest."""

    message: EmailMessage
    group_id: int = 0
    count: int = 0


class MailSink:
    """Hears from the inbox what failures mean, and writes to the people who run the site.

    While the inbox cannot be written, it remembers by itself what it wrote about.
    """

    name = "mail"

    def __init__(
        self, mailer: Mailer, letters: Letters, database: Database, digest_seconds: float
    ) -> None:
        self._mailer = mailer
        self._letters = letters
        self._database = database
        self._every = digest_seconds
        self._waiting: deque[Letter] = deque()
        self._written: dict[str, float] = {}
        self._digest_at = monotonic() + digest_seconds
        self.dropped = 0
        self.worker = Worker("mail", self._send_all, every=digest_seconds)

    def hear(self, told: Sequence[Told]) -> None:
        """Queue a mail for each group that is new, came back or woke up."""
        for one in told:
            if one.news in WORTH_A_MAIL and not self._wrote_lately(one):
                self._queue(Letter(self._letters.about(one), one.group_id, one.count))
        if told:
            self.worker.wake()

    def take(self, occurrence: Occurrence) -> None:
        """Nothing yet: what a failure means, the inbox tells."""

    def close(self) -> None:
        self.worker.close()

    def _wrote_lately(self, one: Told) -> bool:
        """Whether this process wrote about the same failure already; coming back is no news then."""
        now, fingerprint = monotonic(), one.latest.fingerprint
        last = self._written.pop(fingerprint, None)
        self._written[fingerprint] = now
        while len(self._written) > MAX_REMEMBERED:
            del self._written[next(iter(self._written))]
        return one.news is News.NEW and last is not None and now - last < max(self._every, 60.0)

    def _queue(self, letter: "Letter") -> None:
        if len(self._waiting) >= MAX_WAITING:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(letter)

    def _send_all(self) -> bool:
        """Send what waits, then the digest when it is due; False when the server did not take it.

        In this order no digest tells of what a mail is about to tell.
        """
        if not self._send_waiting():
            return False
        self._queue_digest()
        return self._send_waiting()

    def _send_waiting(self) -> bool:
        while self._waiting:
            letter = self._waiting[0]
            try:
                self._mailer.send(letter.message)
                self._remember(letter)
            except MailRefused as error:
                # Sending it again would keep all the others from being sent.
                self.dropped += 1
                log.warning("mail was refused for good", reason=str(error))
            except MailFailed as error:
                log.warning("mail could not be sent", reason=str(error), waiting=len(self._waiting))
                return False
            if self._waiting and self._waiting[0] is letter:
                self._waiting.popleft()
        return True

    def _remember(self, letter: "Letter") -> None:
        """Write down what was told; without the database the next digest tells it once more."""
        if letter.group_id:
            with suppress(SQLAlchemyError):
                mark_told(self._database, letter.group_id, letter.count)

    def _queue_digest(self) -> None:
        if monotonic() < self._digest_at:
            return
        self._digest_at = monotonic() + self._every
        try:
            groups = claim_digest(self._database, self._every)
        except SQLAlchemyError:
            return
        if groups or self.dropped:
            dropped, self.dropped = self.dropped, 0
            self._queue(Letter(self._letters.digest(groups, dropped)))
