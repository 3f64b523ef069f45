"""The database: one engine per application, one reading session per request, short writing transactions."""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import ColumnElement, DateTime, Dialect, MetaData, delete, inspect, select, tuple_
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator

from verso.engines import WRITES, Transaction, expect_revision_on, server_engine, sqlite_engine
from verso.runtime.ending import DATABASE, at_end
from verso.sqlite_files import DatabaseFiles

# Rows that one transaction deletes: others wait no longer for the lock than for these.
PIECE = 500


class Base(DeclarativeBase):
    """What every table inherits; constraints are named so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC on every database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: pass an aware datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class OutcomeUnknown(SQLAlchemyError):
    """COMMIT was sent and not answered: what the transaction wrote may have been saved or not."""


class Database:
    """The engine of one application, and the two ways to a session: `reading` and `writing`."""

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        # Counts this process's commits; what is remembered in memory checks it.
        self.generation = 0
        if self.is_sqlite and self.url.database in (None, "", ":memory:"):
            raise ValueError("SQLite needs a file, as in sqlite:////path/to/verso.db")
        self.files = DatabaseFiles(self.path.absolute()) if self.path else None
        self.engine = sqlite_engine(self.files) if self.files else server_engine(self.url)
        _databases.add(self)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """The SQLite file, or None on a server."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    def reader(self) -> Session:
        """A session for reading: a deferred transaction that never waits for a writer."""
        return Session(self.engine, expire_on_commit=False)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose transaction holds the write lock from its first statement.

        It commits when the block ends and rolls back when it raises. On SQLite it begins with
        BEGIN IMMEDIATE: a deferred transaction would lose updates without an error. OutcomeUnknown
        if the database fell silent, or was lost, during COMMIT.
        """
        transaction = Transaction()
        engine = self.engine.execution_options(**{WRITES: transaction})
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                yield session
        except DBAPIError as error:
            if transaction.has_unknown_outcome(error):
                raise OutcomeUnknown(f"no answer to COMMIT: {error.orig}") from error
            raise
        finally:
            self.generation += transaction.is_committing

    def close(self) -> None:
        """Close the connections that are idle; SQLite's last one writes the log to the file and removes it."""
        if self.files and self.files.are_replaced():
            with suppress(SQLAlchemyError):
                self.engine.connect().close()
        self.engine.dispose()
        if self.files:
            self.files.close()

    def init_app(self, app: Flask) -> None:
        app.extensions["verso.db"] = self
        app.teardown_appcontext(_close_reader)


def expect_revision(session: Session) -> None:
    """Raise OperationalError if another Verso changed the schema since the connection was opened."""
    expect_revision_on(session.connection())


def delete_piece(
    session: Session,
    table: type[Base],
    *conditions: ColumnElement[bool],
    order: InstrumentedAttribute[Any],
) -> int:
    """Delete at most PIECE rows, the first of an order; how many that were."""
    keys = inspect(table).primary_key
    some = select(*keys).where(*conditions).order_by(order)
    gone = delete(table).where(tuple_(*keys).in_(some.limit(PIECE))).returning(*keys)
    return len(session.execute(gone, execution_options={"synchronize_session": False}).all())


def get_database() -> Database:
    """The database of the current application."""
    database: Database = current_app.extensions["verso.db"]
    return database


def reading() -> Session:
    """The current request's reading session, opened on first use and closed with the request.

    A request that has waited for the database in vain does not wait again: it raises at once.
    """
    if (error := g.get("verso_database_error")) is not None:
        raise error
    if "verso_reader" not in g:
        g.verso_reader = get_database().reader()
    session: Session = g.verso_reader
    return session


def give_up_reading(error: Exception) -> None:
    """Let this request ask the database no more: it does not answer."""
    g.verso_database_error = error


def is_reading() -> bool:
    """Whether this request has asked the database already, so that it is at hand."""
    return "verso_reader" in g


@contextmanager
def writing() -> Iterator[Session]:
    """A writing transaction of the current application; see Database.writing.

    The request's reading session is closed first: it would hold a connection and show old rows.
    """
    _close_reader()
    with get_database().writing() as session:
        yield session


def _close_reader(error: BaseException | None = None) -> None:
    session: Session | None = g.pop("verso_reader", None)
    if session is None:
        return
    try:
        session.close()
    except DBAPIError:
        # The connection was lost after the last answer: there is nothing to roll back, and no fault to tell.
        session.invalidate()


def _close_all() -> None:
    for database in list(_databases):
        database.close()


_databases: "weakref.WeakSet[Database]" = weakref.WeakSet()
at_end(DATABASE, _close_all)
