"""SQLite: a copy while others write, by SQLite's backup API, and whether a copy is whole."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from verso.backup import BackupError
from verso.backup.inventory import Inventory, take_inventory
from verso.db import Database
from verso.runtime.patience import current
from verso.schema import migration_engine

SIDECARS = ("-wal", "-shm")
# Seconds within SQLite, where no signal is noticed, and what it says of a database that is locked.
ONE_WAIT = 1.0
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class SqliteCopies:
    """Copies of an SQLite database."""

    kind = "sqlite"

    def __init__(self, database: Database) -> None:
        assert database.path and database.files
        self._database, self.path, self._files = database, database.path, database.files

    def size(self) -> int:
        """Bytes of the database with its log."""
        files = [self.path, *(Path(f"{self.path}{suffix}") for suffix in SIDECARS[:1])]
        return sum(file.stat().st_size for file in files if file.exists())

    def proof(self) -> str | None:
        """Why a copy cannot be proven; None, as any can."""
        return None

    def copy(self, target: Path) -> Inventory:
        """Write a copy to a new file, whole whatever others write meanwhile; what is in it.

        All pages are copied in one step, within one reading transaction: in steps, every write of
        another process would begin the copy anew.
        """
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            self._files.expect_ours()
            with (
                closing(sqlite3.connect(_uri(self.path), uri=True, timeout=ONE_WAIT)) as source,
                closing(sqlite3.connect(target)) as copy,
            ):
                source.backup(copy, pages=-1, progress=_Patience(self.path))
        except sqlite3.Error as error:
            raise BackupError(f"the database cannot be copied: {error}") from error
        if damage := damage_in(target):
            raise BackupError(f"the database is damaged ({damage}): restore an earlier backup")
        with migration_engine(_database_at(target)).begin() as connection:
            return take_inventory(connection)

    @contextmanager
    def trial(self, copy: Path) -> Iterator[Database]:
        """The copy as a database of its own; BackupError if it is damaged."""
        if damage := damage_in(copy):
            raise BackupError(f"the copy of the database is damaged: {damage}")
        database = _database_at(copy)
        try:
            yield database
        finally:
            database.close()


class _Patience:
    """Ends a copy that waits for a lock too long: sqlite3 itself would try again for ever."""

    def __init__(self, path: Path) -> None:
        self._path, self._seconds = path, current().lock
        self._until = time.monotonic() + self._seconds

    def __call__(self, status: int, remaining: int, total: int) -> None:
        if status in LOCKED and time.monotonic() > self._until:
            raise BackupError(
                f"another process has had {self._path} for itself for {self._seconds:.0f} s: end it, or "
                "try again later"
            )


def damage_in(path: Path) -> str | None:
    """What SQLite finds wrong with a file that nothing else uses; None for a whole one."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as file:
            (answer,) = file.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if answer == "ok" else str(answer)


def _database_at(path: Path) -> Database:
    return Database(URL.create("sqlite", database=str(path)))


def _uri(path: Path) -> str:
    # rw: the log of a process that was killed is written back, and nothing is created.
    return f"{path.absolute().as_uri()}?mode=rw"
