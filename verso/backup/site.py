"""What a site consists of: its database, media, catalogs, signing key and settings."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Protocol

from verso.backup.archive import CATALOGS, MEDIA
from verso.backup.inventory import Inventory
from verso.backup.postgresql import PostgresqlCopies
from verso.backup.sqlite import SqliteCopies
from verso.config import SECRET, Settings
from verso.db import Database
from verso.media.stores import Store

# Settings that belong to a machine, and not to a site.
_OF_MACHINE = frozenset({"INSTANCE_PATH"})
_KEPT_ELSEWHERE = (
    ("spool", "failures that wait for the database"),
    ("uploads", "uploads that are being prepared"),
)


class Copies(Protocol):
    """Copies of a database, by its own means."""

    kind: str

    def size(self) -> int:
        """Bytes that a copy may take."""

    def proof(self) -> str | None:
        """Why a copy cannot be proven, or None."""

    def copy(self, target: Path) -> Inventory:
        """Write a copy to a new file; what is in it. BackupError, OSError."""

    def trial(self, copy: Path) -> AbstractContextManager[Database]:
        """A copy restored as a database of its own, to look at. BackupError."""


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of one site."""

    settings: Settings
    database: Database
    store: Store
    # The signing key in force.
    key: str

    @property
    def instance(self) -> Path:
        return self.settings.INSTANCE_PATH

    @property
    def copies(self) -> Copies:
        if self.database.is_sqlite:
            return SqliteCopies(self.database)
        return PostgresqlCopies(self.database)


def catalog_files(instance: Path) -> Iterator[tuple[str, Path]]:
    """The files of the site's catalogs, each with its name in an archive; hidden ones are left out."""
    for folder in CATALOGS:
        seen = set()
        for place, folders, files in os.walk(instance / folder, followlinks=True):
            if (real := os.path.realpath(place)) in seen:
                folders.clear()
                continue
            seen.add(real)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                path = Path(place, name)
                if path.is_file() and not name.startswith("."):
                    yield path.relative_to(instance).as_posix(), path


def left_out(site: Site) -> list[str]:
    """What of the instance is not in a backup, for people."""
    lines = [
        f"{words} ({name}/)" for name, words in _KEPT_ELSEWHERE if (site.instance / name).exists()
    ]
    hidden = [path.name for path in (site.instance / CATALOGS[0]).glob(".*")]
    lines += [f"{CATALOGS[0]}/{name}" for name in sorted(hidden)]
    if site.settings.LOG_FILE:
        lines.append(f"the log ({site.settings.LOG_FILE})")
    return [*lines, f"files of {MEDIA} that no image names"]


def settings_in_force(settings: Settings) -> tuple[dict[str, str], list[str]]:
    """Settings that differ from their defaults, without secrets; and the names of those left out."""
    differing = {
        spec.name: getattr(settings, spec.name)
        for spec in fields(Settings)
        if getattr(settings, spec.name) != spec.default and spec.name not in _OF_MACHINE
    }
    shown = {name: _written(value) for name, value in differing.items() if name not in SECRET}
    return shown, sorted(differing.keys() & SECRET)


def _written(value: object) -> str:
    """A value as its variable has it."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
