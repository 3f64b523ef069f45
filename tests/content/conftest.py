"""What tests of content use beside the common fixtures."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from verso.db import Database


@pytest.fixture
def second_database(tmp_path: Path, empty_database: Path) -> Iterator[Database]:
    """The database of another, empty instance."""
    yield from _copied(empty_database, tmp_path / "second.db")


@pytest.fixture
def bare_database(tmp_path: Path, empty_database: Path) -> Iterator[Database]:
    """An empty database without an application around it."""
    yield from _copied(empty_database, tmp_path / "bare.db")


def _copied(source: Path, file: Path) -> Iterator[Database]:
    shutil.copy(source, file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()
