"""Room: what a backup or a restore needs of each disk, looked at before anything is written."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from verso.backup import BackupError

# Headers, seal and blocks: at most this much more than the files themselves, and this part of them.
SPARE_BYTES, SPARE_PART = 2 * 1024**2, 0.05


def expect_room(folder: Path, needed: int, purpose: str) -> None:
    """Raise BackupError where a disk has less room than something needs."""
    if not _has_room(folder, needed):
        free = shutil.disk_usage(folder).free
        raise BackupError(
            f"{purpose} needs about {in_words(needed)} in {folder}, and {in_words(free)} are free there: "
            "make room, or name another folder"
        )


@contextmanager
def workspace(needed: int, beside: Path) -> Iterator[Path]:
    """A private folder that is removed in the end: in TMPDIR, or beside a file where there is more room."""
    temporary = Path(tempfile.gettempdir())
    folder = temporary if _has_room(temporary, needed) else beside
    expect_room(folder, needed, "a copy of the database")
    with tempfile.TemporaryDirectory(prefix=".verso-backup-", dir=folder) as name:
        yield Path(name)


def in_words(size: float) -> str:
    """A size for people, as in `1.4 GB`."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _has_room(folder: Path, needed: int) -> bool:
    return shutil.disk_usage(folder).free >= needed * (1 + SPARE_PART) + SPARE_BYTES
