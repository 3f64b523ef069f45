"""How to connect: SQLite that loses nothing and notices a replaced file, and servers with a deadline."""

import errno
import sqlite3
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DisconnectionError

WRITES = "verso_writes"
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # NORMAL loses acknowledged commits in a power cut.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=1500",
)
# In the header of every database file of ours ("vers"); see SQLite's PRAGMA application_id.
APPLICATION_ID = int.from_bytes(b"vers", "big")
# What the system says of a disk, a quota or a limit that is used up.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
SERVER_OPTIONS = "-c statement_timeout=2000 -c lock_timeout=1500 -c timezone=UTC"


def sqlite_engine(url: URL) -> Engine:
    """An engine on an existing SQLite file; a missing file is an error, never a new database."""
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file, as in sqlite:////path/to/verso.db")
    path = Path(url.database).absolute()
    engine = create_engine(
        URL.create("sqlite", database=_file_uri(path), query={"mode": "rw", "uri": "true"}),
        connect_args={"isolation_level": None, "check_same_thread": False},
        # The pool's connections stay open: reads go on when a full disk forbids a new WAL file.
        # The values of a statement are people's: none of them stands in an error's text.
        hide_parameters=True,
        pool_size=16,
        max_overflow=64,
        pool_timeout=2,
    )
    event.listen(engine, "do_connect", lambda *_: _expect_ours(path))
    event.listen(engine, "connect", lambda raw, record: _opened(raw, record, path))
    event.listen(engine, "checkout", lambda raw, record, proxy: _same_file(record, path))
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", lambda context: _notice_full_disk(context, path.parent))
    return engine


def server_engine(url: URL) -> Engine:
    """An engine on PostgreSQL whose every wait ends within the deadline of verso.deadlines."""
    # psycopg is an extra: an installation on SQLite does without it.
    from verso.deadlines import Breaker, deadline_connection

    breaker = Breaker()
    connection_class = deadline_connection(breaker)
    conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def connect() -> Any:
        with breaker.guard():
            return connection_class.connect(conninfo, connect_timeout=2, options=SERVER_OPTIONS)

    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        creator=connect,
        hide_parameters=True,
        pool_size=8,
        max_overflow=24,
        pool_timeout=2,
        pool_pre_ping=True,
        pool_use_lifo=True,
    )


def _file_uri(path: Path) -> str:
    return "file:" + str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _expect_ours(path: Path) -> None:
    """Do not even open a file that is not ours: SQLite would throw our write-ahead log away."""
    try:
        with path.open("rb") as file:
            header = file.read(72)
    except OSError as error:
        raise sqlite3.OperationalError(f"unable to open {path}: {error.strerror}") from error
    is_ours = header.startswith(b"SQLite format 3\0") and header[68:72] == b"vers"
    if not is_ours:
        raise sqlite3.OperationalError(f"{path} is not a database of Verso")


def _opened(raw: Any, record: Any, path: Path) -> None:
    cursor = raw.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
    record.info["file"] = _identity(path)


def _same_file(record: Any, path: Path) -> None:
    if record.info.get("file") != _identity(path):
        raise DisconnectionError(f"{path} is not the file that this connection opened")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _notice_full_disk(context: Any, folder: Path) -> None:
    """Tell a full disk from a broken one: SQLite reports both as a write that failed."""
    error = context.original_exception
    if getattr(error, "sqlite_errorname", "") in ("SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"):
        error.verso_disk_is_full = not _has_room(folder)


def _has_room(folder: Path) -> bool:
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
            file.flush()
    except OSError as error:
        return error.errno not in FULL
    return True


def _begin(connection: Connection) -> None:
    """Begin a writing transaction with the lock in hand: a deferred one loses updates silently."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
