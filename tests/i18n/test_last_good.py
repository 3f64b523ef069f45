"""The last good state on disk: one for all processes of a site, never half of it, never an older one."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from verso.i18n import last_good
from verso.i18n.last_good import NO_RECORD, LastGood, Record
from verso.i18n.po.syntax import NO_FLAGS, Entry

FILE = Path("/site/translations/de/messages.po")
RECORD = Record(
    {
        "Search": Entry(None, "Search", None, ("Suche",), NO_FLAGS, 0, 0),
        "verb\x04Post": Entry("verb", "Post", "Posts", ("a", "b"), NO_FLAGS, 0, 0),
    },
    5000,
    'msgid "x"\nmsgstr "ü"',
    is_closed=False,
)
HOLDING = """
import sys, time
from pathlib import Path
from verso.i18n.last_good import LastGood
with LastGood(Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def memory(tmp_path: Path) -> LastGood:
    return LastGood(tmp_path / "last-good")


def test_what_one_process_saves_another_one_loads(memory: LastGood, tmp_path: Path) -> None:
    assert memory.load(FILE) is NO_RECORD
    with memory.locked():
        assert memory.save(FILE, RECORD)
    other = LastGood(tmp_path / "last-good")
    assert other.load(FILE) == RECORD and other.files() == [FILE]


def test_files_of_one_name_in_two_folders_have_a_record_each(memory: LastGood) -> None:
    elsewhere = Path("/elsewhere/translations/de/messages.po")
    with memory.locked():
        memory.save(FILE, RECORD)
        memory.save(elsewhere, Record({}))
    assert memory.load(FILE) == RECORD and memory.load(elsewhere) == Record({})


def test_a_record_without_an_ending_is_one_of_an_older_release(memory: LastGood) -> None:
    with memory.locked():
        memory.save(FILE, RECORD)
    (place,) = (memory._folder).glob("*.json")
    place.write_text('{"version": 1, "messages": [[null, "Search", null, ["Suche"]]]}')
    record = memory.load(FILE)
    assert list(record.entries) == ["Search"]
    assert (record.size, record.tail, record.is_closed) == (0, "", True)


def test_the_stamp_changes_when_something_else_is_remembered(memory: LastGood) -> None:
    assert memory.stamp(FILE) is None
    memory.locked()
    with memory.locked():
        memory.save(FILE, RECORD)
    stamp = memory.stamp(FILE)
    memory.save(FILE, RECORD)
    assert memory.stamp(FILE) == stamp
    memory.save(FILE, Record({}))
    assert memory.stamp(FILE) != stamp
    memory.forget(FILE)
    assert memory.stamp(FILE) is None and memory.load(FILE) is NO_RECORD


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "last-good").write_text("a file where a folder should be")
    memory = LastGood(tmp_path / "last-good")
    with memory.locked():
        assert not memory.save(FILE, RECORD)
    assert memory.files() == [] and memory.stamp(FILE) is None


def test_a_process_that_is_stopped_with_the_lock_does_not_stop_the_others(
    memory: LastGood, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_good, "LOCK_WAIT", 0.2)
    command = [sys.executable, "-c", HOLDING, str(tmp_path / "last-good")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        begin = time.monotonic()
        with memory.locked():
            assert time.monotonic() - begin >= 0.2
        process.kill()
