"""The mails about failures: their subject and words, in the default language of the site."""

from collections.abc import Sequence
from email.message import EmailMessage

from verso.config import Settings
from verso.errors.inbox.digest import Continued
from verso.errors.inbox.store import News, Told
from verso.errors.occurrence import Occurrence
from verso.i18n.catalogs import Catalogs
from verso.i18n.gettext import N_, translate_with
from verso.mailer import compose

MAX_TRACE = 6000
_OPENINGS = {
    News.NEW: N_("Something failed for the first time."),
    News.REGRESSED: N_("Something that was marked as resolved has failed again."),
    News.AWAKE: N_("Something that was muted has failed as often as you allowed it."),
}


class Letters:
    """Writes the mails, outside of any request."""

    def __init__(self, catalogs: Catalogs, settings: Settings) -> None:
        self._catalogs = catalogs
        self._locale = settings.DEFAULT_LOCALE
        self._base = settings.BASE_URL
        self._recipients = settings.ADMINS
        self._sender = settings.MAIL_FROM or settings.ADMINS[0]

    def about(self, told: Told) -> EmailMessage:
        """The mail about one group of failures."""
        latest = told.latest
        opening = self._say(_OPENINGS[told.news])
        lines = [opening, "", latest.title, "", *self._facts(told, latest)]
        text = "\n".join([*lines, "", _end_of(latest.trace)])
        subject = f"[Verso] {latest.section}: {latest.title}"
        return compose(self._sender, self._recipients, subject, text, X_Error_ID=latest.error_id)

    def digest(self, groups: Sequence[Continued], dropped: int) -> EmailMessage:
        """The mail about everything that went on failing, with the counts that were not mailed."""
        number = sum(group.more for group in groups)
        subject = self._say(N_("%(number)s failures since the last mail"), number=number)
        lines = [subject, ""]
        for group in groups:
            counts = self._say(
                N_("%(more)s more, %(count)s in all"), more=group.more, count=group.count
            )
            lines += [group.title, f"  {group.place} · {counts}", *self._link(group.group_id), ""]
        if dropped:
            words = N_("%(number)s mails were given up because the mail server did not answer.")
            lines.append(self._say(words, number=dropped))
        return compose(self._sender, self._recipients, f"[Verso] {subject}", "\n".join(lines))

    def _facts(self, told: Told, latest: Occurrence) -> list[str]:
        rows = (
            (N_("Error number:"), latest.error_id),
            (N_("When:"), latest.moment.strftime("%Y-%m-%d %H:%M:%S UTC")),
            (N_("Where:"), latest.place),
            (N_("Request:"), f"{latest.method} {latest.path}".strip()),
            (N_("How often:"), str(told.count)),
        )
        facts = [f"{self._say(name)} {value}" for name, value in rows if value]
        return facts + self._link(told.group_id)

    def _link(self, group_id: int) -> list[str]:
        """The page of the group, where its absolute address is known."""
        return [f"  {self._base}/admin/errors/{group_id}"] if self._base and group_id else []

    def _say(self, message: str, **variables: object) -> str:
        return translate_with(self._catalogs.get(self._locale), message, **variables)


def _end_of(trace: str) -> str:
    return trace if len(trace) <= MAX_TRACE else "…\n" + trace[-MAX_TRACE:]
