"""The reporter of an application, with the sinks that its settings ask for."""

from flask import Flask

from verso.config import Settings
from verso.db import Database
from verso.errors.letters import Letters
from verso.errors.report import Reporter, Sink
from verso.errors.scrub import Scrubber
from verso.errors.sinks.inbox import InboxSink
from verso.errors.sinks.log import LogSink
from verso.errors.sinks.mail import MailSink
from verso.errors.sinks.sentry import SentrySink
from verso.i18n.catalogs import Catalogs
from verso.mailer import Mailer


def init_app(app: Flask, settings: Settings, database: Database, catalogs: Catalogs) -> None:
    """Give the application its reporter; ConfigError if a setting needs what is not installed."""
    mail = _mail_sink(settings, database, catalogs)
    inbox = InboxSink(database, settings, mail.hear if mail else None)
    sinks: list[Sink] = [LogSink(), inbox]
    if mail:
        sinks.append(mail)
    if settings.SENTRY_DSN:
        sinks.append(SentrySink(settings.SENTRY_DSN))
    secrets = {*settings.secrets, str(app.config["SECRET_KEY"])}
    app.extensions["verso.reporter"] = Reporter(Scrubber(secrets), sinks)
    inbox.collect()


def _mail_sink(settings: Settings, database: Database, catalogs: Catalogs) -> MailSink | None:
    if not settings.MAIL_URL:
        return None
    mailer, letters = Mailer(settings.MAIL_URL), Letters(catalogs, settings)
    return MailSink(mailer, letters, database, settings.MAIL_DIGEST_SECONDS)
