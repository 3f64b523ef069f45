"""The database that a backup is restored into: whether it is free, what is there, and its replacement."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

from verso.backup import BackupError, postgresql
from verso.backup.exchange import Exchange
from verso.backup.proof import check
from verso.backup.reader import Contents
from verso.backup.site import Site
from verso.backup.sqlite import SIDECARS, SqliteCopies
from verso.sqlite_files import APPLICATION_ID

# The table that every schema of ours has.
VERSION_TABLE = "alembic_version"


class Target(Protocol):
    """A database to restore into."""

    kind: str
    # Beside this file the copy of the database is staged.
    place: Path

    def present(self) -> str | None:
        """What is there already, for people; None for nothing. BackupError for another program's."""

    def expect_unused(self) -> None:
        """Raise BackupError while another process uses it."""

    def check(self, staged: Path, contents: Contents) -> list[str]:
        """Check and upgrade what was unpacked, as far as that is possible before it is in place."""

    def replace(self, exchange: Exchange, contents: Contents) -> None:
        """Put what was staged in the place of what is there; the exchange can undo it."""


def target_of(site: Site) -> Target:
    """The database of a site as a target."""
    return SqliteTarget(site) if site.database.is_sqlite else PostgresqlTarget(site)


class SqliteTarget:
    """An SQLite file, which is exchanged together with its log."""

    kind = "sqlite"

    def __init__(self, site: Site) -> None:
        assert site.database.path
        self._copies = SqliteCopies(site.database)
        self.place = site.database.path.absolute()

    def present(self) -> str | None:
        return str(self.place) if self.place.exists() else None

    def expect_unused(self) -> None:
        """Fold the log into the file, which SQLite does for the only connection that there is.

        A damaged file, and one of another program, is left as it is: it is only moved aside.
        """
        if not self.place.exists():
            return
        try:
            with closing(sqlite3.connect(self.place, timeout=1)) as file:
                if file.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,):
                    file.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise BackupError(
                f"another process uses {self.place} ({error}): stop the site, and every command on it, "
                "first"
            ) from error
        except sqlite3.DatabaseError:
            return

    def check(self, staged: Path, contents: Contents) -> list[str]:
        with self._copies.trial(staged) as database:
            return check(database, contents)

    def replace(self, exchange: Exchange, contents: Contents) -> None:
        for suffix in ("", *SIDECARS):
            exchange.move_aside(Path(f"{self.place}{suffix}"))
        exchange.put_in_place(self.place)


class PostgresqlTarget:
    """A database on a PostgreSQL server, whose tables are dumped aside before they are dropped."""

    kind = "postgresql"

    def __init__(self, site: Site) -> None:
        self._database = site.database
        self._copies = postgresql.PostgresqlCopies(site.database)
        self.place = site.instance / "database.dump"

    def present(self) -> str | None:
        tables = postgresql.tables_in(self._database)
        where = f"the database {self._database.url.render_as_string()}"
        if tables and VERSION_TABLE not in tables:
            raise BackupError(
                f"{where} has tables of another program: name another one in VERSO_DATABASE_URL"
            )
        return where if tables else None

    def expect_unused(self) -> None:
        if others := postgresql.count_others(self._database):
            raise BackupError(
                f"other sessions use {self._database.url.render_as_string()} ({others} of them): stop "
                "the site, and every command on it, first"
            )

    def check(self, staged: Path, contents: Contents) -> list[str]:
        """On trial, where the role may create a database for it; else what is in place is checked."""
        if self._copies.proof():
            return []
        with self._copies.trial(staged) as database:
            return check(database, contents)

    def replace(self, exchange: Exchange, contents: Contents) -> None:
        if self.present():
            kept = exchange.keep(self.place)
            postgresql.dump(self._database.url, kept, "-Fc", "--no-owner", "--no-privileges")
            exchange.undo_by(lambda: self._restore(kept))
            postgresql.drop_tables(self._database)
        else:
            exchange.undo_by(lambda: postgresql.drop_tables(self._database))
        postgresql.restore(self._database.url, exchange.staged(self.place))
        check(self._database, contents)
        self._database.close()

    def _restore(self, kept: Path) -> None:
        postgresql.drop_tables(self._database)
        postgresql.restore(self._database.url, kept)
