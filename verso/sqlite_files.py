"""The files of an SQLite database: the database, its write-ahead log and the log's index.

They belong together. SQLite replays a log that lies beside a database, also when the database was
replaced, and goes on writing to a log that was deleted, where nothing can be read again. So each
use of a connection looks whether the files are the ones that the process opened.

POSIX drops all locks of a process on a file when the process closes any descriptor of it
(https://sqlite.org/howtocorrupt.html, 2.2): what is opened here stays open until `close`.
"""

import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import NamedTuple

# In the header of every database file of ours ("vers"); see SQLite's PRAGMA application_id.
APPLICATION_ID = int.from_bytes(b"vers", "big")
HEADER = 72


class Inode(NamedTuple):
    """What tells a file from every other one that exists."""

    device: int
    number: int


@dataclass(frozen=True, slots=True)
class Files:
    """The files that have the names of one database; None for one that is missing."""

    database: Inode | None
    log: Inode | None
    index: Inode | None


class DatabaseFiles:
    """Watches the files of one database for the connections of one process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._paths = [Path(f"{path}{suffix}") for suffix in ("", "-wal", "-shm")]
        self._lock = RLock()
        self._connections = 0
        self._opened: Files | None = None
        self._log_was_lost = False
        self._is_settled = True
        # Held open: the system would give the number of a deleted file to the next one made.
        self._databases: dict[Inode, int] = {}
        self._log: int | None = None

    def expect_ours(self) -> None:
        """Raise sqlite3.OperationalError where a connection must not even open the file.

        That is a file that is missing or not Verso's, one beside the log of another, and one whose
        log was deleted or replaced while connections of this process still use the old one.
        """
        with self._lock:
            files = self._look()
            if files.database is None:
                raise sqlite3.OperationalError(
                    f"unable to open {self.path}: it does not exist (`verso init` makes a new one)"
                )
            if reason := self._torn(files):
                raise sqlite3.OperationalError(f"{self.path} {reason}")
            if not self._is_ours(files.database):
                raise sqlite3.OperationalError(f"{self.path} is not a database of Verso")

    def connected(self) -> None:
        """Note that a connection opened the files; raises OperationalError if they changed meanwhile."""
        with self._lock:
            files = self._look()
            if self._connections and files != self._opened:
                raise sqlite3.OperationalError(f"the files of {self.path} were just replaced")
            if files != self._opened:
                self._opened = files
                self._hold_log()
            self._connections += 1

    def closed(self) -> None:
        """Note that a connection was closed."""
        with self._lock:
            self._connections -= 1

    def are_as_opened(self) -> bool:
        """Whether the files that have the names are the ones that connections of this process use."""
        return self._look() == self._opened

    def settle(self, connection: sqlite3.Connection) -> bool:
        """Write what the log of a connection holds to its database, whatever their names are now.

        Returns whether nothing is left to write. It does nothing where another process began a new
        log: that process settled the old one, and the new one may share its index.
        """
        with self._lock:
            files, opened = self._look(), self._opened
            if opened is None or files.database is None or files.log not in (None, opened.log):
                return True
            is_same_database = files.database == opened.database
            self._log_was_lost = is_same_database and files.log is None
            self._is_settled = _checkpoint(connection) or not is_same_database
            return self._is_settled

    def are_replaced(self) -> bool:
        """Whether connections are open whose files no longer have the names."""
        return self._connections > 0 and not self.are_as_opened()

    def close(self) -> None:
        """Let the descriptors go, if no connection of this process is open any more."""
        with self._lock:
            if self._connections:
                return
            for descriptor in (*self._databases.values(), self._log):
                if descriptor is not None:
                    os.close(descriptor)
            self._databases.clear()
            self._log = self._opened = None

    def _look(self) -> Files:
        return Files(*(_inode(Path(f"{self.path}{suffix}")) for suffix in ("", "-wal", "-shm")))

    def _torn(self, files: Files) -> str | None:
        """Why the files do not belong together, as the end of a sentence."""
        if self._opened is None or files == self._opened:
            return None
        if files.database != self._opened.database and files.log == self._opened.log is not None:
            return (
                f"was replaced while the site used it, and {self.path.name}-wal beside it belongs to "
                "the file before: stop the site, remove the -wal and -shm files, start it again"
            )
        if not self._is_settled:
            return "lost its write-ahead log while it was in use: stop the site and start it again"
        if self._connections:
            return (
                "was replaced while the site used it: the connections to the old file are closing"
            )
        if self._log_was_lost:
            self._log_was_lost = False
            return (
                "lost its write-ahead log while the site used it: what the log held has been written "
                "to the database"
            )
        return None

    def _is_ours(self, inode: Inode) -> bool:
        descriptor = self._databases.get(inode)
        if descriptor is None:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        header = os.pread(descriptor, HEADER, 0)
        is_ours = header.startswith(b"SQLite format 3\0") and header[68:] == b"vers"
        if is_ours:
            self._databases[inode] = descriptor
        else:
            # No connection of this process has the file open, so no lock goes with the descriptor.
            self._databases.pop(inode, None)
            os.close(descriptor)
        return is_ours

    def _hold_log(self) -> None:
        """Keep the number of the log from being given to another file; SQLite locks no log."""
        if self._log is not None:
            os.close(self._log)
            self._log = None
        with suppress(OSError):
            self._log = os.open(f"{self.path}-wal", os.O_RDONLY | os.O_CLOEXEC)


class WatchedConnection(sqlite3.Connection):
    """A connection that tells the files of its database when it is closed."""

    files: DatabaseFiles | None = None
    # Seconds that its transactions wait for a lock.
    lock_wait = 0.0

    def close(self) -> None:
        super().close()
        files, self.files = self.files, None
        if files is not None:
            files.closed()


def _checkpoint(connection: sqlite3.Connection) -> bool:
    """Empty the log into the database; False while a reader or a writer is in the way."""
    with suppress(sqlite3.Error):
        (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy
    return False


def _inode(path: Path) -> Inode | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return Inode(status.st_dev, status.st_ino)
