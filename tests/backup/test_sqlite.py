"""A copy of an SQLite database is whole, whatever other processes write meanwhile."""

import sqlite3
import threading
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.support.writer import SAVED, Writer, writer
from verso.backup import BackupError
from verso.backup.sqlite import SqliteCopies, damage_in
from verso.db import Database
from verso.runtime.patience import Patience, having

WRITERS = 4


def slugs_in(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as copy:
        return {slug for (slug,) in copy.execute("SELECT slug FROM tags")}


class Busy(threading.Thread):
    """Writes one row after the other, through a process of its own, until it is stopped."""

    def __init__(self, other: Writer, name: str) -> None:
        super().__init__()
        self._other, self._prefix = other, name
        self.saved: list[str] = []
        self.is_stopped = False

    def run(self) -> None:
        while not self.is_stopped:
            slug = f"{self._prefix}-{len(self.saved)}"
            assert self._other.write(slug) == SAVED
            self.saved.append(slug)


def test_a_copy_under_writers_has_all_that_was_acknowledged_and_nothing_later(
    database: Database, tmp_path: Path
) -> None:
    copies = SqliteCopies(database)
    with ExitStack() as stack:
        others = [stack.enter_context(writer(str(database.url))) for _ in range(WRITERS)]
        busy = [Busy(other, f"w{number}") for number, other in enumerate(others)]
        for thread in busy:
            thread.start()
        for round_ in range(3):
            before = {slug for thread in busy for slug in list(thread.saved)}
            copy = tmp_path / f"copy-{round_}"
            inventory = copies.copy(copy)
            saved = slugs_in(copy)
            assert before <= saved and inventory.rows["tags"] == len(saved)
            assert damage_in(copy) is None
        for thread in busy:
            thread.is_stopped = True
        for thread in busy:
            thread.join()
        assert others[0].write("later") == SAVED
    assert "later" not in slugs_in(tmp_path / "copy-2")


def test_a_copy_holds_what_is_in_the_log_only(database: Database, tmp_path: Path) -> None:
    with writer(str(database.url)) as other:
        assert other.write("in-the-log") == SAVED
        assert Path(f"{database.path}-wal").stat().st_size > 0
        SqliteCopies(database).copy(tmp_path / "copy")
    assert slugs_in(tmp_path / "copy") == {"in-the-log"}


def test_a_database_that_another_process_keeps_for_itself_is_waited_for_within_patience(
    database: Database, tmp_path: Path
) -> None:
    assert database.path
    with closing(sqlite3.connect(database.path)) as alone:
        alone.execute("PRAGMA locking_mode=EXCLUSIVE").close()
        alone.execute("BEGIN EXCLUSIVE").close()
        with (
            having(Patience(answer=1, lock=0.1)),
            pytest.raises(BackupError, match="another process has had .*verso.db for itself"),
        ):
            SqliteCopies(database).copy(tmp_path / "copy")


def test_a_damaged_database_makes_no_backup(database: Database, tmp_path: Path) -> None:
    assert database.path
    size = database.path.stat().st_size
    with database.path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * 40_000)
    with pytest.raises(BackupError, match=r"the database is damaged .*: restore an earlier backup"):
        SqliteCopies(database).copy(tmp_path / "copy")


@pytest.mark.parametrize("content", [None, b"", b"no database" * 1000])
def test_what_is_no_database_of_ours_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "a ?#%.db"
    if content is not None:
        file.write_bytes(content)
    database = Database(URL.create("sqlite", database=str(file)))
    with pytest.raises(BackupError, match=r"cannot be copied: .*a \?#%\.db"):
        SqliteCopies(database).copy(tmp_path / "copy")
    assert content is not None or not file.exists()
    database.close()
