"""`verso backup` and `verso restore` as people run them: under servers, on full disks, from two sides at once."""

import json
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.shell import Nursery, Shell, nursery
from tests.servers import ROOT, running
from tests.support.killed_restore import kill_restore
from tests.support.writer import SAVED, writer
from verso.backup.record import Record, write_record
from verso.db import Database

APPLICATION = "verso.app:create_served_app"
LARGE = 600_000


@pytest.fixture(scope="module")
def process() -> Iterator[Nursery]:
    with nursery() as started:
        yield started


@pytest.fixture
def verso(process: Nursery, tmp_path: Path, empty_database: Path) -> Shell:
    """A site without content."""
    return with_site(Shell(process, tmp_path / "site"), empty_database)


@pytest.fixture
def other(verso: Shell) -> Shell:
    """An instance folder without a site."""
    return verso.beside("other")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "site.tar"


@pytest.fixture(autouse=True)
def _folder_of_backups(file: Path) -> None:
    file.parent.mkdir()


def with_site(shell: Shell, empty_database: Path) -> Shell:
    shell.instance.mkdir()
    (shell.instance / "verso.db").write_bytes(empty_database.read_bytes())
    return shell


def add_large_catalog(shell: Shell) -> None:
    folder = shell.instance / "translations"
    folder.mkdir()
    (folder / "notes.txt").write_bytes(os.urandom(LARGE))


def add_tag(shell: Shell, slug: str) -> None:
    with writer(f"sqlite:///{shell.instance / 'verso.db'}") as process:
        assert process.write(slug) == SAVED


def tags(shell: Shell) -> int:
    with writer(f"sqlite:///{shell.instance / 'verso.db'}") as process:
        return process.count()


@contextmanager
def started(
    shell: Shell, *words: str, limit: Callable[[], None] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A command that is not waited for."""
    environ = {**os.environ, "VERSO_INSTANCE_PATH": str(shell.instance)}
    with subprocess.Popen(
        [sys.executable, "-m", "verso", *words],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=limit,
    ) as command:
        yield command


def test_a_site_goes_into_one_file_and_comes_back(verso: Shell, other: Shell, file: Path) -> None:
    add_tag(verso, "kept")
    status, words = verso("backup", str(file))
    assert status == 0, words
    assert "Proven by restoring it on trial: 0 documents, 0 images" in words
    assert f"The signing key is in {file}.key: keep it apart" in words
    status, words = other("restore", str(file))
    assert status == 0, words
    assert "Restored the site as it was at" in words
    assert tags(other) == 1


def test_a_backup_for_programs_is_one_json_object(verso: Shell, other: Shell, file: Path) -> None:
    status, words = verso("backup", str(file), "--json")
    summary = json.loads(words[words.index("{") :])
    assert status == 0 and summary["is_proven"] and summary["is_complete"]
    assert summary["bytes"] == file.stat().st_size
    assert summary["manifest"]["rows"]["users"] == 0
    status, words = other("restore", str(file), "--json")
    summary = json.loads(words[words.index("{") :])
    assert status == 0 and summary["has_key"] and summary["kept"] == []


def test_a_backup_is_private_whatever_the_umask(verso: Shell, file: Path) -> None:
    def open_umask() -> None:
        os.umask(0)

    with started(verso, "backup", str(file), limit=open_umask) as command:
        assert command.wait() == 0
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {0o600}


def test_what_is_there_already_is_left_alone(verso: Shell, file: Path) -> None:
    file.write_text("mine")
    status, words = verso("backup", str(file))
    assert status == 1 and "is there already: name another file, or use --force" in words
    status, words = verso("backup", str(file), "--force")
    assert status == 1 and "--force replaces only one" in words
    assert file.read_text() == "mine"


def test_two_backups_at_once_to_one_file_make_one_whole_backup(
    verso: Shell, other: Shell, file: Path
) -> None:
    with (
        started(verso, "backup", str(file)) as first,
        started(verso, "backup", str(file)) as second,
    ):
        ends = {first.wait(), second.wait()}
    assert 0 in ends <= {0, 1}
    assert sorted(path.name for path in file.parent.iterdir()) == ["site.tar", "site.tar.key"]
    assert other("restore", str(file))[0] == 0


def test_two_sites_have_backups_of_their_own(
    verso: Shell, other: Shell, file: Path, empty_database: Path
) -> None:
    with_site(other, empty_database)
    add_tag(verso, "of-the-first")
    assert verso("backup", str(file))[0] == other("backup", f"{file}.2")[0] == 0
    third, fourth = verso.beside("third"), verso.beside("fourth")
    assert third("restore", str(file))[0] == fourth("restore", f"{file}.2")[0] == 0
    assert (tags(third), tags(fourth)) == (1, 0)


@pytest.mark.parametrize("server", ["granian", "gunicorn"])
def test_nothing_is_restored_under_a_server_and_it_is_backed_up_while_it_runs(
    verso: Shell, file: Path, server: str
) -> None:
    with running(server, verso.instance, APPLICATION) as served:
        assert verso("backup", str(file))[0] == 0
        status, words = verso("restore", str(file), "--force")
        assert status == 1 and f"a server uses {verso.instance}" in words
        assert served.ask("/en/").status in (200, 404)
        assert not list(verso.instance.glob("before-restore-*"))
    status, words = verso("restore", str(file), "--force")
    assert status == 0, words


def test_a_server_that_was_killed_holds_nothing_up(verso: Shell, file: Path) -> None:
    verso("backup", str(file))
    with running("granian", verso.instance, APPLICATION) as served:
        os.killpg(served.process.pid, signal.SIGKILL)
        served.process.wait()
    status, words = verso("restore", str(file), "--force")
    assert status == 0, words


def test_after_a_restore_that_was_killed_nothing_serves_until_it_is_done(
    verso: Shell, file: Path
) -> None:
    verso("backup", str(file))
    kill_restore(verso.instance, file, verso.instance / "verso.db")
    for words in (("serve",), ("init",), ("demo",), ("backup", f"{file}.2")):
        status, said = verso(*words)
        assert status == 1 and f"`verso restore {file} --force` again" in said, said
    assert not (verso.instance / "verso.db").exists()
    status, said = verso("doctor")
    assert status == 1 and "PROBLEM  restore: a restore was cut off" in said
    assert verso("restore", str(file), "--force")[0] == 0
    assert verso("init")[0] == 0


def test_a_full_disk_ends_a_backup_with_a_sentence_and_without_a_file(
    verso: Shell, file: Path
) -> None:
    add_large_catalog(verso)
    size = (verso.instance / "verso.db").stat().st_size
    for limit in (size // 2, size + LARGE // 2):

        def limited(limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        with started(verso, "backup", str(file), limit=limited) as command:
            words = command.communicate()[0]
            assert command.returncode == 1
        assert "No backup was made: " in words and "Traceback" not in words, words
        assert list(file.parent.iterdir()) == []


def test_a_full_disk_ends_a_restore_with_a_sentence_and_without_a_change(
    verso: Shell, file: Path
) -> None:
    add_large_catalog(verso)
    verso("backup", str(file))
    add_tag(verso, "later")
    before = sorted(path.name for path in verso.instance.iterdir())

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGE // 2, LARGE // 2))

    with started(verso, "restore", str(file), "--force", limit=limited) as command:
        words = command.communicate()[0]
        assert command.returncode == 1
    assert "Nothing was restored: " in words and "Traceback" not in words
    assert sorted(path.name for path in verso.instance.iterdir()) == before
    assert tags(verso) == 1


def test_a_backup_that_is_stopped_leaves_nothing(verso: Shell, file: Path) -> None:
    """It is stopped where it waits for the database, which another process has for itself."""
    with (
        closing(sqlite3.connect(verso.instance / "verso.db")) as alone,
        started(verso, "backup", str(file)) as command,
    ):
        alone.execute("PRAGMA locking_mode=EXCLUSIVE").close()
        alone.execute("BEGIN EXCLUSIVE").close()
        while command.poll() is None and not list(file.parent.glob(".*.part")):
            time.sleep(0.01)
        command.send_signal(signal.SIGTERM)
        assert command.wait() == 128 + signal.SIGTERM
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backup", "/nowhere/site.tar"), "there is no folder /nowhere: make it first"),
        (("restore", "/nowhere/site.tar"), "/nowhere/site.tar: No such file or directory"),
        (("restore", "/"), "/: Is a directory"),
        (("backup", "/dev/null/x"), "there is no folder /dev/null"),
        (("backup", "/proc/site.tar"), "/proc/"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    verso: Shell, words: tuple[str, ...], said: str
) -> None:
    status, output = verso(*words)
    assert status == 1 and said in output and "Traceback" not in output


def test_a_site_that_is_not_there_makes_no_backup(other: Shell, file: Path) -> None:
    status, words = other("backup", str(file))
    assert status == 1 and "verso.db: it does not exist" in words
    assert list(file.parent.iterdir()) == []


def test_a_restore_into_a_site_names_the_way_out(verso: Shell, file: Path) -> None:
    verso("backup", str(file))
    status, words = verso("restore", str(file))
    assert status == 1 and "use --force, which moves what is there aside" in words
    status, words = verso("restore", str(file), "--force")
    assert status == 0 and "What was there before is in" in words


def test_a_key_that_is_missing_is_told_with_what_it_means(
    verso: Shell, other: Shell, file: Path
) -> None:
    verso("backup", str(file))
    Path(f"{file}.key").unlink()
    status, words = other("restore", str(file))
    assert status == 0
    assert f"neither in {file} nor in {file}.key" in words
    assert "Accounts and logins are in the database and go on" in words


def test_an_incomplete_backup_is_kept_and_ends_with_1(verso: Shell, file: Path) -> None:
    database = Database(f"sqlite:///{verso.instance / 'verso.db'}")
    with database.writing() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO media (key, digest, name, content_type, size, widths, cards, focus_x, "
            "focus_y, created_at, updated_at) VALUES ('a', 'abcd', 'a.png', 'image/png', 1, '', '', "
            "50, 50, '2026-01-01', '2026-01-01')"
        )
    database.close()
    status, words = verso("backup", str(file))
    assert status == 1 and "INCOMPLETE: 1 files of the site were missing" in words
    assert "media/ab/abcd.png" in words and file.exists()
    assert "something of the site was missing" in verso("doctor")[1]


def test_doctor_knows_the_last_backup(verso: Shell, other: Shell, file: Path) -> None:
    assert "advice   backup: there is none of this site: `verso backup FILE`" in verso("doctor")[1]
    verso("backup", str(file))
    assert "ok       backup: the last is of" in verso("doctor")[1]
    other("restore", str(file))
    assert "from which the site was restored" in other("doctor")[1]
    record = Record(
        file="x.tar",
        when=datetime.now(UTC) - timedelta(days=9, hours=1),
        is_proven=False,
        is_complete=True,
    )
    write_record(verso.instance, record)
    words = verso("doctor")[1]
    assert "advice   backup: " in words
    assert "(x.tar): that is 9 days ago, and it was not proven by restoring it" in words
