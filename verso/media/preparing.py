"""Preparing an uploaded image: one at a time, in a process with bounds, into a folder of its own."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import verso
from verso.engines import FULL
from verso.media.encoding import Focus, derived_names
from verso.media.images import ImageRefused, Reason, check_ending, kind_of

WALL_SECONDS = 90.0
# However many people upload, this is how many images are in memory at once.
_AT_ONCE = threading.BoundedSemaphore(2)
_ROOT = Path(verso.__file__).parent.parent
_PROGRAM = (
    f"import sys; sys.path.insert(0, {str(_ROOT)!r}); "
    "from verso.media.worker import main; main(*sys.argv[1:])"
)
_OLD_SECONDS = 86_400


class PreparingBusy(TimeoutError):
    """Others' images took so long that this one was not begun."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was made of an image: the files in `folder`, by their names there."""

    folder: Path
    digest: str
    size: int
    content_type: str
    width: int
    height: int
    widths: tuple[int, ...]
    cards: tuple[int, ...]
    focus: Focus

    @property
    def names(self) -> tuple[str, ...]:
        """The files beside the original, as media/storage.py names them."""
        return derived_names(self.widths, self.cards, self.focus)


@contextmanager
def workspace(instance_path: Path) -> Iterator[Path]:
    """A folder for what is not finished; it is gone afterwards, whatever happens."""
    parent = instance_path / "uploads"
    parent.mkdir(parents=True, exist_ok=True)
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepare(source: Path, name: str, folder: Path, focus: Focus | None = None) -> Prepared:
    """Check a file that was uploaded under a name and write it anew, with its sizes.

    Raises ImageRefused with the reason, OSError when the disk is full, PreparingBusy.
    """
    with source.open("rb") as file:
        kind_of(file.read(4096))
    check_ending(name)
    focus = focus or Focus()
    made = _run(source, folder, "all", focus)
    original = folder / "original"
    with original.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Prepared(
        folder=folder,
        digest=digest,
        size=original.stat().st_size,
        content_type=made["content_type"],
        width=made["width"],
        height=made["height"],
        widths=tuple(made["widths"]),
        cards=tuple(made["cards"]),
        focus=focus,
    )


def prepare_sizes(source: Path, folder: Path, focus: Focus) -> tuple[str, str]:
    """Write the sizes and crops of a picture that is kept as it is; as Media has them.

    Raises as prepare.
    """
    made = _run(source, folder, "sizes", focus)
    return ",".join(map(str, made["widths"])), ",".join(map(str, made["cards"]))


def prepare_cards(source: Path, folder: Path, focus: Focus) -> tuple[int, ...]:
    """Write the crops of a kept picture around another focus; their widths. Raises as prepare."""
    return tuple(_run(source, folder, "cards", focus)["cards"])


def _run(source: Path, folder: Path, task: str, focus: Focus) -> dict[str, Any]:
    if not _AT_ONCE.acquire(timeout=WALL_SECONDS):
        raise PreparingBusy("other images are being prepared")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _PROGRAM, str(source), str(folder), task]
            + [str(focus.x), str(focus.y)],
            capture_output=True,
            timeout=WALL_SECONDS,
            env={},
            cwd=folder,
        )
    except subprocess.TimeoutExpired as error:
        raise ImageRefused(Reason.EFFORT) from error
    finally:
        _AT_ONCE.release()
    if done.returncode < 0:
        # Its limit of time, or a crash of a decoder: either way this file is to blame.
        raise ImageRefused(Reason.EFFORT)
    if done.returncode:
        _raise_failure(done.stderr.decode(errors="replace"))
    made: dict[str, Any] = json.loads(done.stdout)
    if "refused" in made:
        raise ImageRefused(Reason(made["refused"]), **made["values"])
    return made


def _raise_failure(words: str) -> None:
    """What the worker died of: a full disk is no fault of the image."""
    last = words.strip().rpartition("\n")[2]
    for number in FULL:
        if f"[Errno {number}]" in last:
            raise OSError(number, last)
    raise RuntimeError(f"the image worker failed: {words[-2000:]}")


def _sweep(parent: Path) -> None:
    """Remove what a process left that was killed."""
    for folder in parent.iterdir():
        if time.time() - folder.stat().st_mtime > _OLD_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
