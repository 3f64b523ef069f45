"""The instance folder as processes share it: those that serve it have a lock, a restore needs it alone.

The lock is flock's on the file `running`: the system releases it when a process ends, also by kill -9.
A second file says that a restore is exchanging the site's files, and stays behind if it is killed.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "running"
UNFINISHED = "restore-unfinished.json"
_descriptors: dict[Path, int] = {}


class InstanceUnusable(Exception):
    """The instance is served, is being restored, or was left half restored; the message says what to do."""


def share(folder: Path) -> bool:
    """Share the lock for the life of this process; False where the folder takes no lock.

    Raises InstanceUnusable while a restore is at work, and after one that was cut off.
    """
    try:
        descriptor = _lock(folder, fcntl.LOCK_SH)
    except BlockingIOError as error:
        raise InstanceUnusable(
            f"{folder} is being restored: try again when `verso restore` is done"
        ) from error
    except OSError:
        # A folder that cannot be written, and file systems without flock, can be served all the same.
        expect_finished(folder)
        return False
    if folder in _descriptors:
        os.close(_descriptors[folder])
    _descriptors[folder] = descriptor
    expect_finished(folder)
    return True


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Have the lock alone during the block. InstanceUnusable where a process serves the folder."""
    try:
        descriptor = _lock(folder, fcntl.LOCK_EX)
    except BlockingIOError as error:
        raise InstanceUnusable(
            f"a server uses {folder}, or a backup or a restore is at work there: stop it first"
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


def expect_finished(folder: Path) -> None:
    """Raise InstanceUnusable where a restore was cut off while it exchanged the site's files."""
    if reason := unfinished(folder):
        raise InstanceUnusable(reason)


def unfinished(folder: Path) -> str | None:
    """What to do after a restore that was cut off; None if there was none."""
    try:
        content = json.loads((folder / UNFINISHED).read_bytes())
        archive, kept = content["archive"], content["kept"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError):
        archive, kept = "FILE", "the folders before-restore-*"
    return (
        f"a restore was cut off in {folder}: run `verso restore {archive} --force` again; what was "
        f"there before is in {kept}"
    )


@contextmanager
def exchanging(
    folder: Path, archive: Path, kept: str, undo: Callable[[], object]
) -> Iterator[None]:
    """Let the folder count as half restored until the block ends, also after kill -9.

    A block that fails is undone; if that fails too, the mark stays.
    """
    file = folder / UNFINISHED
    with file.open("w", encoding="utf-8") as stream:
        json.dump({"archive": str(archive), "kept": kept}, stream)
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(folder)
    try:
        yield
    except BaseException:
        undo()
        file.unlink(missing_ok=True)
        raise
    # The new files, before nothing says any more that they may be incomplete.
    os.sync()
    file.unlink(missing_ok=True)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(folder: Path, kind: int) -> int:
    descriptor = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
