"""`verso backup` and `verso restore`: one file with all of a site, and the way back."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from verso.backup import BackupError
from verso.backup.archive import key_file
from verso.backup.making import Backup, make_backup
from verso.backup.manifest import Manifest
from verso.backup.record import Record, write_record
from verso.backup.restoring import Restored, restore_backup
from verso.backup.room import in_words
from verso.backup.site import Site
from verso.cli.transfer import show_progress
from verso.current import get_settings, get_store
from verso.db import get_database
from verso.media.stores import StoreUnavailable
from verso.runtime import instance
from verso.runtime.instance import InstanceUnusable

# How many names of files a report shows; --json has all.
SHOWN = 10
FILE = click.Path(path_type=Path)


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace FILE, if it is an earlier backup.")
@click.option(
    "--with-key", is_flag=True, help="Put the signing key into FILE, and not into FILE.key."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@with_appcontext
def backup(file: Path, force: bool, with_key: bool, as_json: bool) -> None:
    """Write database, media, catalogs and settings to FILE, while the site runs, and prove it.

    FILE is a tar that only its owner may read. It gets its name when it was read back and its database
    restored on trial. Exit code 1: there is no FILE, or the site lacked something, which is named.
    """
    with _sentences("No backup was made"):
        instance.share(get_settings().INSTANCE_PATH)
        made = make_backup(
            _site(), file.absolute(), force=force, with_key=with_key, progress=_show_progress
        )
    _remember(made)
    if as_json:
        click.echo(json.dumps(_summary_of_backup(made), indent=2, ensure_ascii=False))
    else:
        for line in _report_of_backup(made):
            click.echo(line)
    if not made.is_complete:
        raise SystemExit(1)


@click.command("restore")
@click.argument("file", type=FILE)
@click.option(
    "--force", is_flag=True, help="Also where there is a site: it is moved to before-restore-..."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@with_appcontext
def restore(file: Path, force: bool, as_json: bool) -> None:
    """Put the site of a backup into the instance folder, which no server may use meanwhile.

    All of FILE is unpacked, checked and brought up to this Verso's schema before anything changes. The
    signing key is taken from FILE, or from FILE.key. Exit code 1: nothing was restored, or the backup
    lacked something, which is named.
    """
    with _sentences("Nothing was restored"):
        restored = restore_backup(_site(), file.absolute(), force=force, progress=_show_progress)
    if as_json:
        click.echo(json.dumps(_summary_of_restore(restored), indent=2, ensure_ascii=False))
    else:
        for line in _report_of_restore(restored, file):
            click.echo(line)
    if restored.contents.seal.missing or restored.complaints:
        raise SystemExit(1)


def _site() -> Site:
    key = str(current_app.config["SECRET_KEY"])
    return Site(get_settings(), get_database(), get_store(), key)


@contextmanager
def _sentences(what: str) -> Iterator[None]:
    """End a command that cannot do its work with a sentence, and one that is stopped with its clean-up."""
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    except (BackupError, InstanceUnusable, StoreUnavailable) as error:
        raise click.ClickException(f"{what}: {error}.") from error
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise click.ClickException(f"{what}: the database does not answer: {cause}") from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{what}: {where}{error.strerror or error}.") from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _show_progress(done: int, of: int) -> None:
    """Progress for people; a backup that cron makes says what it has to say in its report."""
    if sys.stderr.isatty():
        show_progress(done, of)


def _stop(number: int, frame: Any) -> None:
    sys.exit(128 + number)


def _remember(made: Backup) -> None:
    """Write down that there is a backup; one that cannot be written down is a backup all the same."""
    record = Record(
        file=str(made.file),
        when=datetime.fromisoformat(made.manifest.began),
        is_proven=made.is_proven,
        is_complete=made.is_complete,
    )
    try:
        write_record(get_settings().INSTANCE_PATH, record)
    except (OSError, BackupError) as error:
        click.echo(f"`verso doctor` will not know of this backup: {error}", err=True)


def _report_of_backup(made: Backup) -> Iterator[str]:
    manifest = made.manifest
    when = f"as of {_when(manifest)}"
    yield f"The site was backed up to {made.file} ({in_words(made.size)}), {when}."
    if made.is_proven:
        yield f"Proven by restoring it on trial: {_counts(manifest)}."
    else:
        yield f"NOT PROVEN: {manifest.unproven}. It holds {_counts(manifest)}."
    if made.key_file:
        yield f"The signing key is in {made.key_file}: keep it apart from the backup."
    if manifest.settings_left_out:
        names = ", ".join(f"VERSO_{name}" for name in manifest.settings_left_out)
        yield f"Settings that hold secrets are not in it: {names}."
    if manifest.left_out:
        yield f"Not in it either: {'; '.join(manifest.left_out)}."
    yield from _report_of_faults(made.seal.missing, made.complaints)


def _report_of_restore(restored: Restored, archive: Path) -> Iterator[str]:
    manifest = restored.contents.manifest
    yield f"Restored the site as it was at {_when(manifest)}: {_counts(manifest)}."
    for folder in restored.kept:
        yield f"What was there before is in {folder}: delete it when you no longer need it."
    if not restored.has_key:
        yield (
            f"The signing key of the site is neither in {archive} nor in {key_file(archive)}: this "
            "instance keeps the key that it has. Accounts and logins are in the database and go on; "
            "what was signed with the old key is void."
        )
    for name, (before, here) in restored.settings.items():
        yield f"VERSO_{name} was {before} when the site was backed up, and is {here} here."
    yield from _report_of_faults(restored.contents.seal.missing, restored.complaints)
    yield "`verso doctor` looks at all of it; `verso serve` serves it."


def _report_of_faults(missing: list[str], complaints: list[str]) -> Iterator[str]:
    yield from (f"INCOMPLETE: {complaint}." for complaint in complaints)
    if missing:
        yield f"INCOMPLETE: {len(missing)} files of the site were missing or could not be read:"
        yield from (f"  {name}" for name in missing[:SHOWN])
    if len(missing) > SHOWN:
        yield f"  and {len(missing) - SHOWN} more (--json names all)"


def _when(manifest: Manifest) -> str:
    return f"{datetime.fromisoformat(manifest.began):%Y-%m-%d %H:%M:%S %Z}"


def _counts(manifest: Manifest) -> str:
    rows = manifest.rows
    parts = [
        (rows.get("documents", 0), "document"),
        (manifest.images, "image"),
        (rows.get("users", 0), "account"),
        (sum(rows.values()), "row"),
    ]
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts)


def _summary_of_backup(made: Backup) -> dict[str, Any]:
    return {
        "file": str(made.file),
        "key_file": str(made.key_file) if made.key_file else None,
        "bytes": made.size,
        "is_proven": made.is_proven,
        "is_complete": made.is_complete,
        "complaints": made.complaints,
        "missing": made.seal.missing,
        "ended": made.seal.ended,
        "manifest": asdict(made.manifest),
    }


def _summary_of_restore(restored: Restored) -> dict[str, Any]:
    settings = {
        name: {"backup": was, "here": is_} for name, (was, is_) in restored.settings.items()
    }
    return {
        "kept": [str(folder) for folder in restored.kept],
        "has_key": restored.has_key,
        "is_complete": not (restored.contents.seal.missing or restored.complaints),
        "complaints": restored.complaints,
        "missing": restored.contents.seal.missing,
        "settings": settings,
        "manifest": asdict(restored.contents.manifest),
    }
