"""Sites to back up, as the commands see them, and what is in two databases, to compare."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import MetaData, select

from tests.factories import Factory
from verso.backup.making import Backup, make_backup
from verso.backup.restoring import Restored, restore_backup
from verso.backup.site import Site
from verso.content.search import INDEX_TABLE
from verso.db import Database
from verso.media.storage import files_of
from verso.models import Media
from verso.schema import migration_engine


def site_of(app: Flask) -> Site:
    """The parts of an application's site."""
    parts = app.extensions
    key = str(app.config["SECRET_KEY"])
    return Site(parts["verso.settings"], parts["verso.db"], parts["verso.store"], key)


def back_up(app: Flask, file: Path, *, force: bool = False, with_key: bool = False) -> Backup:
    return make_backup(site_of(app), file, force=force, with_key=with_key, progress=_silent)


def restore(app: Flask, file: Path, *, force: bool = False) -> Restored:
    app.extensions["verso.db"].close()
    return restore_backup(site_of(app), file, force=force, progress=_silent)


def add_picture(app: Flask, factory: Factory, content: bytes) -> Media:
    """A medium with its file in the store."""
    medium = factory.medium()
    with factory.database.writing() as session:
        stored = session.get_one(Media, medium.id)
        stored.digest = hashlib.sha256(content).hexdigest()
        stored.size = len(content)
    app.extensions["verso.store"].put(files_of(stored)[0], content)
    return stored


def rows_of(database: Database) -> dict[str, list[Any]]:
    """Every row of every table but those inside of the search index, in an order of their own."""
    metadata = MetaData()
    with migration_engine(database).connect() as connection:
        metadata.reflect(connection)
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in metadata.sorted_tables
            if not table.name.startswith(INDEX_TABLE)
        }


def files_in(folder: Path) -> dict[str, bytes]:
    """The content of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _silent(done: int, of: int) -> None:
    pass
