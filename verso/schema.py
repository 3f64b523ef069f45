"""The schema of the database: create it, bring it up to date, and tell whether it is."""

from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from verso.content.search import INDEX_TABLE
from verso.db import Database
from verso.sqlite_files import APPLICATION_ID


class SchemaError(Exception):
    """A migration left rows that point nowhere."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Run every migration that is missing, in a transaction; creates a missing SQLite file.

    Foreign keys are off meanwhile on SQLite, where rebuilding a parent table would otherwise
    delete its children, and are checked afterwards (SchemaError).
    """
    if database.path is not None and not database.path.exists():
        database.path.parent.mkdir(parents=True, exist_ok=True)
        database.path.touch(0o600)
    with migration_engine(database).begin() as connection:
        command.upgrade(alembic_config(connection), revision)
        if database.is_sqlite:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            _check_foreign_keys(connection)


def is_current(connection: Connection) -> bool:
    """Whether every migration has run on this database."""
    script = ScriptDirectory.from_config(alembic_config(connection))
    heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == set(script.get_heads())


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
