"""How to connect: SQLite that loses nothing and notices a replaced file, and servers with a deadline."""

import errno
import sqlite3
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError

from verso.revision import QUERY, mismatch
from verso.runtime.patience import REQUEST, current
from verso.sqlite_files import DatabaseFiles, WatchedConnection

# The name of the execution option that holds the Transaction of a connection that writes.
WRITES = "verso_writes"
# What a request waits is set once for each connection; other work sets its own when it begins.
OF_CONNECTION = REQUEST
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # NORMAL loses acknowledged commits in a power cut.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={OF_CONNECTION.lock * 1000:.0f}",
)
# What the system says of a disk, a quota or a limit that is used up.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
SERVER_OPTIONS = (
    f"-c statement_timeout=2000 -c lock_timeout={REQUEST.lock * 1000:.0f} -c timezone=UTC"
)


class Transaction:
    """A writing transaction, as far as it is known: whether its COMMIT was sent."""

    def __init__(self) -> None:
        self.is_committing = False

    def has_unknown_outcome(self, error: DBAPIError) -> bool:
        """Whether an error leaves open if the database keeps what was written.

        A server's own refusal is an outcome, and so is a full disk; silence, a line that broke, a
        server that shuts down (SQLSTATE 08 and 57P) and a disk that failed while syncing are none.
        """
        if isinstance(error.orig, sqlite3.Error):
            is_open = getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_IOERR")
        else:
            code = getattr(error.orig, "sqlstate", None)
            is_open = code is None or code.startswith(("08", "57P"))
        return self.is_committing and is_open


def sqlite_engine(files: DatabaseFiles) -> Engine:
    """An engine on an existing SQLite file; a missing file is an error, never a new database."""
    uri = _file_uri(files.path)
    engine = create_engine(
        URL.create("sqlite", database=uri, query={"mode": "rw", "uri": "true"}),
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "factory": WatchedConnection,
        },
        # The values of a statement are people's: an error's text must not repeat them.
        hide_parameters=True,
        # The pool's connections stay open: reads go on when a full disk forbids a new log file.
        pool_size=16,
        max_overflow=64,
        pool_timeout=2,
    )
    event.listen(engine, "do_connect", lambda *_: files.expect_ours())
    event.listen(engine, "connect", lambda raw, record: _connected(raw, files))
    event.listen(engine, "checkout", lambda raw, *_: _expect_files(engine, raw, files))
    event.listen(engine, "begin", lambda connection: _begin(connection, files))
    event.listen(engine, "commit", _note_commit)
    event.listen(
        engine, "handle_error", lambda context: _notice_full_disk(context, files.path.parent)
    )
    return engine


def server_engine(url: URL) -> Engine:
    """An engine on PostgreSQL whose every wait ends within the deadline of verso.deadlines."""
    # psycopg is an extra: an installation on SQLite does without it.
    from verso.deadlines import Breaker, deadline_connection, expect_revision_on_server

    breaker = Breaker()
    connection_class = deadline_connection(breaker)
    conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def connect() -> Any:
        with breaker.guard():
            return connection_class.connect(conninfo, connect_timeout=2, options=SERVER_OPTIONS)

    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        creator=connect,
        hide_parameters=True,
        pool_size=8,
        max_overflow=24,
        pool_timeout=2,
        pool_pre_ping=True,
        pool_use_lifo=True,
    )
    event.listen(engine, "connect", expect_revision_on_server)
    event.listen(engine, "begin", _begin_on_server)
    event.listen(engine, "commit", _note_commit)
    return engine


def _file_uri(path: Path) -> str:
    return "file:" + str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _connected(raw: WatchedConnection, files: DatabaseFiles) -> None:
    # Before anything is set: what cannot be used is left as it is.
    if reason := mismatch(_revision_in(raw)):
        raise sqlite3.OperationalError(reason)
    for pragma in SQLITE_PRAGMAS:
        raw.execute(pragma).close()
    # The log and its index exist from the first reading on.
    raw.execute(QUERY).close()
    files.connected()
    raw.files = files


def _revision_in(raw: sqlite3.Connection) -> str | None:
    try:
        row = raw.execute(QUERY).fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise
    return str(row[0]) if row else None


def _expect_files(engine: Engine, raw: WatchedConnection, files: DatabaseFiles) -> None:
    """Close what was opened when the files were other ones; the pool then connects anew, or fails."""
    if files.are_as_opened():
        return
    if files.settle(raw):
        engine.pool.dispose()
    raise DisconnectionError(f"{files.path} is not the file that this connection opened")


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


def _begin(connection: Connection, files: DatabaseFiles) -> None:
    """Begin a writing transaction with the lock in hand: a deferred one loses updates silently."""
    raw, lock = connection.connection.dbapi_connection, current().lock
    if isinstance(raw, WatchedConnection) and raw.lock_wait != lock:
        raw.execute(f"PRAGMA busy_timeout={lock * 1000:.0f}").close()
        raw.lock_wait = lock
    if not connection.get_execution_options().get(WRITES):
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    if not files.are_as_opened():
        reason = sqlite3.OperationalError(f"the files of {files.path} were replaced just now")
        raise OperationalError("BEGIN IMMEDIATE", None, reason)
    expect_revision_on(connection)


def expect_revision_on(connection: Connection) -> None:
    """Raise OperationalError for a schema that another Verso has changed since."""
    if reason := mismatch(connection.exec_driver_sql(QUERY).scalar()):
        raise OperationalError(QUERY, None, ValueError(reason))


def _note_commit(connection: Connection) -> None:
    """Note, right before COMMIT is sent, that an error from now on may come too late."""
    if transaction := connection.get_execution_options().get(WRITES):
        transaction.is_committing = True


def _begin_on_server(connection: Connection) -> None:
    """Let the server wait as long as the work does."""
    if current() != OF_CONNECTION:
        answer, lock = (f"{seconds * 1000:.0f}" for seconds in (current().answer, current().lock))
        connection.exec_driver_sql(
            f"SELECT set_config('statement_timeout', '{answer}', true), "
            f"set_config('lock_timeout', '{lock}', true)"
        )
    if connection.get_execution_options().get(WRITES):
        expect_revision_on(connection)
