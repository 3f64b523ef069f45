"""The spool: failures that the database could not take wait in files, bounded, until it can."""

import json
import os
import secrets
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from verso.errors.inbox.pending import PendingGroup
from verso.errors.occurrence import Occurrence

MAX_BYTES = 5_000_000
SUFFIX = ".jsonl"
CLAIMED = ".claimed"
# Seconds.
ABANDONED = 600


class SpoolFull(OSError):
    """The spool has the size that it may have."""


class Spool:
    """A folder of files, each written once and whole; every process may read what another left."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return next(iter(self._files()), None) is not None

    def write(self, groups: Iterable[PendingGroup], lost: int) -> None:
        """Keep groups; OSError when the disk or the spool is full, and then nothing was kept."""
        lines = [json.dumps({"lost": lost})] if lost else []
        lines += [_line(group) for group in groups]
        data = ("\n".join(lines) + "\n").encode("utf-8", "backslashreplace")
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._size() + len(data) > MAX_BYTES:
            raise SpoolFull(f"{self._folder} holds {self._size()} bytes of at most {MAX_BYTES}")
        draft = self._folder / f"{secrets.token_hex(8)}.draft"
        try:
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(draft.with_suffix(SUFFIX))
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise

    def claim(self) -> Path | None:
        """Take one file, so that no other process reads it too."""
        for file in self._files():
            claimed = file.with_suffix(CLAIMED)
            try:
                file.rename(claimed)
                claimed.touch()
            except FileNotFoundError:
                continue
            return claimed
        return None

    def give_back(self, claimed: Path) -> None:
        """It could not be delivered after all."""
        claimed.rename(claimed.with_suffix(SUFFIX))

    def _files(self) -> Iterator[Path]:
        """Oldest first; what a process claimed and did not deliver in minutes is there again."""
        with suppress(OSError):
            for file in self._folder.glob("*" + CLAIMED):
                if time.time() - _modified(file) > ABANDONED:
                    file.rename(file.with_suffix(SUFFIX))
            yield from sorted(self._folder.glob("*" + SUFFIX), key=_modified)

    def _size(self) -> int:
        return sum(file.stat().st_size for file in self._folder.iterdir())


def read(claimed: Path) -> tuple[list[PendingGroup], int]:
    """The groups of a file and how many were lost; lines that cannot be read count as lost."""
    groups, lost = [], 0
    for line in claimed.read_text("utf-8", "replace").splitlines():
        try:
            values = json.loads(line)
            lost += values.get("lost", 0)
            if "events" in values:
                groups.append(_group(values))
        except (ValueError, LookupError, TypeError, AttributeError):
            lost += 1
    return groups, lost


def _line(group: PendingGroup) -> str:
    hours = {hour.isoformat(): count for hour, count in group.hours.items()}
    return json.dumps({"events": [one.to_json() for one in group.events], "hours": hours})


def _group(values: dict[str, object]) -> PendingGroup:
    events = [Occurrence.from_json(text) for text in values["events"]]  # type: ignore[attr-defined]
    hours = {
        datetime.fromisoformat(hour): int(count)
        for hour, count in values["hours"].items()  # type: ignore[attr-defined]
    }
    return PendingGroup(events[0], deque(events), Counter(hours))


def _modified(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
