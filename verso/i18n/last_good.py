"""The last good state of each `.po` file, on disk: one for all processes, and for the next start."""

import contextlib
import fcntl
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verso.i18n.po.syntax import NO_FLAGS, Entry

VERSION = 1
# Seconds that a process waits for another one; a stopped process must not stop all others.
LOCK_WAIT = 2.0
LOCK_POLL = 0.01


@dataclass(frozen=True, slots=True)
class Record:
    """What is served of a file, in its order, and how the last whole version of the file ended.

    `size` is in characters, `tail` the text of the last entry; see po.ending.
    """

    entries: Mapping[str, Entry]
    size: int = 0
    tail: str = ""
    is_closed: bool = True


NO_RECORD = Record({})


class LastGood:
    """A folder with one small file for each `.po`, which all processes of a site share.

    A change is made within `locked`: what was read there is still so when it is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Let no other process of the site change what is remembered."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(self._folder, os.O_RDONLY)
                stack.callback(os.close, descriptor)
                _lock(descriptor)
            yield

    def save(self, file: Path, record: Record) -> bool:
        """Remember what of a file is served now; False if the disk takes nothing."""
        try:
            _write(self._place_of(file), file, record)
        except OSError:
            return False
        return True

    def load(self, file: Path) -> Record:
        """What is remembered of a file; NO_RECORD if that is nothing, or cannot be read."""
        try:
            return _record(json.loads(self._place_of(file).read_bytes()))
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return NO_RECORD

    def forget(self, file: Path) -> None:
        """Remember nothing of a file any more."""
        with contextlib.suppress(OSError):
            self._place_of(file).unlink()

    def stamp(self, file: Path) -> tuple[int, int] | None:
        """What changes whenever another process writes what it remembers of a file."""
        try:
            place = self._place_of(file).stat()
        except OSError:
            return None
        return place.st_ino, place.st_mtime_ns

    def files(self) -> list[Path]:
        """Every file that something is remembered of."""
        files = []
        for place in sorted(self._folder.glob("*.json")):
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
                files.append(Path(json.loads(place.read_bytes())["file"]))
        return files

    def _place_of(self, file: Path) -> Path:
        name = hashlib.blake2b(os.fsencode(file), digest_size=8).hexdigest()
        return self._folder / f"{file.parent.name}-{name}.json"


def _lock(descriptor: int) -> None:
    """Wait for the lock; after LOCK_WAIT go on without it, for what is written is whole in any case."""
    until = time.monotonic() + LOCK_WAIT
    while time.monotonic() < until:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(LOCK_POLL)


def _write(place: Path, file: Path, record: Record) -> None:
    body = {
        "version": VERSION,
        "file": str(file),
        "size": record.size,
        "tail": record.tail,
        "closed": record.is_closed,
        "messages": [
            (one.context, one.msgid, one.plural, one.forms) for one in record.entries.values()
        ],
    }
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    with contextlib.suppress(FileNotFoundError):
        if place.read_bytes() == data:
            return
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            # A command may run as another user than the site.
            os.fchmod(descriptor, 0o644)
            # Not forced to the disk: a power cut loses the memory of a file, not the file.
            stream.write(data)
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _record(stored: Any) -> Record:
    if not isinstance(stored, dict) or stored.get("version") != VERSION:
        return NO_RECORD
    entries = {entry.key: entry for entry in map(_entry, stored["messages"])}
    # A release that knew nothing of endings wrote none.
    size, tail = int(stored.get("size", 0)), str(stored.get("tail", ""))
    return Record(entries, size, tail, bool(stored.get("closed", True)))


def _entry(row: Any) -> Entry:
    context, msgid, plural, forms = row
    known = (context, plural)
    if not isinstance(msgid, str) or not all(isinstance(form, str) for form in forms) or not forms:
        raise ValueError("not a message")
    if not all(text is None or isinstance(text, str) for text in known):
        raise ValueError("not a message")
    return Entry(context, msgid, plural, tuple(forms), NO_FLAGS, 0, 0)
