"""The inventory of a database: its schema, the rows of each table, and the files that its media name.

Tables are read as the database has them: a backup before an upgrade is one of an older schema.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnClause, Connection, column, func, inspect, select, table

from verso.backup import BackupError
from verso.content.search import INDEX_TABLE
from verso.media.storage import files_of
from verso.models import Media
from verso.revision import REVISION, mismatch

_VERSION_TABLE = "alembic_version"
# What a medium's files are named by; what an older schema lacks has the value that a migration sets.
_MEDIA_COLUMNS = ("digest", "content_type", "size", "widths", "cards", "focus_x", "focus_y")
_MEDIA_DEFAULTS = {"widths": "", "cards": "", "focus_x": 50, "focus_y": 50}


@dataclass(frozen=True, slots=True)
class Medium:
    """The names in the store of one image's files, the original first, and the original's bytes."""

    files: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a database holds."""

    schema: str
    rows: dict[str, int]
    media: tuple[Medium, ...]

    @property
    def files(self) -> list[str]:
        """The names of all media files, each once."""
        return list(dict.fromkeys(name for medium in self.media for name in medium.files))


def take_inventory(connection: Connection) -> Inventory:
    """The inventory; BackupError for a database without Verso's tables, or of a newer Verso."""
    tables = inspect(connection).get_table_names()
    if _VERSION_TABLE not in tables:
        raise BackupError("the database has no tables of Verso: run `verso init`")
    schema = connection.scalar(select(column("version_num")).select_from(table(_VERSION_TABLE)))
    if schema is None or schema > REVISION:
        raise BackupError(mismatch(schema) or "the database has no schema")
    return Inventory(str(schema), _count(connection, tables), _media(connection))


def _count(connection: Connection, tables: Iterable[str]) -> dict[str, int]:
    """Rows by table, without the search index, whose inner tables are SQLite's own business."""
    names = sorted(name for name in tables if not name.startswith((INDEX_TABLE, "sqlite_")))
    return {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in names
    }


def _media(connection: Connection) -> tuple[Medium, ...]:
    present = {entry["name"] for entry in inspect(connection).get_columns("media")}
    columns: list[ColumnClause[Any]] = [column(name) for name in _MEDIA_COLUMNS if name in present]
    rows = connection.execute(select(*columns).select_from(table("media"))).mappings()
    return tuple(_medium({**_MEDIA_DEFAULTS, **row}) for row in rows)


def _medium(values: dict[str, object]) -> Medium:
    media = Media(**values)
    try:
        return Medium(tuple(files_of(media)), media.size)
    except (KeyError, ValueError) as error:
        raise BackupError(
            f"the image {media.digest} has no files that Verso knows: {error}"
        ) from error
