"""The exchange of files: what is there is moved aside, what was staged takes its place, or nothing changes."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from shutil import rmtree

STAGING, KEPT = ".restore-", "before-restore-"


class Exchange:
    """A staging folder beside each target, on the same disk, and one for what was there before."""

    def __init__(self, now: datetime, suffix: str) -> None:
        self._stamp = f"{now:%Y%m%dT%H%M%SZ}-{suffix}"
        self._undo: list[Callable[[], object]] = []

    def staged(self, target: Path) -> Path:
        """Where what will be at a target is put together."""
        return target.parent / f"{STAGING}{self._stamp}" / target.name

    def stage(self, target: Path) -> Path:
        """The same, with its folder made, which is private."""
        self.staged(target).parent.mkdir(mode=0o700, exist_ok=True)
        return self.staged(target)

    def kept(self, target: Path) -> Path:
        """Where what was at a target goes."""
        return target.parent / f"{KEPT}{self._stamp}" / target.name

    def keep(self, target: Path) -> Path:
        """The same, with its folder made, which is private."""
        self.kept(target).parent.mkdir(mode=0o700, exist_ok=True)
        return self.kept(target)

    def move_aside(self, path: Path) -> None:
        """Move what is there aside, if anything is; a link is moved, and not what it leads to."""
        if path.exists() or path.is_symlink():
            self._move(path, self.keep(path))

    def put_in_place(self, path: Path) -> None:
        """Move what was staged, if anything was, to its target, where nothing is any more."""
        if self.staged(path).exists():
            self._move(self.staged(path), path)

    def undo_by(self, function: Callable[[], object]) -> None:
        """Call a function if the exchange fails, before what was done earlier is undone."""
        self._undo.append(function)

    def undo(self) -> None:
        """Put everything back, the last change first."""
        while self._undo:
            self._undo.pop()()

    @staticmethod
    def remove_abandoned(folder: Path) -> None:
        """Remove the staging folders of earlier exchanges, which were killed: none is at work now."""
        for staging in folder.glob(f"{STAGING}*"):
            rmtree(staging, ignore_errors=True)

    def clean(self, targets: Iterable[Path]) -> None:
        """Remove the staging folders, and folders for what was there that took nothing."""
        for target in targets:
            rmtree(self.staged(target).parent, ignore_errors=True)
            kept = self.kept(target).parent
            if kept.is_dir() and not any(kept.iterdir()):
                kept.rmdir()

    def _move(self, source: Path, target: Path) -> None:
        source.rename(target)
        self.undo_by(lambda: target.rename(source))
