"""What tests of content use beside the common fixtures."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from verso.db import Database


@pytest.fixture
def second_database(tmp_path: Path, empty_database: Path) -> Iterator[Database]:
    """The database of another, empty instance."""
    file = tmp_path / "second.db"
    shutil.copy(empty_database, file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.engine.dispose()


@pytest.fixture(autouse=True)
def _no_setting_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder for the tests on real content is not a setting of the site."""
    for name in ("VERSO_TEST_CONTENT", "VERSO_TEST_CONTENT_URL"):
        monkeypatch.delenv(name, raising=False)
