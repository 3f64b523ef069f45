"""Room is looked at before anything is written, and both numbers are told."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.backup.sites import back_up, site_of
from verso.backup import BackupError
from verso.backup.room import expect_room, in_words, workspace


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_too_small_is_told_with_both_numbers(tmp_path: Path) -> None:
    with pytest.raises(
        BackupError, match=r"the backup needs about 10{9}\.0 GB in .* [\d.]+ .?B are"
    ):
        expect_room(tmp_path, 10**18, "the backup")
    expect_room(tmp_path, 1, "the backup")


def test_a_backup_that_does_not_fit_is_not_begun(app: Flask, small_disk: Path) -> None:
    folder = site_of(app).instance / "translations"
    folder.mkdir()
    (folder / "large.txt").write_bytes(b"x" * 2_000_000)
    with pytest.raises(BackupError, match=f"the backup needs about .* in {small_disk}"):
        back_up(app, small_disk / "site.tar")
    assert list(small_disk.iterdir()) == []


def test_a_workspace_is_where_there_is_room(
    tmp_path: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(small_disk))
    with workspace(3_000_000, tmp_path) as folder:
        assert folder.parent == tmp_path and folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2.5e12, "2500.0 GB")]
)
def test_sizes_are_said_in_words(size: float, words: str) -> None:
    assert in_words(size) == words
