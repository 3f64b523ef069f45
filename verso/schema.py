"""The schema of the database: create it, bring it up to date, and tell whether it is."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from verso.content.search import INDEX_TABLE
from verso.db import Database
from verso.revision import mismatch
from verso.sqlite_files import APPLICATION_ID


class SchemaError(Exception):
    """A database cannot be migrated, or a migration left rows that point nowhere."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Run every migration that is missing, in a transaction; creates a missing SQLite file.

    Foreign keys are off meanwhile on SQLite, where rebuilding a parent table would otherwise
    delete its children, and are checked afterwards. SchemaError, before anything is changed, for a
    database of a newer Verso, of another program, or that cannot be read.
    """
    if database.path is not None:
        _expect_ours_or_nothing(database.path)
    if database.path is not None and not database.path.exists():
        database.path.parent.mkdir(parents=True, exist_ok=True)
        database.path.touch(0o600)
    with migration_engine(database).begin() as connection:
        _expect_not_newer(connection)
        command.upgrade(alembic_config(connection), revision)
        if database.is_sqlite:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            _check_foreign_keys(connection)


def _expect_ours_or_nothing(path: Path) -> None:
    """Look without a trace: SQLite opens an immutable file without its log, its locks, and writing."""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as file:
            (application_id,) = file.execute("PRAGMA application_id").fetchone()
            (objects,) = file.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        raise SchemaError(
            f"{path} cannot be read as an SQLite database ({error}): restore a backup, or name another "
            "file in VERSO_DATABASE_URL"
        ) from error
    has_log = Path(f"{path}-wal").exists()
    if application_id != APPLICATION_ID and (objects or application_id or has_log):
        raise SchemaError(
            f"{path} is the database of another program: name another file in VERSO_DATABASE_URL"
        )


def _expect_not_newer(connection: Connection) -> None:
    """Raise SchemaError for a revision that no migration here makes, and for another's tables."""
    found = MigrationContext.configure(connection).get_current_revision()
    names = set(inspect(connection).get_table_names())
    if found is None and names & {"documents", "users", "site_settings"}:
        raise SchemaError(
            "the database has tables of another program: name another one in VERSO_DATABASE_URL"
        )
    known = {script.revision for script in _scripts(connection).walk_revisions()}
    if found is not None and found not in known:
        raise SchemaError(mismatch(found) or f"the schema {found} is unknown to this Verso")


def _scripts(connection: Connection) -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config(connection))


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration, bound to an open connection."""
    config = Config()
    config.set_main_option("script_location", "verso:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def is_ours(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Leave the search index and its shadow tables out of the comparison with the models."""
    return not (name or "").startswith((INDEX_TABLE, f"ix_{INDEX_TABLE}"))


def migration_engine(database: Database) -> Engine:
    """An engine of its own, without the deadlines that a request needs."""
    url = make_url(database.url)
    if not database.is_sqlite:
        return create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    engine = create_engine(url, connect_args={"isolation_level": None}, poolclass=NullPool)
    event.listen(engine, "connect", lambda raw, record: raw.execute("PRAGMA foreign_keys=OFF"))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise SchemaError(f"{len(broken)} rows point to rows that do not exist: {broken[:3]}")
