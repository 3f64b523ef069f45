"""The files of an SQLite database belong together, and keep the locks of the process that uses them."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tests.support.writer import SAVED, writer
from verso.db import Database
from verso.models import Tag

SIDECARS = ("-wal", "-shm")


@pytest.fixture
def file(tmp_path: Path, empty_database: Path) -> Path:
    return Path(shutil.copy(empty_database, tmp_path / "site.db"))


@pytest.fixture
def site(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


def write(database: Database, slug: str) -> None:
    with database.writing() as session:
        session.add(Tag(slug=slug))


def sidecars(file: Path) -> list[Path]:
    return [Path(f"{file}{suffix}") for suffix in SIDECARS]


def rows(file: Path) -> set[str]:
    """What is in the database file alone, as a copy of it holds it."""
    copy = Path(shutil.copy(file, file.with_suffix(".copy")))
    with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {slug for (slug,) in database.execute("SELECT slug FROM tags")}


def locks(file: Path) -> int:
    """How many locks this process holds on a file, as the kernel lists them."""
    inode, process = file.stat().st_ino, os.getpid()
    entries = (line.split() for line in Path("/proc/locks").read_text().splitlines())
    return sum(
        entry[4] == str(process) and entry[5].endswith(f":{inode}")
        for entry in entries
        if entry[1] == "POSIX"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the locks of a process")
def test_a_pool_that_grows_keeps_the_locks_of_its_first_connection(
    site: Database, file: Path
) -> None:
    with ExitStack() as stack:
        stack.enter_context(site.engine.connect()).exec_driver_sql("SELECT * FROM tags")
        held = locks(file)
        assert held > 0
        for _ in range(12):
            stack.enter_context(site.engine.connect()).exec_driver_sql("SELECT * FROM tags")
            assert locks(file) >= held


def test_another_process_that_ends_leaves_the_log_to_those_that_use_it(
    site: Database, file: Path
) -> None:
    write(site, "before")
    with ExitStack() as stack:
        for _ in range(12):
            stack.enter_context(site.engine.connect()).exec_driver_sql("SELECT * FROM tags")
        with writer(str(site.url)) as other:
            assert other.write("elsewhere") == SAVED
        assert all(path.exists() for path in sidecars(file))
        write(site, "after")
    site.close()
    assert rows(file) == {"before", "elsewhere", "after"}


def test_a_clean_stop_leaves_one_file_with_everything_in_it(site: Database, file: Path) -> None:
    write(site, "last")
    site.close()
    assert not any(path.exists() for path in sidecars(file))
    assert rows(file) == {"last"}


def test_a_process_that_ends_closes_its_database(file: Path) -> None:
    with writer(f"sqlite:///{file}") as other:
        assert other.write("last") == SAVED
        assert all(path.exists() for path in sidecars(file))
    assert not any(path.exists() for path in sidecars(file))
    assert rows(file) == {"last"}


@pytest.mark.parametrize("removed", [SIDECARS, ("-wal",), ("-shm",)])
def test_a_log_that_was_removed_is_noticed_before_the_next_write_and_loses_nothing(
    site: Database, file: Path, removed: tuple[str, ...]
) -> None:
    write(site, "before")
    for suffix in removed:
        Path(f"{file}{suffix}").unlink()
    outcomes = []
    for number in range(4):
        try:
            write(site, f"after-{number}")
        except OperationalError as error:
            outcomes.append(str(error.orig))
    if "-wal" in removed:
        assert len(outcomes) == 1 and "lost its write-ahead log" in outcomes[0]
        assert "has been written to the database" in outcomes[0]
    site.close()
    assert rows(file) >= {"before"} | {f"after-{number}" for number in range(len(outcomes), 4)}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_log_that_was_removed_under_several_processes_loses_nothing(file: Path) -> None:
    url = f"sqlite:///{file}"
    acknowledged = set()
    with writer(url) as first, writer(url) as second, writer(url) as third:
        for turn in range(6):
            for number, process in enumerate((first, second, third)):
                slug = f"{turn}-{number}"
                if process.write(slug) == SAVED:
                    acknowledged.add(slug)
            if turn in (1, 3):
                for path in sidecars(file):
                    path.unlink()
        assert third.write("then") == SAVED
        assert first.count() == second.count() == len(acknowledged) + 1
    assert rows(file) == acknowledged | {"then"}
    assert len(acknowledged) >= 12


def test_another_database_beside_the_old_log_is_not_opened(
    site: Database, file: Path, empty_database: Path
) -> None:
    write(site, "of the old one")
    kept = file.rename(file.with_suffix(".kept"))
    other = Path(shutil.copy(empty_database, file))
    foreign = other.read_bytes()
    for _ in range(3):
        with pytest.raises(OperationalError, match="belongs to the file before"):
            write(site, "for whom?")
    site.close()
    assert rows(kept) == {"of the old one"}
    assert other.read_bytes() == foreign


def test_a_site_that_starts_anew_beside_the_old_log_reads_the_new_database(
    site: Database, file: Path, empty_database: Path
) -> None:
    write(site, "of the old one")
    file.rename(file.with_suffix(".kept"))
    shutil.copy(empty_database, file)
    site.close()
    again = Database(str(site.url))
    write(again, "of the new one")
    again.close()
    assert rows(file) == {"of the new one"}
    assert rows(file.with_suffix(".kept")) == {"of the old one"}


def test_another_database_is_read_at_once_when_the_old_log_is_out_of_the_way(
    site: Database, file: Path, empty_database: Path
) -> None:
    write(site, "of the old one")
    file.rename(file.with_suffix(".kept"))
    shutil.copy(empty_database, file)
    for path in sidecars(file):
        path.unlink()
    write(site, "of the new one")
    site.close()
    assert rows(file) == {"of the new one"}
    assert rows(file.with_suffix(".kept")) == {"of the old one"}


def test_the_database_put_back_goes_on_with_its_log(site: Database, file: Path) -> None:
    write(site, "before")
    kept = file.rename(file.with_suffix(".kept"))
    for _ in range(2):
        with pytest.raises(OperationalError, match="unable to open"):
            write(site, "meanwhile")
    kept.rename(file)
    write(site, "after")
    site.close()
    assert rows(file) == {"before", "after"}


@pytest.mark.parametrize("content", [b"", b"no database at all" * 200])
def test_a_file_that_is_not_ours_is_left_as_it_is(
    site: Database, file: Path, content: bytes
) -> None:
    write(site, "before")
    kept = file.rename(file.with_suffix(".kept"))
    file.write_bytes(content)
    for _ in range(2):
        with pytest.raises(OperationalError):
            write(site, "meanwhile")
    assert file.read_bytes() == content
    kept.replace(file)
    write(site, "after")
    site.close()
    assert rows(file) == {"before", "after"}


def test_a_database_of_another_program_is_left_as_it_is(site: Database, file: Path) -> None:
    write(site, "before")
    file.rename(file.with_suffix(".kept"))
    for path in sidecars(file):
        path.unlink()
    with closing(sqlite3.connect(file)) as foreign:
        foreign.execute("CREATE TABLE theirs (a)")
    content = file.read_bytes()
    with pytest.raises(OperationalError, match="is not a database of Verso"):
        write(site, "meanwhile")
    site.close()
    assert file.read_bytes() == content
