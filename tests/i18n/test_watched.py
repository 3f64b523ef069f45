"""A watched file: every way of saving is live soon (a benchmark says how soon), nothing half-written is."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.i18n.files import PoFile, Texts, catalog, entry, live
from verso.i18n.catalogs import Catalogs
from verso.i18n.last_good import LastGood
from verso.i18n.upkeep import accept
from verso.i18n.watched import GONE, SETTLED_SHORTER, WatchedFile

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
        self.folder = folder
        self.file = PoFile(folder / "de")
        self.memory = LastGood(folder / "last-good")
        self.start()

    def start(self) -> None:
        self.watched = WatchedFile(self.file.path, "de", self.memory, when_read=lambda: None)
        self.watched.poll()

    def worker(self) -> "Watched":
        """Another process that watches the same file; it has not looked at it yet."""
        return Watched(self.folder)

    def texts(self) -> Texts:
        self.watched.poll()
        state = self.watched.state
        return {key: found.text for key, found in state.contents.messages.items()} if state else {}

    def codes(self) -> list[str]:
        self.watched.poll()
        state = self.watched.state
        return sorted({finding.code for finding in state.contents.findings}) if state else []


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    made = Watched(tmp_path)
    made.file.write(OLD)
    assert made.texts() == OLD
    return made


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
    watched.start()
    assert watched.texts() == OLD
    assert watched.codes() != []


def test_a_restart_keeps_single_entries_too(watched: Watched) -> None:
    broken = catalog({"Search": "neu"}) + '\nmsgid "Blog"\nmsgstr "halb\n\n' + entry("A", "B")
    watched.file.write_bytes(broken.encode())
    watched.start()
    assert watched.texts() == {"Search": "neu", "Blog": "alt", "A": "B"}
    watched.start()
    assert watched.texts()["Blog"] == "alt"


def test_the_memory_itself_may_be_broken(watched: Watched, tmp_path: Path) -> None:
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
    watched.start()
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


@pytest.mark.parametrize(
    "broken",
    [b"", b"\x00" * 5000, catalog({"Search": "<b>"}).encode(), b'msgid "Search"\nmsgstr "x'],
)
def test_workers_agree_while_a_file_is_broken_whatever_each_has_seen(
    broken: bytes, watched: Watched
) -> None:
    idle, busy = watched, watched.worker()
    watched.file.write(NEW)
    live(lambda: busy.texts() == NEW)
    watched.file.write_bytes(broken)
    live(lambda: busy.codes() != [])
    # The idle one never saw the last good version, and neither did the one that starts now.
    live(lambda: idle.codes() != [])
    assert idle.texts()["Search"] == busy.texts()["Search"] == "neu"
    assert watched.worker().texts() == busy.texts() == idle.texts()


def test_workers_agree_at_once_and_not_when_a_broken_file_has_settled(
    watched: Watched, clock: Clock
) -> None:
    idle, busy = watched, watched.worker()
    watched.file.write(NEW)
    live(lambda: busy.texts() == NEW)
    in_place(watched.file.path, b"")
    os.utime(watched.file.path, (clock.now, clock.now))
    idle.texts()
    clock.now += 0.2
    live(lambda: idle.texts() == busy.texts() == NEW)
    assert watched.worker().texts() == NEW


def test_what_was_read_before_a_later_version_came_is_not_remembered(
    watched: Watched, clock: Clock
) -> None:
    late = watched.worker()
    watched.file.write(NEW)
    signature = late.watched._seen
    assert signature is not None
    watched.file.write({"Search": "neuer", "Blog": "neuer"})
    live(lambda: watched.texts()["Search"] == "neuer")
    assert late.watched._read(signature, 60) is None
    assert watched.memory.load(watched.file.path).entries["Search"].forms == ("neuer",)


def test_what_another_process_accepts_goes_everywhere(watched: Watched, tmp_path: Path) -> None:
    large = {**OLD, **MANY}
    watched.file.write(large)
    live(lambda: watched.texts() == large)
    watched.file.write(OLD)
    live(lambda: watched.codes() == ["shrunk"])
    assert watched.texts() == large
    catalogs = Catalogs([tmp_path], tmp_path / "last-good")
    assert accept(watched.file.path, "de", catalogs) == len(MANY)
    live(lambda: watched.texts() == OLD)
    assert watched.codes() == []


def test_a_file_that_lost_messages_waits_longer_for_the_rest(
    watched: Watched, clock: Clock
) -> None:
    in_place(watched.file.path, catalog({"Search": "neu"}).encode())
    os.utime(watched.file.path, (clock.now, clock.now))
    assert watched.texts() == OLD
    clock.now += SETTLED_SHORTER - 0.1
    assert watched.texts() == OLD
    clock.now += 0.2
    live(lambda: watched.texts() == {"Search": "neu"})


def test_an_upload_that_takes_its_time_shows_one_version_or_the_other(
    watched: Watched, clock: Clock
) -> None:
    old = {**MANY, "Search": "alt"}
    new = {key: f"{text}!" for key, text in old.items()}
    watched.file.write(old)
    live(lambda: watched.texts() == old)
    data = catalog(new).encode()
    with watched.file.path.open("wb") as stream:
        for place in range(0, len(data), 4096):
            stream.write(data[place : place + 4096])
            stream.flush()
            os.utime(watched.file.path, (clock.now, clock.now))
            watched.texts()
            clock.now += 0.25
            assert watched.texts() == old
    clock.now += 1
    live(lambda: watched.texts() == new)


def test_a_process_that_starts_while_the_file_is_away_misses_it_too(
    watched: Watched, clock: Clock
) -> None:
    watched.file.path.rename(watched.file.path.with_suffix(".po~"))
    os.utime(watched.file.path.parent, (clock.now, clock.now))
    started = watched.worker()
    assert started.texts() == OLD and started.codes() == ["gone"]
    clock.now += GONE + 0.1
    assert started.texts() == {}


def test_a_file_that_was_let_go_is_forgotten(watched: Watched, clock: Clock) -> None:
    watched.file.path.unlink()
    watched.texts()
    clock.now += GONE + 0.1
    assert watched.texts() == {}
    assert not watched.memory.load(watched.file.path).entries
    assert watched.worker().texts() == {}


def test_a_memory_that_is_deleted_while_a_file_is_broken_costs_this_process_nothing(
    watched: Watched, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "last-good")
    watched.file.write_bytes(b"")
    live(lambda: watched.codes() == ["empty-file"])
    assert watched.texts() == OLD
