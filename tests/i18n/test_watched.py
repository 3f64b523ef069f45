"""A watched file: every way of saving is live soon (a benchmark says how soon), nothing half-written is."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.i18n.files import PoFile, Texts, catalog, entry, live
from verso.i18n.last_good import LastGood
from verso.i18n.watched import GONE, WatchedFile

OLD: Texts = {"Search": "alt", "Blog": "alt"}
NEW: Texts = {"Search": "neu", "Blog": "neu"}
# A file that takes several writes.
MANY: Texts = {f"message {number}": f"Nachricht {number}" for number in range(3000)}


class Clock:
    """What the watching takes for the time: it goes on when a test says so."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


class Watched:
    """A folder with one file, watched as the site watches it, by a process that may start anew."""

    def __init__(self, folder: Path) -> None:
        self.file = PoFile(folder / "de")
        self.memory = LastGood(folder / "last-good")
        self.start()

    def start(self) -> None:
        self.watched = WatchedFile(self.file.path, "de", self.memory, when_read=lambda: None)
        self.watched.poll()

    def restart(self) -> None:
        assert self.memory.flush()
        self.start()

    def texts(self) -> Texts:
        self.watched.poll()
        state = self.watched.state
        return {key: found.text for key, found in state.contents.messages.items()} if state else {}

    def codes(self) -> list[str]:
        self.watched.poll()
        state = self.watched.state
        return sorted({finding.code for finding in state.contents.findings}) if state else []


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    made.file.write(OLD)
    assert made.texts() == OLD
    yield made
    made.memory.close()


@pytest.fixture
def clock(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock for a file that is watched already."""
    clock = Clock()
    monkeypatch.setattr("verso.i18n.watched.time", clock)
    return clock


def in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def by_renaming(path: Path, data: bytes) -> None:
    new = path.with_suffix(".new")
    new.write_bytes(data)
    new.replace(path)


def with_a_backup(path: Path, data: bytes) -> None:
    path.replace(path.with_suffix(".po~"))
    path.write_bytes(data)


def keeping_the_date(path: Path, data: bytes) -> None:
    """As `cp -p` and `rsync -t` do: the new file looks older than the one it replaces."""
    source = path.with_suffix(".source")
    source.write_bytes(data)
    os.utime(source, (1_000_000_000, 1_000_000_000))
    shutil.copy2(source, path)


def in_the_future(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    tomorrow = time.time() + 86_400
    os.utime(path, (tomorrow, tomorrow))


def by_git(path: Path, data: bytes) -> None:
    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        subprocess.run(command, cwd=path.parent, check=True, capture_output=True)

    git("init", "-q")
    git("add", path.name)
    git("commit", "-qm", "old")
    path.write_bytes(data)
    git("commit", "-qam", "new")
    git("checkout", "-q", "HEAD~1")
    time.sleep(0.3)
    git("checkout", "-q", "-")


def with_equal_size_and_date(path: Path, data: bytes) -> None:
    before = path.stat()
    assert len(data) == before.st_size
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    "save",
    [
        in_place,
        by_renaming,
        with_a_backup,
        keeping_the_date,
        in_the_future,
        by_git,
        with_equal_size_and_date,
    ],
)
def test_every_way_of_saving_is_live_soon(
    save: Callable[[Path, bytes], None], watched: Watched
) -> None:
    save(watched.file.path, catalog(NEW).encode())
    live(lambda: watched.texts() == NEW)


def test_a_file_that_is_written_slowly_shows_nothing_half_written(
    watched: Watched, clock: Clock
) -> None:
    data = catalog(MANY).encode()
    seen = set()
    with watched.file.path.open("wb") as stream:
        for place in range(0, len(data), 9_973):
            stream.write(data[place : place + 9_973])
            stream.flush()
            os.utime(watched.file.path, (clock.now, clock.now))
            clock.now += 0.05
            seen.add(len(watched.texts()))
    assert seen == {len(OLD)}
    clock.now += 1
    live(lambda: watched.texts() == MANY)


def test_a_broken_entry_keeps_its_last_good_text_and_its_neighbours_go_on(watched: Watched) -> None:
    broken = catalog({"Search": "neu"}) + '\nmsgid "Blog"\nmsgstr "kap"utt"\n'
    watched.file.write_bytes(broken.encode())
    live(lambda: watched.texts()["Search"] == "neu")
    assert watched.texts() == {"Search": "neu", "Blog": "alt"}
    assert watched.codes() == ["inner-quote"]


def test_a_refused_entry_keeps_its_last_good_text(watched: Watched) -> None:
    watched.file.write({"Search": "neu", "Blog": "<script>"})
    live(lambda: watched.texts()["Search"] == "neu")
    assert watched.texts()["Blog"] == "alt"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfem\x00s\x00g\x00", b"\x00" * 5000, b"{}"])
def test_a_file_that_says_nothing_leaves_everything_as_it_was(
    data: bytes, watched: Watched
) -> None:
    watched.file.write_bytes(data)
    live(lambda: watched.codes() != [])
    assert watched.texts() == OLD


def test_what_a_translator_removes_from_a_whole_file_is_gone(watched: Watched) -> None:
    watched.file.write({"Search": "neu"})
    live(lambda: watched.texts() == {"Search": "neu"})


def test_an_emptied_translation_is_gone(watched: Watched) -> None:
    watched.file.write({"Search": "neu", "Blog": ""})
    live(lambda: watched.texts() == {"Search": "neu"})


def test_a_file_that_vanishes_is_missed_for_a_while_and_then_let_go(
    watched: Watched, clock: Clock
) -> None:
    watched.file.path.unlink()
    assert watched.texts() == OLD
    clock.now += GONE - 0.1
    assert watched.texts() == OLD
    clock.now += 0.2
    assert watched.texts() == {}


def test_a_file_that_comes_back_in_time_was_never_away(watched: Watched) -> None:
    watched.file.path.unlink()
    assert watched.texts() == OLD
    watched.file.write(NEW)
    live(lambda: watched.texts() == NEW)


@pytest.mark.parametrize("data", [b"", b"<<<<<<< ours\n", b'msgid "Search"\nmsgstr "halb'])
def test_a_restart_with_a_broken_file_loses_nothing(data: bytes, watched: Watched) -> None:
    watched.file.write_bytes(data)
    watched.restart()
    assert watched.texts() == OLD
    assert watched.codes() != []


def test_a_restart_keeps_single_entries_too(watched: Watched) -> None:
    broken = catalog({"Search": "neu"}) + '\nmsgid "Blog"\nmsgstr "halb\n\n' + entry("A", "B")
    watched.file.write_bytes(broken.encode())
    watched.restart()
    assert watched.texts() == {"Search": "neu", "Blog": "alt", "A": "B"}
    watched.restart()
    assert watched.texts()["Blog"] == "alt"


def test_the_memory_itself_may_be_broken(watched: Watched, tmp_path: Path) -> None:
    assert watched.memory.flush()
    (stored,) = (tmp_path / "last-good").iterdir()
    watched.file.write_bytes(b"")
    for data in (b"", b"[]", b'{"version": 1, "messages": [[1, 2, 3, 4]]}', b"\xff"):
        stored.write_bytes(data)
        watched.start()
        assert watched.texts() == {}
        assert watched.codes() == ["empty-file"]


def test_a_folder_that_takes_no_files_harms_nobody(tmp_path: Path) -> None:
    (tmp_path / "last-good").write_text("a file where a folder should be")
    watched = Watched(tmp_path)
    watched.file.write(OLD)
    assert watched.texts() == OLD
    watched.restart()
    assert watched.texts() == OLD


def test_a_file_of_fifty_megabytes_is_not_read(watched: Watched) -> None:
    with watched.file.path.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    live(lambda: watched.codes() == ["too-large"])
    assert watched.texts() == OLD


def test_a_folder_in_the_place_of_the_file_is_no_file(watched: Watched) -> None:
    watched.file.path.unlink()
    watched.file.path.mkdir()
    assert watched.texts() == OLD
