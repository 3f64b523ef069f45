"""The last good state of each `.po` file, on disk: a restart with a broken file loses nothing."""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from verso.background import Worker
from verso.i18n.po.syntax import NO_FLAGS, Entry

VERSION = 1


class LastGood:
    """A folder with one small file for each `.po`; written in the background, read at the start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[Path, Mapping[str, Entry]] = {}
        self._lock = Lock()
        self._worker = Worker("catalogs", self._write_all)

    def save(self, file: Path, entries: Mapping[str, Entry]) -> None:
        """Remember what of a file is served now; returns at once."""
        with self._lock:
            self._waiting[file] = entries
        self._worker.wake()

    def flush(self) -> bool:
        """Wait until everything is on disk."""
        return self._worker.flush()

    def close(self) -> None:
        """Write what waits, and end the thread."""
        self._worker.close()

    def load(self, file: Path) -> list[Entry]:
        """What was remembered of a file, nothing if that cannot be read."""
        try:
            stored = json.loads(self._place_of(file).read_bytes())
            return [_entry(row) for row in stored["messages"]] if _is_ours(stored) else []
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return []

    def _place_of(self, file: Path) -> Path:
        name = hashlib.blake2b(os.fsencode(file), digest_size=8).hexdigest()
        return self._folder / f"{file.parent.name}-{name}.json"

    def _write_all(self) -> bool:
        """Write what waits. A disk that takes nothing costs the memory of it, and nothing else."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        with contextlib.suppress(OSError):
            for file, entries in waiting.items():
                _write(self._place_of(file), file, entries.values())
        return True


def _write(place: Path, file: Path, entries: Iterable[Entry]) -> None:
    rows = [(entry.context, entry.msgid, entry.plural, entry.forms) for entry in entries]
    body = {"version": VERSION, "file": str(file), "messages": rows}
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    with contextlib.suppress(FileNotFoundError):
        if place.read_bytes() == data:
            return
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            # Not forced to the disk: a power cut loses the memory of a file, not the file.
            stream.write(data)
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _is_ours(stored: Any) -> bool:
    return isinstance(stored, dict) and stored.get("version") == VERSION


def _entry(row: Any) -> Entry:
    context, msgid, plural, forms = row
    known = (context, plural)
    if not isinstance(msgid, str) or not all(isinstance(form, str) for form in forms) or not forms:
        raise ValueError("not a message")
    if not all(text is None or isinstance(text, str) for text in known):
        raise ValueError("not a message")
    return Entry(context, msgid, plural, tuple(forms), NO_FLAGS, 0, 0)
