"""The instance folder is served by many processes or restored by one, and says when a restore was cut off."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.killed_restore import KEPT, kill_restore
from verso.runtime import instance
from verso.runtime.instance import InstanceUnusable

SHARES = "verso.runtime.instance.share(pathlib.Path(sys.argv[1]))"
IS_ALONE = "(alone := verso.runtime.instance.alone(pathlib.Path(sys.argv[1]))).__enter__()"


@contextmanager
def process(statement: str, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that runs a statement, says so, and lives until it is killed."""
    script = f"import pathlib, sys, verso.runtime.instance; x = {statement}; print('ready', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stdout and started.stdout.readline() == "ready\n"
        yield started
        started.kill()


def test_a_restore_waits_for_every_process_that_serves(tmp_path: Path) -> None:
    with process(SHARES, tmp_path) as first, process(SHARES, tmp_path) as second:
        for server in (first, second):
            with (
                pytest.raises(InstanceUnusable, match=f"uses {tmp_path}"),
                instance.alone(tmp_path),
            ):
                pass
            server.send_signal(signal.SIGKILL)
            server.wait()
        with instance.alone(tmp_path):
            pass


def test_nothing_is_served_during_a_restore_and_all_is_after_its_end(tmp_path: Path) -> None:
    with process(IS_ALONE, tmp_path) as restoring:
        with pytest.raises(InstanceUnusable, match="being restored: try again"):
            instance.share(tmp_path)
        restoring.kill()
        restoring.wait()
    assert instance.share(tmp_path)


def test_two_instances_do_not_hinder_each_other(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with process(SHARES, tmp_path), instance.alone(other):
        pass


def test_a_folder_without_locks_is_served_all_the_same(tmp_path: Path) -> None:
    assert not instance.share(tmp_path / "not there")


def test_a_restore_that_is_killed_leaves_a_mark_with_the_way_on(tmp_path: Path) -> None:
    kill_restore(tmp_path, Path("/x/site.tar"))
    with pytest.raises(InstanceUnusable) as refusal:
        instance.share(tmp_path)
    assert "`verso restore /x/site.tar --force` again" in str(refusal.value)
    assert KEPT in str(refusal.value)


def test_a_mark_that_cannot_be_read_is_a_mark(tmp_path: Path) -> None:
    (tmp_path / instance.UNFINISHED).write_text("[")
    with pytest.raises(InstanceUnusable, match="cut off"):
        instance.expect_finished(tmp_path)


def test_what_fails_is_undone_and_leaves_no_mark(tmp_path: Path) -> None:
    undone = []
    with (
        pytest.raises(ValueError),
        instance.exchanging(tmp_path, Path("a"), "b", lambda: undone.append(1)),
    ):
        raise ValueError
    assert undone == [1]
    instance.expect_finished(tmp_path)


def test_what_cannot_be_undone_leaves_the_mark(tmp_path: Path) -> None:
    def fail() -> None:
        raise OSError("no")

    with pytest.raises(OSError), instance.exchanging(tmp_path, Path("a"), "b", fail):
        raise ValueError
    assert instance.unfinished(tmp_path)
