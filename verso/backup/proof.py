"""The proof of an archive: it is read back, and its database restored, upgraded and asked."""

from pathlib import Path

from sqlalchemy import Connection, func, select

from verso import schema
from verso.backup import BackupError
from verso.backup.archive import DATABASES, MEDIA
from verso.backup.inventory import Inventory, take_inventory
from verso.backup.manifest import Manifest
from verso.backup.reader import Contents, unpack
from verso.backup.site import Copies
from verso.db import Database
from verso.models import Document
from verso.revision import REVISION

# How many names a message shows.
SHOWN = 3


def prove(archive: Path, copies: Copies, folder: Path) -> list[str]:
    """Read an archive back and restore its database on trial; what is wrong with the site itself.

    BackupError for an archive that is not what was to be written.
    """
    trial = folder / "trial"
    member = DATABASES[copies.kind]
    contents = unpack(archive, lambda name: trial if name == member else None)
    if contents.manifest.unproven:
        return []
    with copies.trial(trial) as database:
        return check(database, contents)


def check(database: Database, contents: Contents) -> list[str]:
    """Compare a restored database with its manifest, and bring it up to date.

    Returns what was wrong with the site when it was backed up. BackupError where they differ, where a
    file of an image is not in the archive, or the database cannot be upgraded.
    """
    with schema.migration_engine(database).begin() as connection:
        inventory = take_inventory(connection)
        complaints = _broken_references(connection)
    _expect_same(contents.manifest, inventory)
    _expect_files(contents, inventory)
    if inventory.schema != REVISION:
        _upgrade(database)
    with database.reader() as session:
        session.scalar(select(func.count()).select_from(Document))
    return complaints


def _broken_references(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if not rows:
        return []
    tables = ", ".join(sorted({row[0] for row in rows}))
    return [f"{len(rows)} rows of the site's database point to rows that do not exist ({tables})"]


def _expect_same(manifest: Manifest, inventory: Inventory) -> None:
    if manifest.schema != inventory.schema:
        raise BackupError(
            f"its database has the schema {inventory.schema}, and its manifest says {manifest.schema}"
        )
    if manifest.rows != inventory.rows:
        names = [
            name
            for name in sorted(manifest.rows.keys() | inventory.rows.keys())
            if manifest.rows.get(name) != inventory.rows.get(name)
        ]
        raise BackupError(f"its database has other rows than its manifest says: {_listed(names)}")


def _expect_files(contents: Contents, inventory: Inventory) -> None:
    files = {f"{MEDIA}/{name}" for name in inventory.files}
    lacking = sorted(files - contents.names - set(contents.seal.missing))
    if lacking:
        raise BackupError(f"it lacks {len(lacking)} files of images: {_listed(lacking)}")


def _upgrade(database: Database) -> None:
    try:
        schema.upgrade(database)
    except schema.SchemaError as error:
        raise BackupError(f"its database cannot be brought up to date: {error}") from error


def _listed(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
