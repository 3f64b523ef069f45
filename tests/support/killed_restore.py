"""A restore that is killed while it exchanges the files of an instance, after some of them are gone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from verso.runtime import instance

KEPT = "/where/the/old/files/are"


def kill_restore(folder: Path, archive: Path, *gone: Path) -> None:
    """Run this module as a process, to its end by kill -9."""
    words = [sys.executable, "-m", "tests.support.killed_restore", folder, archive, *gone]
    ended = subprocess.run(list(map(str, words)), capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def main(folder: str, archive: str, *gone: str) -> None:
    with instance.exchanging(Path(folder), Path(archive), KEPT, lambda: None):
        for name in gone:
            Path(name).unlink()
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
