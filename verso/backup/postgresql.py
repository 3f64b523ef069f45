"""PostgreSQL: copies by its own tools, pg_dump and pg_restore, from the PATH."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from verso.backup import BackupError
from verso.backup.inventory import Inventory, take_inventory
from verso.db import Database
from verso.schema import migration_engine

MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"
)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
TRIAL = "verso_backup_trial_"


class PostgresqlCopies:
    """Copies of a database on a PostgreSQL server."""

    kind = "postgresql"

    def __init__(self, database: Database) -> None:
        self._database = database

    def size(self) -> int:
        """Bytes of the database on the server, which a dump seldom exceeds."""
        with _connected(self._database) as connection:
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)

    def proof(self) -> str | None:
        """Why a copy cannot be proven: that takes a database to restore it into. None if it can."""
        with _connected(self._database) as connection:
            if connection.scalar(text(MAY_CREATE)):
                return None
        return (
            f"the role {self._database.url.username} may not create a database to restore it into "
            "(ALTER ROLE ... CREATEDB)"
        )

    def copy(self, target: Path) -> Inventory:
        """Dump the database to a new file; rows are counted in the very snapshot that is dumped."""
        with _connected(self._database) as connection:
            _expect_tool("pg_dump", connection)
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            inventory = take_inventory(connection)
            arguments = ["-Fc", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
            dump(self._database.url, target, *arguments)
        return inventory

    @contextmanager
    def trial(self, copy: Path) -> Iterator[Database]:
        """A copy restored into a database of its own, which is dropped in the end."""
        name = TRIAL + secrets.token_hex(6)
        create, drop = (f'{verb} DATABASE "{name}"' for verb in ("CREATE", "DROP"))
        _outside_transaction(self._database, f"{create} TEMPLATE template0")
        database = Database(self._database.url.set(database=name))
        try:
            restore(database.url, copy)
            yield database
        finally:
            database.close()
            _outside_transaction(self._database, f"{drop} WITH (FORCE)")


def dump(url: URL, target: Path, *arguments: str) -> None:
    """Run pg_dump; BackupError with what it says."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    _run("pg_dump", url, *arguments, f"--file={target}")


def restore(url: URL, copy: Path) -> None:
    """Restore a dump into an empty database: all of it or nothing. BackupError."""
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run("pg_restore", url, *options, str(copy))


def count_others(database: Database) -> int:
    """How many other sessions are open on the database, on whatever machine."""
    with _connected(database) as connection:
        return int(connection.scalar(text(OTHERS)) or 0)


def tables_in(database: Database) -> list[str]:
    """The tables of the database's schema."""
    with _connected(database) as connection:
        return list(connection.scalars(text(TABLES)))


def drop_tables(database: Database) -> None:
    """Drop every table of the schema; all or none."""
    with migration_engine(database).begin() as connection:
        for name in connection.scalars(text(TABLES)).all():
            quoted = connection.dialect.identifier_preparer.quote_identifier(name)
            connection.execute(text(f"DROP TABLE {quoted} CASCADE"))


@contextmanager
def _connected(database: Database) -> Iterator[Connection]:
    """A connection without a request's deadline; everything in the block sees one snapshot."""
    engine = migration_engine(database).execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        yield connection


def _outside_transaction(database: Database, statement: str) -> None:
    engine = migration_engine(database).execution_options(isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", error)
        raise BackupError(
            f"PostgreSQL refuses {statement.partition(' WITH')[0]}: {cause}"
        ) from error


def _expect_tool(tool: str, connection: Connection) -> None:
    """pg_dump refuses a server that is newer than itself."""
    server = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    answer = subprocess.run([_path_of(tool), "--version"], capture_output=True, text=True)
    version = re.search(r"\d+", answer.stdout)
    if version and int(version[0]) < server:
        raise BackupError(
            f"{tool} is of PostgreSQL {version[0]} and the server of {server}: install the client "
            f"programs of {server} (on Debian postgresql-client-{server}) and put them first in PATH"
        )


def _path_of(tool: str) -> str:
    path = shutil.which(tool)
    if path is None:
        raise BackupError(
            f"{tool} is not on the PATH: install PostgreSQL's client programs "
            "(on Debian the package postgresql-client)"
        )
    return path


def _run(tool: str, url: URL, *arguments: str) -> None:
    """Run a tool on a database; the password goes through the environment, where others cannot see it."""
    path = _path_of(tool)
    password = url.password or url.query.get("password")
    query = url.difference_update_query(["password"]).query
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    address = shown.render_as_string()
    environ = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    command = [path, "--no-password", f"--dbname={address}", *arguments]
    answer = subprocess.run(command, env=environ, capture_output=True, text=True, errors="replace")
    if answer.returncode:
        lines = answer.stderr.strip().splitlines() or [f"it ended with {answer.returncode}"]
        raise BackupError(f"{tool} failed: {' '.join(line.strip() for line in lines[:3])}")
