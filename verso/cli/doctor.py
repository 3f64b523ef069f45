"""`verso doctor`: is this installation fit, and what to do where it is not."""

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from verso.backup.record import Record, read_record
from verso.config import Settings
from verso.content import site_settings
from verso.content.site_settings import MAINTENANCE
from verso.current import get_settings
from verso.db import get_database
from verso.i18n.locales import get_locales
from verso.jobs.listing import JobCounts, count_jobs
from verso.jobs.runner import get_runner
from verso.people.users import anybody
from verso.runtime.instance import unfinished

BACKUP_WITHIN = timedelta(days=7)
SHOWN = {"ok": "ok     ", "advice": "advice ", "problem": "PROBLEM"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; level is ok, advice or problem."""

    level: str
    subject: str
    words: str


@click.command()
@click.option("--deploy", is_flag=True, help="For a public site: advice counts as a problem too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array, for programs.")
@with_appcontext
def doctor(deploy: bool, as_json: bool) -> None:
    """Check settings, folders, database, languages and error handlers; exit 1 on a problem."""
    settings = get_settings()
    findings = [
        *_folders(settings),
        *_database(),
        *_backups(settings.INSTANCE_PATH),
        *_languages(settings),
        *_network(settings),
        *_reports(settings),
        *_handlers(),
    ]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            click.echo(f"{SHOWN[finding.level]}  {finding.subject}: {finding.words}")
    bad = {"problem", "advice"} if deploy else {"problem"}
    if any(finding.level in bad for finding in findings):
        raise SystemExit(1)


def _folders(settings: Settings) -> Iterator[Finding]:
    folder = settings.INSTANCE_PATH
    if not os.access(folder, os.W_OK):
        yield Finding("problem", "instance", f"{folder} cannot be written by this user")
        return
    yield Finding("ok", "instance", str(folder))
    key = folder / "secret_key"
    if not settings.SECRET_KEY and key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Finding("problem", "signing key", f"others may read {key}: chmod 600 it")


def _database() -> Iterator[Finding]:
    database = get_database()
    where = database.url.render_as_string()
    try:
        with database.engine.connect() as connection:
            yield Finding("ok", "database", f"{where} answers and is up to date")
            if database.is_sqlite:
                yield _sqlite(str(connection.scalar(text("PRAGMA quick_check"))))
        with database.reader() as session:
            if site_settings.read(session, [MAINTENANCE])[MAINTENANCE]:
                words = "is on: visitors get 503 until `verso maintenance off`"
                yield Finding("advice", "maintenance", words)
            if not anybody(session):
                yield Finding("advice", "accounts", "there is none yet: `verso init` prints a link")
            yield from _jobs(count_jobs(session, get_runner().worker.kinds))
    except SQLAlchemyError as error:
        yield Finding("problem", "database", f"{where}: {_reason(error)}")


def _reason(error: SQLAlchemyError) -> str:
    """What is wrong with the database; our own reasons name the way out, and so do these."""
    cause = getattr(error, "orig", None) or error
    reason = str(cause).partition("\n")[0]
    code = getattr(cause, "sqlite_errorname", "")
    is_damaged = code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
    return f"{reason}: restore a backup (`verso restore FILE --force`)" if is_damaged else reason


def _sqlite(answer: str) -> Finding:
    if answer == "ok":
        return Finding("ok", "database file", "quick_check finds nothing wrong")
    return Finding(
        "problem",
        "database file",
        f"quick_check says {answer}: restore a backup (`verso restore FILE --force`)",
    )


def _backups(instance: Path) -> Iterator[Finding]:
    """When the site can be restored from, and a restore that was cut off."""
    if reason := unfinished(instance):
        yield Finding("problem", "restore", reason)
    record = read_record(instance)
    if record is None:
        yield Finding("advice", "backup", "there is none of this site: `verso backup FILE`")
        return
    words = f"the last is of {record.when:%Y-%m-%d %H:%M %Z} ({record.file})"
    if record.was_restored:
        words += ", from which the site was restored"
    faults = list(_faults_of(record))
    if faults:
        words = f"{words}: {', and '.join(faults)}"
    yield Finding("advice" if faults else "ok", "backup", words)


def _faults_of(record: Record) -> Iterator[str]:
    age = datetime.now(UTC) - record.when
    if age > BACKUP_WITHIN:
        yield f"that is {age.days} days ago"
    if not record.is_proven:
        yield "it was not proven by restoring it"
    if not record.is_complete:
        yield "something of the site was missing: `verso backup FILE` says what"


def _jobs(counts: JobCounts) -> Iterator[Finding]:
    """Whether jobs are run, and what became of them."""
    for kind in counts.recurring:
        words = "failed at its last run: `verso jobs list` says why"
        yield Finding("problem", f"job {kind}", words)
    if counts.failed:
        words = f"failed for good: {counts.failed}; `verso jobs list --state failed` says why, `verso jobs retry NUMBER` tries one again"
        yield Finding("advice", "jobs", words)
    if counts.late:
        words = f"due for over an hour: {counts.late}; start the site, or have cron call `verso jobs run`"
        yield Finding("advice", "jobs", words)
    if counts.unknown:
        words = f"of kinds that this version does not know: {counts.unknown}; a newer one runs them"
        yield Finding("advice", "jobs", words)


def _languages(settings: Settings) -> Iterator[Finding]:
    locales = get_locales()
    known = locales.catalogs.locales()
    for locale in locales.current:
        if locale not in known:
            words = "has no catalog: its readers see the interface in English"
            yield Finding("advice", f"language {locale}", words)
    yield Finding("ok", "languages", ", ".join(locales.current))
    if settings.DEFAULT_LOCALE not in locales.current:
        yield Finding("problem", "default language", f"{settings.DEFAULT_LOCALE} has no catalog")


def _network(settings: Settings) -> Iterator[Finding]:
    if not settings.BASE_URL:
        yield Finding(
            "advice", "BASE_URL", "is unset: absolute links come from each request's host"
        )
    elif settings.BASE_URL.startswith("http://"):
        words = "is plain http: cookies go without the __Host- prefix; serve https"
        yield Finding("advice", "BASE_URL", words)
    for host in settings.TRUSTED_HOSTS:
        if "/" in host:
            yield Finding("problem", "TRUSTED_HOSTS", f"{host} is a URL: write its host name only")
    if not settings.TRUSTED_HOSTS:
        yield Finding("advice", "TRUSTED_HOSTS", "is unset: any Host header is believed")
    if not settings.MAX_BODY_BYTES:
        yield Finding("problem", "MAX_BODY_BYTES", "is 0: request bodies of any size are read")


def _reports(settings: Settings) -> Iterator[Finding]:
    """Whether somebody hears of failures, and whether they can be written down."""
    if not settings.MAIL_URL:
        yield Finding("advice", "MAIL_URL", "is unset: nobody is mailed when something fails")
    if settings.LOG_FILE and not os.access(Path(settings.LOG_FILE).absolute().parent, os.W_OK):
        yield Finding("problem", "LOG_FILE", f"{settings.LOG_FILE} cannot be written there")
    waiting = len(list((settings.INSTANCE_PATH / "spool").glob("*.jsonl")))
    if waiting:
        yield Finding("advice", "inbox", f"{waiting} files of failures wait for the database")


def _handlers() -> Iterator[Finding]:
    """Handlers for builtin exceptions blind the reporter; there must be none."""
    wrong = [
        f"{cls.__name__} in {section or 'the application'}"
        for section, codes in current_app.error_handler_spec.items()
        for classes in codes.values()
        for cls in classes
        if not issubclass(cls, HTTPException)
    ]
    if wrong:
        yield Finding("problem", "error handlers", "remove those for " + ", ".join(wrong))
    else:
        yield Finding("ok", "error handlers", "for HTTP errors only")
