"""Files get their names when they are complete, and only their owner may ever read them."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from verso.backup import BackupError
from verso.backup.writer import new_file


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


@pytest.mark.usefixtures("open_umask")
def test_a_file_is_private_from_its_first_byte(tmp_path: Path) -> None:
    with new_file(tmp_path / "site.tar", force=False) as file:
        [unfinished] = tmp_path.iterdir()
        assert mode_of(unfinished) == 0o600
        file.write(b"x")
    assert mode_of(tmp_path / "site.tar") == 0o600


def test_a_file_that_is_not_finished_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), new_file(tmp_path / "site.tar", force=False):
        assert not (tmp_path / "site.tar").exists()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_was_taken_meanwhile_is_left_alone(tmp_path: Path) -> None:
    with (
        pytest.raises(BackupError, match="is there already: name another file, or use --force"),
        new_file(tmp_path / "site.tar", force=False),
    ):
        (tmp_path / "site.tar").write_bytes(b"first")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"first"]


def test_with_force_the_earlier_file_is_there_until_the_new_one_is_complete(tmp_path: Path) -> None:
    (tmp_path / "site.tar").write_bytes(b"first")
    with new_file(tmp_path / "site.tar", force=True) as file:
        file.write(b"second")
        assert (tmp_path / "site.tar").read_bytes() == b"first"
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"second"]
