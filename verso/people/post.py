"""Mail to people: invitations and links to a new password, in their language, from a thread of its own.

A request only says who asked: whether there is such an account is looked up here, so that no answer
and no time tells it.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import structlog
from sqlalchemy.exc import OperationalError

from verso.background import Worker
from verso.db import Database, OutcomeUnknown
from verso.i18n.catalogs import Catalogs
from verso.i18n.gettext import N_, translate_with
from verso.mailer import Mailer, MailFailed, MailRefused, compose
from verso.models import Purpose, User
from verso.people import audit, tokens
from verso.people.users import find_user

MAX_WAITING = 200
# What could not be sent for so long is given up; by then its link is void, or asked for anew.
GIVEN_UP = timedelta(hours=1)

INVITED = N_("You are invited to work on %(site)s")
INVITATION = N_(
    "%(who)s invites you to work on %(site)s. Open this link and choose a password; it works once, for seven days:"
)
NEW_PASSWORD = N_("A new password for %(site)s")
RESET = N_(
    "Somebody, hopefully you, asked for a new password for your account on %(site)s. Open this link to choose one; it works once, for an hour:"
)
SENT = N_(
    "%(who)s sends you a link to choose a new password for your account on %(site)s; it works once, for an hour:"
)
UNASKED = N_("If it was not you, do nothing: your password stays as it is.")

log = structlog.get_logger("verso.people")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that waits: made from the database when its turn comes, or None if it is due to nobody."""

    write: Callable[[], EmailMessage | None]
    asked_at: datetime


class Post:
    """Writes and sends; `base` is the public address of the site."""

    def __init__(
        self, mailer: Mailer, sender: str, base: str, database: Database, catalogs: Catalogs
    ) -> None:
        self._mailer = mailer
        self._sender = sender
        self._base = base
        self._database = database
        self._catalogs = catalogs
        self._waiting: deque[Letter] = deque(maxlen=MAX_WAITING)
        self.worker = Worker("post", self._send_all)

    def invite(self, user: User, token: str, who: str, site: str) -> None:
        """Queue an invitation."""
        message = self._invitation(user, token, who, site)
        self._queue(lambda: message)

    def send_reset(self, email: str, address: str, site: str) -> None:
        """Queue a link to a new password, should this address have an account; see the module."""
        self._queue(lambda: self._reset(email, address, site))

    def send_link(self, user: User, token: str, who: str, site: str) -> None:
        """Queue a link to a new password that an administrator asked for."""
        message = self._new_password(user, token, site, self._say(user, SENT, who=who, site=site))
        self._queue(lambda: message)

    def _queue(self, write: Callable[[], EmailMessage | None]) -> None:
        self._waiting.append(Letter(write, datetime.now(UTC)))
        self.worker.wake()

    def _invitation(self, user: User, token: str, who: str, site: str) -> EmailMessage:
        lines = (
            self._say(user, INVITATION, who=who, site=site),
            f"{self._base}/admin/invitation/{token}",
        )
        return self._compose(user, self._say(user, INVITED, site=site), *lines)

    def _reset(self, email: str, address: str, site: str) -> EmailMessage | None:
        with self._database.writing() as session:
            user = find_user(session, email)
            if user is None or user.disabled_at is not None or user.is_invited:
                return None
            token = tokens.issue(session, Purpose.RESET, user)
            audit.record(session, None, "reset-asked", audit.of_person(user), address=address)
        reason, unasked = self._say(user, RESET, site=site), self._say(user, UNASKED)
        return self._new_password(user, token, site, reason, unasked)

    def _new_password(
        self, user: User, token: str, site: str, reason: str, *rest: str
    ) -> EmailMessage:
        link = f"{self._base}/admin/reset/{token}"
        subject = self._say(user, NEW_PASSWORD, site=site)
        return self._compose(user, subject, reason, link, *rest)

    def _compose(self, user: User, subject: str, *paragraphs: str) -> EmailMessage:
        return compose(self._sender, [user.email], subject, "\n\n".join(paragraphs) + "\n")

    def _say(self, user: User, message: str, **variables: str) -> str:
        return translate_with(self._catalogs.get(user.locale), message, **variables)

    def _send_all(self) -> bool:
        """Send what waits; False when the server, or the database, did not take it."""
        while self._waiting:
            letter = self._waiting[0]
            try:
                message = letter.write()
                if message is not None:
                    self._mailer.send(message)
            except MailRefused as error:
                log.warning("mail was refused for good", reason=str(error))
            except (MailFailed, OperationalError, OutcomeUnknown) as error:
                log.warning("mail could not be sent", reason=str(error), waiting=len(self._waiting))
                if datetime.now(UTC) - letter.asked_at < GIVEN_UP:
                    return False
            if self._waiting and self._waiting[0] is letter:
                self._waiting.popleft()
        return True
